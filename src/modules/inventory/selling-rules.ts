import { sql } from 'kysely';
import { stockForWaiting } from '#events/inventory.ts';
import { addDays } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { hasCode } from '#platform/start-fault.ts';
import { inventoryErrors } from './errors.ts';
import { own } from './own.ts';

/** What may be promised of a variant of which no unit is free. */
export type SellingRule =
  | { kind: 'from_stock' }
  /** So many units beyond the stock; in so many days, where no purchase says when goods come. */
  | { kind: 'back_order'; unitsMax: number; leadDays: number }
  /** So many units before a day, YYYY-MM-DD, on which the first of them are sent. */
  | { kind: 'pre_order'; unitsMax: number; releaseOn: string };

/** A rule as it stands. */
export interface SellingState {
  rule: SellingRule;
  /** Units that are promised and not here yet. */
  promised: number;
}

export const UNITS_AHEAD_MAX = 100_000;
export const LEAD_DAYS_MAX = 365;
/** How far ahead a release may lie. */
const RELEASE_DAYS_MAX = 730;

/** The day of a moment by which rules are read: their days have no place. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** A variant without a rule is sold from stock. */
export async function sellingRuleOf(db: Db, variantId: string): Promise<SellingState> {
  const row = await own(db)
    .selectFrom('inventory.selling_rule')
    .select(['kind', 'units_max as unitsMax', 'lead_days as leadDays', 'release_on as releaseOn', 'promised'])
    .where('variant_id', '=', variantId)
    .executeTakeFirst();
  const { kind = 'from_stock', unitsMax = 0, promised = 0 } = row ?? {};
  if (kind === 'back_order') return { rule: { kind, unitsMax, leadDays: row?.leadDays ?? 1 }, promised };
  if (kind === 'pre_order') return { rule: { kind, unitsMax, releaseOn: row?.releaseOn ?? '' }, promised };
  return { rule: { kind }, promised };
}

/** Of these variants, those that nobody gets before a day to come, whatever lies there. */
export const unreleased = async (
  db: Db,
  variantIds: readonly string[],
  at: Date,
): Promise<{ variantId: string; releaseOn: string }[]> =>
  own(db)
    .selectFrom('inventory.selling_rule')
    .select(['variant_id as variantId', 'release_on as releaseOn'])
    .where('variant_id', 'in', [...variantIds])
    .where('kind', '=', 'pre_order')
    .where('release_on', '>', dayOf(at))
    .orderBy('variant_id')
    .$narrowType<{ releaseOn: string }>()
    .execute();

/** From now on the variant is sold so. The same again changes nothing; what was promised stays promised. */
export async function sellBy(tx: Tx, variantId: string, rule: SellingRule, now: Date): Promise<void> {
  const { kind } = rule;
  const releaseOn = kind === 'pre_order' ? rule.releaseOn : null;
  const today = dayOf(now);
  if (releaseOn !== null && (releaseOn <= today || releaseOn > addDays(today, RELEASE_DAYS_MAX)))
    throw inventoryErrors.release_not_ahead({ releaseOn });
  const told = {
    kind,
    units_max: kind === 'from_stock' ? 0 : rule.unitsMax,
    lead_days: kind === 'back_order' ? rule.leadDays : null,
    release_on: releaseOn,
    changed_at: now,
  };
  try {
    await own(tx)
      .insertInto('inventory.selling_rule')
      .values({ variant_id: variantId, ...told })
      .onConflict((conflict) => conflict.column('variant_id').doUpdateSet(told))
      .execute();
  } catch (error) {
    if (hasCode(error, CHECK_VIOLATION)) throw inventoryErrors.more_is_promised({ variantId });
    if (hasCode(error, FOREIGN_KEY_VIOLATION)) throw inventoryErrors.place_unknown({});
    throw error;
  }
  for (const place of await placesToServe(tx, today, variantId)) await emit(tx, stockForWaiting, place);
}

const CHECK_VIOLATION = '23514';
const FOREIGN_KEY_VIOLATION = '23503';

const PLACES_MAX = 1_000;

/** Where goods lie for somebody who waits, as far as the rules let them go on that day. */
export async function placesToServe(
  tx: Tx,
  today: string,
  variantId?: string,
): Promise<{ variantId: string; locationId: string }[]> {
  const { rows } = await sql<{ variantId: string; locationId: string }>`
    select variant_id as "variantId", location_id as "locationId"
    from inventory.waiting join inventory.stock_level as level using (variant_id, location_id)
    join inventory.selling_rule as rule using (variant_id)
    where quantity > served + freed and (${variantId ?? null}::uuid is null or variant_id = ${variantId ?? null})
      and (rule.kind <> 'pre_order' or rule.release_on <= ${today}::date)
    group by variant_id, location_id, on_hand, reserved, allocated, safety
    having on_hand - safety > reserved + allocated - sum(open)
    order by variant_id, location_id limit ${PLACES_MAX}`.execute(tx);
  return rows;
}
