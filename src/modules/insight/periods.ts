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
