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
