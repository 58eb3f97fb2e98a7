/** A moment, and the day it counts for where the retailer is. */
export interface LocalTime {
  at: number;
  day: string;
}

const PARTS: Record<string, string> = {
  yyyy: String.raw`(?<year>\d{4})`,
  yy: String.raw`(?<shortYear>\d{2})`,
  MM: String.raw`(?<month>\d{2})`,
  M: String.raw`(?<month>\d{1,2})`,
  dd: String.raw`(?<day>\d{2})`,
  d: String.raw`(?<day>\d{1,2})`,
  HH: String.raw`(?<hour>\d{2})`,
  H: String.raw`(?<hour>\d{1,2})`,
  hh: String.raw`(?<hour>\d{2})`,
  h: String.raw`(?<hour>\d{1,2})`,
  mm: String.raw`(?<minute>\d{2})`,
  ss: String.raw`(?<second>\d{2})`,
  a: '(?<half>[AaPp][Mm])',
  XXX: String.raw`(?<offset>Z|[+-]\d{2}:?\d{2})`,
};
const TOKEN = /([A-Za-z])\1*|[^A-Za-z]/g;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The pattern of a date format such as `dd/MM/yyyy HH:mm`, or the reason why it is none. */
export function datePattern(format: string): RegExp | string {
  const tokens = format.match(TOKEN) ?? [];
  const foreign = tokens.find((token) => /^[A-Za-z]/.test(token) && !PARTS[token] && token !== 'T');
  if (foreign !== undefined)
    return `dates.format has "${foreign}", which is none of ${Object.keys(PARTS).join(' ')}`;
  const source = tokens.map((token) => PARTS[token] ?? token.replace(/[^\w\s]/, String.raw`\$&`)).join('');
  try {
    const pattern = new RegExp(`^${source}$`);
    const named = [/<(year|shortYear)>/, /<month>/, /<day>/].every((part) => part.test(source));
    return named ? pattern : 'dates.format must have a year, a month and a day';
  } catch {
    return 'dates.format names the same part twice';
  }
}

/**
 * Reads local times of one zone. A time that a clock change skipped is pushed forward by the change; one that
 * it repeated is the first of the two. Undefined when the text is not of the format, or no such day exists.
 */
export function localTimes(pattern: RegExp, timeZone: string): (text: string) => LocalTime | undefined {
  const offsetAt = offsetsOf(timeZone);
  let lastText: string | undefined;
  let last: LocalTime | undefined;
  return (text) => {
    if (text === lastText) return last; // the lines of an order have one time
    const wall = wallOf(pattern.exec(text)?.groups);
    lastText = text;
    last = wall && timeOf(wall, offsetAt);
    return last;
  };
}

interface Wall {
  /** As if the clock on the wall showed UTC. */
  asUtc: number;
  offset: number | undefined;
}

function wallOf(groups: Record<string, string | undefined> | undefined): Wall | undefined {
  if (!groups) return undefined;
  const number = (name: string) => Number(groups[name] ?? 0);
  const year = groups['shortYear'] === undefined ? number('year') : 2000 + number('shortYear');
  const half = groups['half']?.toLowerCase();
  const hour = half ? (number('hour') % 12) + (half === 'pm' ? 12 : 0) : number('hour');
  const clock = [hour, number('minute'), number('second')] as const;
  if ((half && (number('hour') < 1 || number('hour') > 12)) || hour > 23 || clock[1] > 59 || clock[2] > 59)
    return undefined;
  const day = new Date(Date.UTC(year, number('month') - 1, number('day')));
  if (day.getUTCMonth() !== number('month') - 1 || day.getUTCDate() !== number('day')) return undefined;
  return {
    asUtc: day.getTime() + (hour * 60 + clock[1]) * 60_000 + clock[2] * 1000,
    offset: offsetOf(groups['offset']),
  };
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

function timeOf({ asUtc, offset }: Wall, offsetAt: (at: number) => number): LocalTime {
  if (offset === undefined) return { at: fromWall(asUtc, offsetAt), day: dayOf(asUtc) };
  const at = asUtc - offset;
  return { at, day: dayOf(at + offsetAt(at)) };
}

const dayOf = (asUtc: number) => new Date(asUtc).toISOString().slice(0, 10);

function fromWall(asUtc: number, offsetAt: (at: number) => number): number {
  // Asked for whole days, so that most times need no look at the zone of their own.
  const midnight = asUtc - (asUtc % DAY);
  const before = offsetAt(midnight - DAY);
  const after = offsetAt(midnight + 2 * DAY);
  const early = asUtc - before;
  if (before === after || offsetAt(early) === before) return early;
  const late = asUtc - after;
  return offsetAt(late) === after ? late : early;
}

/** How far the zone is ahead of UTC at a moment, remembered by the hour: asking Intl takes microseconds. */
function offsetsOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (at) => {
    const hour = Math.floor(at / HOUR);
    let offset = known.get(hour);
    if (offset === undefined) {
      const parts = Object.fromEntries(
        format.formatToParts(hour * HOUR).map(({ type, value }) => [type, Number(value)]),
      );
      const { year = 0, month = 1, day = 1, hour: hours = 0, minute = 0, second = 0 } = parts;
      offset = Date.UTC(year, month - 1, day, hours, minute, second) - hour * HOUR;
      known.set(hour, offset);
    }
    return offset;
  };
}
