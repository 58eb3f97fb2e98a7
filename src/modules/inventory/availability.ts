import { type RawBuilder, sql } from 'kysely';
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
  const { rows } = await sql<{ variantId: string; facts: AvailabilityFacts }>`
    select variant_id as "variantId", ${availabilityFacts(sql`variant_id`, at)} as facts
    from unnest((select ${[...new Set(variantIds)]}::uuid[])::uuid[]) as asked (variant_id)`.execute(db);
  return availabilityBy(db, new Map(rows.map(({ variantId, facts }) => [variantId, facts])), at);
}

/** What a statement reads of a variant, for `availabilityBy`. */
export interface AvailabilityFacts {
  rule: RuleAhead | null;
  locations: Availability['locations'];
  isUnreleased: boolean;
}

/** As a column, for a statement that reads something else of the variant too. */
export function availabilityFacts(variantId: RawBuilder<unknown>, at: Date): RawBuilder<AvailabilityFacts> {
  const today = dayOf(at);
  return sql`(
    select json_build_object('rule', ${ruleAhead(today)}, 'locations', coalesce((
        select json_agg(json_build_object('locationId', location_id, 'available', available) order by location_id)
        from inventory.stock_level as level where level.variant_id = wanted.variant_id and available > 0), '[]'),
      'isUnreleased', exists (select from inventory.selling_rule as rule where rule.variant_id = wanted.variant_id
        and rule.kind = 'pre_order' and rule.release_on > ${today}::date))
    from (select ${variantId} as variant_id) as wanted)`;
}

/** The same as `availabilityOf` says, where the facts are known. */
export async function availabilityBy(
  db: Db,
  facts: ReadonlyMap<string, AvailabilityFacts>,
  at: Date,
): Promise<Map<string, Availability>> {
  const later = await laterBy(
    db,
    [...facts.values()].flatMap(({ rule }) => rule ?? []),
    at,
  );
  return new Map(
    [...facts].map(([id, { isUnreleased, locations: here }]) => {
      const locations = isUnreleased ? [] : here;
      const available = locations.reduce((sum, each) => sum + each.available, 0);
      return [id, { available, locations, later: later.get(id) ?? null }];
    }),
  );
}
