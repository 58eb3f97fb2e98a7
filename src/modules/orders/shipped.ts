import type { Static } from 'typebox';
import type { fulfilmentDelivered, fulfilmentShipped } from '#events/fulfilment.ts';
import type { Tx } from '#platform/db.ts';
import { capture } from '../payments/index.ts';
import { leftOf } from './cancel.ts';
import { keptUnits } from './cancelled-stock.ts';
import { lineCountsOf } from './cancelled.ts';
import { own } from './own.ts';

/** Units that leave for their buyer. */
export interface Sent {
  orderId: string;
  shipmentId: string;
  locationId: string;
  lines: readonly { lineId: string; variantId: string; quantity: number }[];
  /** False for what had left its location's books before. */
  leftBooks?: boolean;
  /** RFC 3339. */
  occurredAt: string;
}

/**
 * What a location still has to send of an order, by variant, and how many of each line are neither cancelled nor sent.
 * The order's row is ours from now on: until the transaction ends nobody cancels or sends any of it. Its key stays free
 * for those who write of the order elsewhere: all who lock an order do so without it.
 */
export async function unitsLeft(
  tx: Tx,
  orderId: string,
  locationId: string,
): Promise<{ byLine: Map<string, number>; byVariant: Map<string, number> }> {
  const byLine = await linesLeft(tx, orderId);
  const kept = await keptUnits(tx, orderId);
  const here = kept.filter((place) => place.locationId === locationId);
  return {
    byLine,
    byVariant: new Map(here.map(({ variantId, quantity }) => [variantId, quantity])),
  };
}

/** Holds the order as `unitsLeft` does, and says how many of each line are neither cancelled nor sent. */
export async function linesLeft(tx: Tx, orderId: string): Promise<Map<string, number>> {
  await own(tx).selectFrom('orders.order').select('id').where('id', '=', orderId).forNoKeyUpdate().execute();
  const counts = await lineCountsOf(tx, orderId);
  return new Map(counts.map((line) => [line.lineId, leftOf(line)]));
}

/** Writes down what has left, in the transaction in which it does: from then on it can't be cancelled. */
export async function noteSent(
  tx: Tx,
  { shipmentId, locationId, lines, leftBooks = true, occurredAt }: Sent,
): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map(({ lineId, quantity }) => ({
    shipment_id: shipmentId,
    order_line_id: lineId,
    location_id: locationId,
    quantity,
    left_books: leftBooks,
    shipped_at: occurredAt,
  }));
  await own(tx)
    .insertInto('orders.shipped_line')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Subscriber. What has left can't be cancelled any more; its money is taken now, where it was only promised. */
export async function noteShipment(tx: Tx, shipment: Static<typeof fulfilmentShipped.schema>): Promise<void> {
  const { orderId, shipmentId, occurredAt } = shipment;
  const order = await own(tx)
    .selectFrom('orders.order')
    .select('total_minor as totalMinor')
    .where('id', '=', orderId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  await noteSent(tx, shipment);
  const counts = await lineCountsOf(tx, orderId);
  const waiting = counts
    .filter(({ kind, ordered, cancelled, shipped: left }) => kind === 'goods' && ordered > cancelled + left)
    .reduce((sum, line) => sum + waitingMinor(line), 0);
  const goneMinor = counts.reduce(
    (sum, line) =>
      sum + line.cancelledNetMinor + line.cancelledTaxMinor + line.returnedNetMinor + line.returnedTaxMinor,
    0,
  );
  // Postage and the rest are due with the first parcel.
  const upToMinor = order.totalMinor - goneMinor - waiting;
  await capture(tx, { id: shipmentId, orderId, upToMinor }, new Date(occurredAt));
}

/** Subscriber. From then on the days are counted in which a buyer may return it. Perhaps told before that it left. */
export async function noteDelivery(
  tx: Tx,
  { shipmentId, locationId, lines, occurredAt }: Static<typeof fulfilmentDelivered.schema>,
): Promise<void> {
  const rows = lines.map(({ lineId, quantity }) => ({
    shipment_id: shipmentId,
    order_line_id: lineId,
    location_id: locationId,
    quantity,
    shipped_at: occurredAt,
    delivered_at: occurredAt,
  }));
  await own(tx)
    .insertInto('orders.shipped_line')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['shipment_id', 'order_line_id', 'location_id'])
        .doUpdateSet({ delivered_at: occurredAt }),
    )
    .execute();
}

const waitingMinor = (line: Awaited<ReturnType<typeof lineCountsOf>>[number]): number =>
  Math.floor(
    ((line.netMinor + line.taxMinor) * (line.ordered - line.cancelled - line.shipped)) / line.ordered,
  );

/** Subscriber. An order whose money is all taken is paid. */
export async function notePaid(tx: Tx, orderId: string): Promise<void> {
  await own(tx)
    .updateTable('orders.order')
    .set({ state: 'paid' })
    .where('id', '=', orderId)
    .where('state', '=', 'placed')
    .execute();
}
