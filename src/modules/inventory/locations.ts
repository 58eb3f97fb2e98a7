import type { Db, Tx } from '#platform/db.ts';
import { own } from './own.ts';
import type { DB } from './tables.ts';

/** Times of the day at the location, "HH:MM". */
export interface OpeningHours {
  opens: string;
  closes: string;
}

export interface Location {
  id: string;
  code: string;
  kind: DB['inventory.location']['kind'];
  name: string;
  street: string;
  postcode: string;
  city: string;
  countryCode: string;
  latitude: number;
  longitude: number;
  timeZone: string;
  /** One for each day, Monday first; null when it is closed all day. */
  openingHours: readonly (OpeningHours | null)[];
  mediaId: string | null;
}

export type ImportedLocation = Omit<Location, 'mediaId'> & {
  mediaId?: string;
  /** "HH:MM": what is assigned later leaves on the next open day. Left out: until it closes. */
  cutOff?: string;
};

/** Places from elsewhere. One whose id exists stays as it is, so a repeat changes nothing. */
export async function importLocations(tx: Tx, locations: readonly ImportedLocation[]): Promise<void> {
  if (locations.length === 0) return;
  const rows = locations.map((location) => ({
    id: location.id,
    code: location.code,
    kind: location.kind,
    name: location.name,
    street: location.street,
    postcode: location.postcode,
    city: location.city,
    country_code: location.countryCode,
    latitude: location.latitude,
    longitude: location.longitude,
    time_zone: location.timeZone,
    opening_hours: JSON.stringify(location.openingHours),
    media_id: location.mediaId ?? null,
    cut_off: location.cutOff ?? null,
  }));
  await own(tx)
    .insertInto('inventory.location')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** All places, in the order of their names. A retailer has hundreds, not millions. */
export async function locations(db: Db): Promise<Location[]> {
  const rows = await own(db)
    .selectFrom('inventory.location')
    .select([
      'id',
      'code',
      'kind',
      'name',
      'street',
      'postcode',
      'city',
      'country_code as countryCode',
      'latitude',
      'longitude',
      'time_zone as timeZone',
      'opening_hours as openingHours',
      'media_id as mediaId',
    ])
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows as unknown as Location[]; // opening_hours is JSON to the compiler, and checked by the table to be seven days
}

/** The hours of this day at the location, by its own clock, and whether it is open at this moment. */
export function openingHoursToday(
  location: Pick<Location, 'openingHours' | 'timeZone'>,
  now: Date,
): { hours: OpeningHours | null; isOpen: boolean } {
  const parts = Object.fromEntries(
    clockOf(location.timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const weekday = WEEKDAYS.indexOf(parts['weekday'] ?? '');
  const hours = location.openingHours[weekday] ?? null;
  const time = `${parts['hour']}:${parts['minute']}`;
  return { hours, isOpen: hours !== null && hours.opens <= time && time < hours.closes };
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    clock = new Intl.DateTimeFormat('en', { ...options, timeZone });
    clocks.set(timeZone, clock);
  }
  return clock;
}
