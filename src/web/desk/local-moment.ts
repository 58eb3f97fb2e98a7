/** The moment at which the clocks there show what the clocks at UTC show at `wall`. */
export function momentOf(wall: number, timeZone: string): Date {
  // Twice: the second guess is right even where the clocks change between the first one and the moment.
  const guess = wall - offsetAt(wall, timeZone);
  return new Date(wall - offsetAt(guess, timeZone));
}

/** The moment of a date-time field, "2026-11-22T09:30", there; undefined for what is none. */
export function momentIn(text: string, timeZone: string): Date | undefined {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return Number.isNaN(wall) ? undefined : momentOf(wall, timeZone);
}

/** By how much the clocks there are before UTC. */
function offsetAt(moment: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${shown.format(moment).replace(' ', 'T')}Z`) - Math.floor(moment / 1000) * 1000;
}
