import type { Db } from '#platform/db.ts';
import { own } from './own.ts';

export interface Availability {
  /** Free units over all locations. */
  available: number;
  /** The locations that have a free unit, by their ids. */
  locations: { locationId: string; available: number }[];
}

/** What can be had of each variant now, in one query. Every variant asked for is in the answer. */
export async function availabilityOf(
  db: Db,
  variantIds: readonly string[],
): Promise<Map<string, Availability>> {
  const found = new Map<string, Availability>(variantIds.map((id) => [id, { available: 0, locations: [] }]));
  if (found.size === 0) return found;
  const levels = await own(db)
    .selectFrom('inventory.stock_level')
    .select(['variant_id as variantId', 'location_id as locationId', 'available'])
    .where('variant_id', 'in', [...found.keys()])
    .where('available', '>', 0)
    .orderBy('location_id')
    .execute();
  for (const { variantId, locationId, available } of levels) {
    const of = found.get(variantId);
    if (!of) continue;
    of.available += available;
    of.locations.push({ locationId, available });
  }
  return found;
}
