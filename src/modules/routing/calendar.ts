import { addDays } from '#platform/days.ts';

/** Hours of a day at a location, "HH:MM" by its own clock. */
interface Hours {
  opens: string;
  closes: string;
}

export interface WorkingTime {
  timeZone: string;
  /** One for each day, Monday first; null when it is closed all day. */
  openingHours: readonly (Hours | null)[];
  /** Days, YYYY-MM-DD, on which it is closed whatever its week says. */
  closures: ReadonlySet<string>;
  /** "HH:MM": what is assigned later leaves on the next open day. Null: until it closes. */
  cutOff: string | null;
  /** Open days between the assignment and the parcel's leaving. */
  handlingDays: number;
}

const SEARCHED_DAYS_MAX = 90;

/**
 * The first day, YYYY-MM-DD by the location's clock, on which a parcel assigned at this moment leaves. `isFull`
 * says of a day that its capacity is used up. Undefined for a location that does not open within three months.
 */
export function leavingDay(
  location: WorkingTime,
  at: Date,
  isFull: (day: string) => boolean = () => false,
): string | undefined {
  return leavingDayBy(location, localTime(location.timeZone, at), isFull);
}

/** The same by what the location's clock shows. */
export function leavingDayBy(
  location: WorkingTime,
  { day: today, time }: { day: string; time: string },
  isFull: (day: string) => boolean = () => false,
): string | undefined {
  let openDaysLeft = location.handlingDays;
  for (let ahead = 0; ahead <= SEARCHED_DAYS_MAX; ahead++) {
    const day = addDays(today, ahead);
    const hours = hoursOn(location, day);
    if (!hours || (ahead === 0 && time >= (location.cutOff ?? hours.closes))) continue;
    if (openDaysLeft > 0) openDaysLeft -= 1;
    else if (!isFull(day)) return day;
  }
  return undefined;
}

/** The first day from this one on, YYYY-MM-DD by the location's clock, on which it opens. */
export function openDay(location: WorkingTime, from: string): string | undefined {
  for (let ahead = 0; ahead <= SEARCHED_DAYS_MAX; ahead++) {
    const day = addDays(from, ahead);
    if (hoursOn(location, day)) return day;
  }
  return undefined;
}

function hoursOn({ openingHours, closures }: WorkingTime, day: string): Hours | null {
  if (closures.has(day)) return null;
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return openingHours[weekday] ?? null;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The day and the time, "HH:MM", that a clock there shows. */
export function localTime(timeZone: string, at: Date): { day: string; time: string } {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    clocks.set(timeZone, clock);
  }
  const [day = '', time = ''] = clock.format(at).split(' ');
  return { day, time };
}
