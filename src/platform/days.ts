const clocks = new Map<string, Intl.DateTimeFormat>();

/** The day, YYYY-MM-DD, that a moment belongs to in a time zone. */
export function dayIn(timeZone: string, at: Date): string {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
    clocks.set(timeZone, clock);
  }
  return clock.format(at);
}

export function addDays(day: string, count: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + count);
  return moved.toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

/** From one day, YYYY-MM-DD, to another; below zero where the other is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
