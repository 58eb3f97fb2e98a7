import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { type Cause, openLevels, post } from './movement.ts';

export interface TakenBack {
  variantId: string;
  locationId: string;
  /** Units that came in, and how many of them nobody will buy. */
  quantity: number;
  damaged: number;
  /** What all of them cost when they left. */
  valueMinor: number;
}

/** Books goods that came back, at the cost they left with; those that are damaged go from there to the damaged ones. */
export async function takeBack(tx: Tx, cause: Cause, lines: readonly TakenBack[]): Promise<void> {
  await openLevels(tx, lines);
  await post(tx, 'return_in', cause, lines);
  const damaged = lines.filter((line) => line.damaged > 0);
  await post(
    tx,
    'damage',
    cause,
    damaged.map(({ variantId, locationId, damaged: quantity }) => ({ variantId, locationId, quantity })),
  );
}

/** How many units left with these shipments, and what they cost, by variant. */
export async function shippedCosts(
  db: Db,
  shipmentIds: readonly string[],
): Promise<Map<string, { units: number; valueMinor: number }>> {
  const { rows } = await sql<{ variantId: string; units: number; valueMinor: number }>`
    select variant_id as "variantId", -sum(on_hand_delta)::integer as units,
      -sum(value_delta_minor)::bigint as "valueMinor"
    from inventory.stock_movement where kind = 'ship' and cause_id = any(${shipmentIds}::uuid[])
    group by variant_id`.execute(db);
  return new Map(rows.map(({ variantId, ...cost }) => [variantId, cost]));
}
