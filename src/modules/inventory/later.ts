import { type RawBuilder, sql } from 'kysely';
import { addDays } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import { incomingOf } from './position.ts';
import { dayOf } from './selling-rules.ts';

/** What may be promised of a variant beyond what is free, and when it comes. */
export interface Later {
  kind: 'back_order' | 'pre_order';
  /** Units that may still be promised so. */
  units: number;
  /** YYYY-MM-DD: from then on, where nothing that is on its way says more. */
  otherwiseOn: string;
  /** What is still free of what comes: of all that has come to the place by the day. The soonest first. */
  coming: readonly { locationId: string; units: number; on: string }[];
}

/** Of a variant of which more may be promised than is free. */
export interface RuleAhead {
  variantId: string;
  kind: Later['kind'];
  units: number;
  leadDays: number | null;
  releaseOn: string | null;
}

/** The rule of the variant of a row `wanted`, where more of it may be promised than is free. */
export const ruleAhead = (today: string): RawBuilder<RuleAhead | null> => sql`(
  select json_build_object('variantId', variant_id, 'kind', kind, 'units', units_max - promised, 'leadDays', lead_days,
    'releaseOn', release_on)
  from inventory.selling_rule as rule
  where rule.variant_id = wanted.variant_id and promised < units_max
    and (kind = 'back_order' or kind = 'pre_order' and release_on > ${today}::date))`;

/** Of these variants, those of which more may be promised than is free. */
export async function laterOf(db: Db, variantIds: readonly string[], at: Date): Promise<Map<string, Later>> {
  const { rows } = await sql<{ rule: RuleAhead | null }>`
    select ${ruleAhead(dayOf(at))} as rule from unnest(${variantIds}::uuid[]) as wanted (variant_id)`.execute(
    db,
  );
  return laterBy(
    db,
    rows.flatMap(({ rule }) => rule ?? []),
    at,
  );
}

/** The same by their rules, where those are known. */
export async function laterBy(db: Db, rules: readonly RuleAhead[], at: Date): Promise<Map<string, Later>> {
  if (rules.length === 0) return new Map();
  const today = dayOf(at);
  const ids = rules.map(({ variantId }) => variantId);
  const [here, incoming] = [await unpromised(db, ids), await incomingOf(db, ids)];
  return new Map(
    rules.map(({ variantId, kind, units, leadDays, releaseOn }) => {
      const otherwiseOn = releaseOn ?? addDays(today, leadDays ?? 0);
      const earliest = kind === 'pre_order' ? otherwiseOn : today;
      const own = <Line extends { variantId: string }>(lines: Line[]) =>
        lines.filter((line) => line.variantId === variantId);
      // What lies there before its release comes on that day. Of a back-order what lies there is promised as that.
      const first = kind === 'pre_order' ? own(here).map((line) => ({ ...line, expectedOn: earliest })) : [];
      const free = new Map(own(here).map((line) => [line.locationId, Math.min(0, line.quantity)]));
      for (const { locationId } of first) free.delete(locationId);
      const coming = comingTo([...first, ...own(incoming)], free, earliest);
      return [variantId, { kind, units, otherwiseOn, coming }];
    }),
  );
}

/** Adds up what comes to each place; `free` is what is there when it does, below zero where others wait. */
function comingTo(
  lines: readonly { locationId: string; quantity: number; expectedOn: string }[],
  free: Map<string, number>,
  earliest: string,
): Later['coming'] {
  const found = lines.map(({ locationId, quantity, expectedOn }) => {
    const units = quantity + (free.get(locationId) ?? 0);
    free.set(locationId, units);
    return { locationId, units, on: expectedOn < earliest ? earliest : expectedOn };
  });
  return found.filter(({ units }) => units > 0);
}

/** The day on which so many units are at a place, by what is on its way to it; undefined where too few are. */
export const comesTo = ({ coming }: Later, locationId: string, units: number): string | undefined =>
  coming.find((each) => each.locationId === locationId && each.units >= units)?.on;

/** The day on which so many units are at some place. */
export const comesOn = (later: Later, units: number): string =>
  later.coming.find((each) => each.units >= units)?.on ?? later.otherwiseOn;

async function unpromised(db: Db, variantIds: readonly string[]) {
  const { rows } = await sql<{ variantId: string; locationId: string; quantity: number }>`
    select variant_id as "variantId", location_id as "locationId",
      on_hand - reserved - allocated - safety as quantity
    from inventory.stock_level where variant_id = any(${variantIds}::uuid[])
      and on_hand - reserved - allocated - safety <> 0
    order by variant_id, location_id`.execute(db);
  return rows;
}
