import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What a variant's stock at a location was. */
export interface StockPosition {
  variantId: string;
  locationId: string;
  onHand: number;
  reserved: number;
  allocated: number;
  damaged: number;
  /** What the units on hand cost, in the marketplace's currency. */
  valueMinor: number;
}

/** The stock at a past moment, added up from the ledger. Without `variantIds` of all variants: for a location's books. */
export async function positionAt(
  db: Db,
  at: Date,
  { locationIds, variantIds }: { locationIds?: readonly string[]; variantIds?: readonly string[] },
): Promise<StockPosition[]> {
  const { rows } = await sql<StockPosition>`
    select variant_id as "variantId", location_id as "locationId", sum(on_hand_delta)::integer as "onHand",
      sum(reserved_delta)::integer as reserved, sum(allocated_delta)::integer as allocated,
      sum(damaged_delta)::integer as damaged, sum(value_delta_minor)::bigint as "valueMinor"
    from inventory.stock_movement
    where moved_at <= ${at}
      and (${variantIds ?? null}::uuid[] is null or variant_id = any(${variantIds ?? null}::uuid[]))
      and (${locationIds ?? null}::uuid[] is null or location_id = any(${locationIds ?? null}::uuid[]))
    group by variant_id, location_id
    order by variant_id, location_id`.execute(db);
  return rows;
}

export interface Incoming {
  variantId: string;
  locationId: string;
  quantity: number;
  /** YYYY-MM-DD */
  expectedOn: string;
}

/** What is on its way of these variants, purchases and transfers alike, the soonest first. */
export async function incomingOf(db: Db, variantIds: readonly string[]): Promise<Incoming[]> {
  const { rows } = await sql<Incoming>`
    select variant_id as "variantId", location_id as "locationId", sum(quantity)::integer as quantity,
      expected_on as "expectedOn"
    from (
      select line.variant_id, purchase.location_id, line.quantity - line.received_quantity as quantity, purchase.expected_on
      from inventory.purchase join inventory.purchase_line as line on line.purchase_id = purchase.id
      where purchase.closed_at is null and line.received_quantity < line.quantity
        and line.variant_id = any(${variantIds}::uuid[])
      union all
      select line.variant_id, transfer.to_location_id, line.quantity, transfer.expected_on
      from inventory.transfer join inventory.transfer_line as line on line.transfer_id = transfer.id
      where transfer.state = 'sent' and line.variant_id = any(${variantIds}::uuid[])
    ) as coming
    group by variant_id, location_id, expected_on
    order by expected_on, variant_id, location_id`.execute(db);
  return rows;
}
