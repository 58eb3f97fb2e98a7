const DAY_MS = 86_400_000;

/** Business days `YYYY-MM-DD`, both ends included. */
export interface Period {
  from: string;
  to: string;
}

export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function dayCount({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

export function daysOf(period: Period): string[] {
  return Array.from({ length: dayCount(period) }, (_, index) => shiftDay(period.from, index));
}

/** The period of the same length that ends the day before this one begins. */
export function periodBefore(period: Period): Period {
  return { from: shiftDay(period.from, -dayCount(period)), to: shiftDay(period.from, -1) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The retailer's day at a moment. */
export function businessDayAt(moment: Date, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-CA', { timeZone, ...parts });
    formats.set(timeZone, format);
  }
  return format.format(moment);
}

const LAST_OF_FEBRUARY = /-02-28$/;

/** The days that a year later are the days of this period: a 29 February is its year's 28th a year on. */
export function periodYearBefore({ from, to }: Period): Period {
  const isLeap = (year: number) => new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29;
  const yearBefore = (day: string) =>
    `${String(Number(day.slice(0, 4)) - 1).padStart(4, '0')}${day.slice(4)}`;
  const start = from.endsWith('-02-29') ? `${yearBefore(from).slice(0, 4)}-03-01` : yearBefore(from);
  if (to.endsWith('-02-29')) return { from: start, to: `${yearBefore(to).slice(0, 4)}-02-28` };
  const end = yearBefore(to);
  const takesLeapDay = LAST_OF_FEBRUARY.test(end) && isLeap(Number(end.slice(0, 4)));
  return { from: start, to: takesLeapDay ? `${end.slice(0, 4)}-02-29` : end };
}

/** The same date a year on; of a 29 February the 28th. */
export function yearAfter(day: string): string {
  const year = String(Number(day.slice(0, 4)) + 1).padStart(4, '0');
  return day.endsWith('-02-29') ? `${year}-02-28` : `${year}${day.slice(4)}`;
}

/** The Monday of a day's week, the first of its month, or the day itself. */
export function bucketOf(day: string, grain: 'day' | 'week' | 'month'): string {
  if (grain === 'day') return day;
  if (grain === 'month') return `${day.slice(0, 7)}-01`;
  return shiftDay(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

/** Every day, week or month that the period has a part of: those in which nothing happened too. */
export const bucketsOf = (period: Period, grain: 'day' | 'week' | 'month'): string[] => [
  ...new Set(daysOf(period).map((day) => bucketOf(day, grain))),
];
