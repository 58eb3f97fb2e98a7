import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { type Later, laterBy, type RuleAhead, ruleAhead } from './later.ts';
import { dayOf } from './selling-rules.ts';

export interface Availability {
  /** Free units over all locations; none of what is not released yet. */
  available: number;
  /** The locations that have a free unit, by their ids. */
  locations: { locationId: string; available: number }[];
  /** What may be promised beyond them. */
  later: Later | null;
}

/**
 * What can be had of each variant now, and what later. Every variant asked for is in the answer. How many those are is
 * hidden from the planner in a select, so that it keeps one plan.
 */
export async function availabilityOf(
  db: Db,
  variantIds: readonly string[],
  at: Date = new Date(),
): Promise<Map<string, Availability>> {
  if (variantIds.length === 0) return new Map();
  const today = dayOf(at);
  const { rows } = await sql<Found>`
    select variant_id as "variantId", ${ruleAhead(today)} as rule, coalesce((
        select json_agg(json_build_object('locationId', location_id, 'available', available) order by location_id)
        from inventory.stock_level as level where level.variant_id = wanted.variant_id and available > 0), '[]') as locations,
      exists (select from inventory.selling_rule as rule where rule.variant_id = wanted.variant_id
        and rule.kind = 'pre_order' and rule.release_on > ${today}::date) as "isUnreleased"
    from unnest((select ${[...new Set(variantIds)]}::uuid[])::uuid[]) as wanted (variant_id)`.execute(db);
  const later = await laterBy(
    db,
    rows.flatMap(({ rule }) => rule ?? []),
    at,
  );
  const found = new Map(rows.map((row) => [row.variantId, row]));
  return new Map(
    variantIds.map((id) => {
      const { isUnreleased = false, locations: here = [] } = found.get(id) ?? {};
      const locations = isUnreleased ? [] : here;
      const available = locations.reduce((sum, each) => sum + each.available, 0);
      return [id, { available, locations, later: later.get(id) ?? null }];
    }),
  );
}

interface Found {
  variantId: string;
  rule: RuleAhead | null;
  locations: Availability['locations'];
  isUnreleased: boolean;
}
