import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import type { StockLine } from '../inventory/index.ts';
import { assignmentsOf } from '../routing/index.ts';
import type { LineCounts } from './cancelled.ts';
import { own } from './own.ts';

interface Release {
  id: string;
  orderId: string;
  lines?: readonly { lineId: string; quantity: number; locationId?: string }[];
  stockIsGone?: boolean;
}

/**
 * Decides at which locations the cancelled units are let go, and writes it down: where the caller names one, there;
 * else at those that leave last, as far as they still keep units of this order.
 */
export async function releaseUnits(
  tx: Tx,
  { id, orderId, lines: wished = [], stockIsGone = false }: Release,
  cancelled: readonly (LineCounts & { cancelling: number })[],
): Promise<StockLine[]> {
  const kept = await keptUnits(tx, orderId);
  const released: StockLine[] = [];
  const take = (place: StockLine | undefined, wanted: number): number => {
    const quantity = Math.min(wanted, place?.quantity ?? 0);
    if (!place || quantity === 0) return 0;
    place.quantity -= quantity;
    released.push({ variantId: place.variantId, locationId: place.locationId, quantity });
    return quantity;
  };
  for (const line of cancelled) {
    const { lineId, variantId } = line;
    if (variantId === null) continue;
    let rest = line.cancelling;
    const places = kept.filter((place) => place.variantId === variantId);
    const waiting = waitingOf(line, places);
    for (const wish of wished.filter((each) => each.lineId === lineId && each.locationId !== undefined)) {
      const place = places.find(({ locationId }) => locationId === wish.locationId);
      rest -= take(place, Math.min(rest, wish.quantity));
    }
    if (stockIsGone) continue;
    rest -= Math.min(rest, waiting);
    for (const place of places) rest -= take(place, rest);
  }
  const merged = mergedByPlace(released);
  if (merged.length > 0) {
    const rows = merged.map(({ variantId, locationId, quantity }) => ({
      cancellation_id: id,
      variant_id: variantId,
      location_id: locationId,
      quantity,
    }));
    await own(tx).insertInto('orders.cancelled_stock').values(rows).execute();
  }
  return merged;
}

/** Units that no location keeps: they wait for somebody to find them, and go before those that somebody has. */
const waitingOf = ({ ordered, cancelled, shipped }: LineCounts, kept: readonly StockLine[]): number =>
  Math.max(0, ordered - cancelled - shipped - kept.reduce((sum, { quantity }) => sum + quantity, 0));

/** What each location still keeps for the order, those that leave last first. */
export async function keptUnits(tx: Tx, orderId: string): Promise<StockLine[]> {
  const assigned = (await assignmentsOf(tx, orderId))
    .toReversed()
    .flatMap(({ locationId, lines }) => lines.map((line) => ({ ...line, locationId })));
  const { rows: gone } = await sql<StockLine>`
    select variant_id as "variantId", location_id as "locationId", sum(quantity)::integer as quantity from (
      select variant_id, stock.location_id, stock.quantity from orders.cancelled_stock as stock
      join orders.cancellation on cancellation.id = cancellation_id where order_id = ${orderId}
      union all
      select variant_id, shipped.location_id, shipped.quantity from orders.shipped_line as shipped
      join orders.order_line as line on line.id = order_line_id where order_id = ${orderId} and left_books
    ) as gone group by 1, 2`.execute(tx);
  const kept = mergedByPlace(assigned);
  for (const { variantId, locationId, quantity } of gone) {
    const place = kept.find((each) => each.variantId === variantId && each.locationId === locationId);
    if (place) place.quantity -= quantity;
  }
  return kept;
}

/** Where a cancellation freed stock. */
export const cancelledStockOf = (db: Db, cancellationId: string): Promise<StockLine[]> =>
  own(db)
    .selectFrom('orders.cancelled_stock')
    .select(['variant_id as variantId', 'location_id as locationId', 'quantity'])
    .where('cancellation_id', '=', cancellationId)
    .execute();

function mergedByPlace(lines: readonly StockLine[]): StockLine[] {
  const merged = new Map<string, StockLine>();
  for (const { variantId, locationId, quantity } of lines) {
    const key = `${variantId} ${locationId}`;
    merged.set(key, { variantId, locationId, quantity: quantity + (merged.get(key)?.quantity ?? 0) });
  }
  return [...merged.values()];
}
