import type { Format } from '../format.ts';
import { t } from '../messages.ts';

/** For each day, Monday first: null when closed. */
export type Week = readonly ({ opens: string; closes: string } | null)[];

/** A Monday, by which days of the week are named. */
const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

const dayNames = new Map<string, string[]>();

function namesOfDays({ locale }: Format): string[] {
  let names = dayNames.get(locale);
  if (!names) {
    const short = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
    names = Array.from({ length: 7 }, (_, day) => short.format(A_MONDAY + day * DAY_MS));
    dayNames.set(locale, names);
  }
  return names;
}

/** "Mon–Wed 10:00–18:00": days that follow each other with the same hours are one line. */
export function hoursOf(week: Week, format: Format): { days: string; hours: string }[] {
  const names = namesOfDays(format);
  const lines: { first: number; last: number; hours: string }[] = [];
  week.forEach((day, index) => {
    const hours = day ? `${day.opens}–${day.closes}` : t('store.closed');
    const before = lines.at(-1);
    if (before?.hours === hours) before.last = index;
    else lines.push({ first: index, last: index, hours });
  });
  return lines.map(({ first, last, hours }) => ({
    days: first === last ? (names[first] ?? '') : `${names[first]}–${names[last]}`,
    hours,
  }));
}

/** Whether it is open now, by the clock on its own wall, and until or from when. */
export function openNow(
  week: Week,
  timeZone: string,
  now: Date,
  format: Format,
): { isOpen: boolean; text: string } {
  const { day, time } = wallClock(timeZone, now);
  const today = week[day];
  if (today && time >= today.opens && time < today.closes) {
    return { isOpen: true, text: t('store.open_until', { time: today.closes }) };
  }
  if (today && time < today.opens) return { isOpen: false, text: t('store.opens_at', { time: today.opens }) };
  for (let ahead = 1; ahead <= 7; ahead++) {
    const next = week[(day + ahead) % 7];
    if (!next) continue;
    const name = namesOfDays(format)[(day + ahead) % 7] ?? '';
    return { isOpen: false, text: t('store.opens_on', { day: name, time: next.opens }) };
  }
  return { isOpen: false, text: t('store.closed') };
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the clocks showed in the minute that was asked for last: a page asks for every store, and pages come often. */
const shown = new Map<string, { minute: number; day: number; time: string }>();
const MINUTE_MS = 60_000;
/** What is said of opening hours stays the same for its length. */
export const minuteOf = (now: Date): number => Math.floor(now.getTime() / MINUTE_MS);

function wallClock(timeZone: string, now: Date): { day: number; time: string } {
  const minute = minuteOf(now);
  const known = shown.get(timeZone);
  if (known?.minute === minute) return known;
  let clock = clocks.get(timeZone);
  if (!clock) {
    const parts = {
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
    } as const;
    clock = new Intl.DateTimeFormat('en-GB', parts);
    clocks.set(timeZone, clock);
  }
  const part = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, value]));
  const day = DAYS.indexOf(part['weekday'] ?? '');
  const read = { minute, day, time: `${part['hour']}:${part['minute']}` };
  shown.set(timeZone, read);
  return read;
}
