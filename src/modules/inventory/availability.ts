import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { type Later, laterOf } from './later.ts';
import { own } from './own.ts';
import { dayOf } from './selling-rules.ts';

export interface Availability {
  /** Free units over all locations; none of what is not released yet. */
  available: number;
  /** The locations that have a free unit, by their ids. */
  locations: { locationId: string; available: number }[];
  /** What may be promised beyond them. */
  later: Later | null;
}

/** What can be had of each variant now, and what later. Every variant asked for is in the answer. */
export async function availabilityOf(
  db: Db,
  variantIds: readonly string[],
  at: Date = new Date(),
): Promise<Map<string, Availability>> {
  if (variantIds.length === 0) return new Map();
  const later = await laterOf(db, variantIds, at);
  const found = new Map<string, Availability>(
    variantIds.map((id) => [id, { available: 0, locations: [], later: later.get(id) ?? null }]),
  );
  const levels = await own(db)
    .selectFrom('inventory.stock_level')
    .select(['variant_id as variantId', 'location_id as locationId', 'available'])
    .where('variant_id', 'in', [...found.keys()])
    .where('available', '>', 0)
    .where(
      sql<boolean>`not exists (
        select from inventory.selling_rule as rule where rule.variant_id = stock_level.variant_id
          and rule.kind = 'pre_order' and rule.release_on > ${dayOf(at)}::date)`,
    )
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
