import { sql } from 'kysely';
import { addDays } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import type { Location } from './locations.ts';

/** A location that sends parcels to buyers, as far as it matters for when and from where. */
export interface ShippingLocation extends Pick<
  Location,
  'id' | 'code' | 'kind' | 'latitude' | 'longitude' | 'timeZone' | 'openingHours'
> {
  group: string;
  /** Days, YYYY-MM-DD, from yesterday on: it may be yesterday there. */
  closures: string[];
  /** "HH:MM" by its own clock; null: until it closes. */
  cutOff: string | null;
  handlingDays: number;
  /** Parcels a day; null: no limit. */
  capacityPerDay: number | null;
  pickCostMinor: number;
  packCostMinor: number;
  /** False for a store that only hands over. */
  ships: boolean;
}

/** Those that are in use and ship, or those of them that are named; on demand the stores that only hand over, too. */
export async function shippingLocations(
  db: Db,
  at: Date,
  { ids = null, withAllStores = false }: { ids?: readonly string[] | null; withAllStores?: boolean } = {},
): Promise<ShippingLocation[]> {
  const since = addDays(at.toISOString().slice(0, 10), -1);
  const named = ids && new Set(ids);
  return (await locationsInUse(db))
    .filter(
      ({ id, kind, ships }) => (ships || (withAllStores && kind === 'store')) && (!named || named.has(id)),
    )
    .map((place) => ({ ...place, closures: place.closures.filter((day) => day >= since) }));
}

/** With all their closures, those of long ago too. */
const locationsInUse = (db: Db): Promise<readonly ShippingLocation[]> =>
  keptSetting(db, 'inventory.locations', async (each) => {
    const { rows } = await sql<ShippingLocation>`
      select id, code, kind, latitude, longitude, time_zone as "timeZone", opening_hours as "openingHours",
        location_group as "group", to_char(cut_off, 'HH24:MI') as "cutOff", handling_days as "handlingDays",
        capacity_per_day as "capacityPerDay", pick_cost_minor as "pickCostMinor", pack_cost_minor as "packCostMinor",
        ships, array(select day::text from inventory.location_closure where location_id = location.id) as closures
      from inventory.location where is_active order by code`.execute(each);
    return rows;
  });
