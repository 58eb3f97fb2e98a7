import { sql } from 'kysely';
import { positionAt, shippingLocations } from '#modules/inventory/index.ts';
import { positionsOf } from '#modules/market/index.ts';
import {
  type Outcome,
  type PastDemand,
  type RuleSet,
  rulesInForce,
  simulate,
  type World,
} from '#modules/routing/index.ts';
import type { Db } from '#platform/db.ts';

export const DRY_RUN_ORDERS_MAX = 150_000;
export const DRY_RUN_DAYS_MAX = 92;

export interface Period {
  from: Date;
  to: Date;
}

export interface DryRun {
  /** What today's rules make of the same orders. */
  today: Outcome;
  tried: Outcome;
  /** True where there were more orders than are tried: those after are left out. */
  isCut: boolean;
}

/** What other rules would have made of the orders of a period, beside what today's do, on the same stock. */
export async function dryRun(reads: Db, rules: RuleSet, period: Period): Promise<DryRun> {
  const inForce = (await rulesInForce(reads)).rules;
  const { today, tried, isCut } = await dryRuns(reads, inForce, [rules], period);
  const [outcome = today] = tried;
  return { today, tried: outcome, isCut };
}

/** The same for several rule sets, each beside the rules that are given as today's. */
export async function dryRuns(
  reads: Db,
  inForce: RuleSet,
  ruleSets: readonly RuleSet[],
  period: Period,
): Promise<{ today: Outcome; tried: Outcome[]; isCut: boolean }> {
  const { world, isCut } = await worldOf(reads, period);
  const { parcel } = inForce;
  const today = await simulate(world, inForce, { parcel });
  const tried: Outcome[] = [];
  for (const rules of ruleSets)
    tried.push((await simulate(world, rules, { parcel, otherwise: today.promises })).outcome);
  return { today: today.outcome, tried, isCut };
}

async function worldOf(reads: Db, { from, to }: Period): Promise<{ world: World; isCut: boolean }> {
  const { rows: orders } = await sql<PastDemand>`
    select extract(epoch from placed_at)::float8 * 1000 as at, region_code as "regionCode",
      promised_to as "promisedTo",
      json_build_object('transitDaysMin', coalesce(transit_days_min, 0),
        'transitDaysMax', coalesce(transit_days_max, 0)) as transit,
      (select json_agg(json_build_object('variantId', variant_id, 'quantity', units)) from (
        select variant_id, sum(quantity) as units from orders.order_line
        where order_id = o.id and kind = 'goods' and quantity > 0 group by variant_id) as line) as lines
    from orders.order o
    left join orders.delivery_option way on way.code = o.delivery_code
    where placed_at >= ${from} and placed_at < ${to} and pickup_location_id is null
      and exists (select from orders.order_line where order_id = o.id and kind = 'goods' and quantity > 0)
    order by placed_at, o.id limit ${DRY_RUN_ORDERS_MAX + 1}`.execute(reads);
  const { rows: changes } = await sql<World['changes'][number]>`
    select extract(epoch from moved_at)::float8 * 1000 as at, variant_id as "variantId",
      location_id as "locationId", on_hand_delta as quantity
    from inventory.stock_movement
    where moved_at > ${from} and moved_at < ${to} and kind <> 'ship' and on_hand_delta <> 0
    order by moved_at, id`.execute(reads);
  const { rows: kept } = await sql<{ key: string; safety: number }>`
    select variant_id || ' ' || location_id as key, safety from inventory.stock_level
    where safety > 0`.execute(reads);
  const safety = new Map(kept.map((row) => [row.key, row.safety]));
  const free = (await positionAt(reads, from, {})).map(
    ({ variantId, locationId, onHand, reserved, allocated }) => ({
      variantId,
      locationId,
      quantity: onHand - reserved - allocated - (safety.get(`${variantId} ${locationId}`) ?? 0),
    }),
  );
  return {
    world: {
      locations: await shippingLocations(reads, from),
      positions: await positionsOf(reads),
      free,
      changes,
      orders: orders.slice(0, DRY_RUN_ORDERS_MAX),
    },
    isCut: orders.length > DRY_RUN_ORDERS_MAX,
  };
}
