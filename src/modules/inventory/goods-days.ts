import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import type { MovedDate } from './purchase-dates.ts';
import { dayOf } from './selling-rules.ts';
import { lockRules } from './waiting.ts';

/** When the last unit of a variant that a reservation waits for comes, YYYY-MM-DD. */
export interface GoodsDay {
  reservationId: string;
  variantId: string;
  /** By what is on its way; undefined where that does not reach so far. */
  on: string | undefined;
  /** As it was before a purchase was expected on another day. */
  before: string | undefined;
}

type Moved = Pick<MovedDate, 'locationId' | 'purchaseId' | 'expectedBefore'>;

/**
 * When those who wait at a place have their goods: who reserved first gets what comes first, as they will be served. The
 * variants' rules stay locked, so that nobody joins or leaves the row meanwhile.
 */
export async function goodsDaysAt(
  tx: Tx,
  { locationId, purchaseId, expectedBefore }: Moved,
  variantIds: readonly string[],
  now: Date,
): Promise<GoodsDay[]> {
  const rules = await lockRules(tx, variantIds);
  const lines = await waitingAt(tx, locationId, variantIds);
  const supply = await suppliesOf(tx, { locationId, purchaseId, expectedBefore }, variantIds);
  return rules.flatMap(({ variantId, kind, releaseOn }) => {
    const earliest = kind === 'pre_order' && releaseOn !== null ? releaseOn : dayOf(now);
    const ofVariant = <Line extends { variantId: string }>(all: readonly Line[]) =>
      all.filter((line) => line.variantId === variantId);
    let units = 0;
    return ofVariant(lines).map((line) => {
      units += line.open;
      const comes = (day: 'on' | 'before') => dayOfUnit(ofVariant(supply), units, day, earliest);
      return { reservationId: line.reservationId, variantId, on: comes('on'), before: comes('before') };
    });
  });
}

interface Supply {
  variantId: string;
  quantity: number;
  /** Null: it lies there. */
  on: string | null;
  before: string | null;
}

/** The day on which the n-th unit of what comes is there. */
function dayOfUnit(supply: readonly Supply[], n: number, by: 'on' | 'before', earliest: string) {
  let units = 0;
  const coming = supply.map((each) => ({ quantity: each.quantity, day: each[by] ?? '' }));
  for (const { quantity, day } of coming.sort((a, b) => (a.day < b.day ? -1 : 1))) {
    units += quantity;
    if (units >= n) return day < earliest ? earliest : day;
  }
  return undefined;
}

async function waitingAt(tx: Tx, locationId: string, variantIds: readonly string[]) {
  const { rows } = await sql<{ reservationId: string; variantId: string; open: number }>`
    select reservation_id as "reservationId", variant_id as "variantId", open from inventory.waiting
    where location_id = ${locationId} and variant_id = any(${variantIds}::uuid[]) and quantity > served + freed
    order by variant_id, position`.execute(tx);
  return rows;
}

async function suppliesOf(
  tx: Tx,
  { locationId, purchaseId, expectedBefore }: Moved,
  variantIds: readonly string[],
) {
  const { rows } = await sql<Supply>`
    select variant_id as "variantId", (on_hand - safety - reserved - allocated + (
        select coalesce(sum(open), 0) from inventory.waiting
        where variant_id = level.variant_id and location_id = level.location_id and quantity > served + freed
      ))::integer as quantity, null as on, null as before
    from inventory.stock_level as level
    where location_id = ${locationId} and variant_id = any(${variantIds}::uuid[])
    union all
    select variant_id, line.quantity - received_quantity, expected_on,
      case purchase.id when ${purchaseId} then ${expectedBefore}::date else expected_on end
    from inventory.purchase join inventory.purchase_line as line on line.purchase_id = purchase.id
    where location_id = ${locationId} and closed_at is null and received_quantity < line.quantity
      and variant_id = any(${variantIds}::uuid[])
    union all
    select variant_id, line.quantity, expected_on, expected_on
    from inventory.transfer join inventory.transfer_line as line on line.transfer_id = transfer.id
    where to_location_id = ${locationId} and state = 'sent' and variant_id = any(${variantIds}::uuid[])`.execute(
    tx,
  );
  return rows;
}
