import assert from 'node:assert/strict';
import { unitsCancelled } from '#events/orders.ts';
import { dayIn } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { addJob, emit } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { post, stopWaiting } from '../inventory/index.ts';
import { giveBack } from '../payments/index.ts';
import { giveBackUses } from '../pricing/index.ts';
import { type LineCounts, lineCountsOf } from './cancelled.ts';
import { releaseUnits } from './cancelled-stock.ts';
import { cancellationErrors, ordersErrors } from './errors.ts';
import { own } from './own.ts';
import { type Share, shareOf } from './share.ts';

export interface CancelWish {
  /** Made by the caller, so that a retry is the same cancellation. */
  id: string;
  orderId: string;
  /** All that is left of the order, where it is left out. */
  lines?: readonly { lineId: string; quantity: number; locationId?: string }[];
  reason: string;
  actor: string;
  /** The units are not where they were promised from, so nothing is free again. */
  stockIsGone?: boolean;
}

interface CancelledLine extends LineCounts, Share {
  id: string;
  cancelling: number;
}

export const CANCELLATION_MAIL = 'orders.mail_cancellation';

/**
 * Lets units of an order go that were not sent yet: their stock is free, the buyer gets back or need not pay what they
 * cost, and postage and the rest with the last of them. More than is left is refused, and nothing
 * changes. False for a repeat.
 */
export async function cancelUnits(tx: Tx, wish: CancelWish, now: Date = new Date()): Promise<boolean> {
  const { id, orderId, reason, actor } = wish;
  const order = await lockOrder(tx, orderId);
  if (await isKnown(tx, wish)) return false;
  const counts = await lineCountsOf(tx, orderId);
  const lines = linesToCancel(orderId, counts, wish);
  const isAll = lines.reduce((sum, line) => sum + line.cancelling, 0) === sumOf(counts, leftOf);
  if (!isAll && (await isKept(tx, orderId))) throw cancellationErrors.is_kept({ orderId });
  const totalMinor = lines.reduce((sum, line) => sum + line.netShareMinor + line.taxShareMinor, 0);
  await own(tx)
    .insertInto('orders.cancellation')
    .values({ id, order_id: orderId, reason, actor, total_minor: totalMinor, cancelled_at: now })
    .execute();
  await own(tx)
    .insertInto('orders.cancellation_line')
    .values(
      lines.map((line) => ({
        id: line.id,
        cancellation_id: id,
        order_line_id: line.lineId,
        quantity: line.cancelling,
        net_minor: line.netShareMinor,
        tax_minor: line.taxShareMinor,
      })),
    )
    .execute();
  const released = await releaseUnits(tx, wish, lines);
  if (!wish.stockIsGone && released.length > 0) {
    await stopWaiting(tx, order.reservationId, released);
    await post(tx, 'deallocate', { id, reason, at: now }, released);
  }
  if (totalMinor > 0) await giveBack(tx, { id, orderId, amountMinor: totalMinor, reason, actor }, now);
  const after = await lineCountsOf(tx, orderId);
  const isWhole = after.every((line) => line.kind !== 'goods' || line.cancelled === line.ordered);
  if (isWhole) await giveBackUses(tx, orderId, now);
  await own(tx)
    .updateTable('orders.order')
    .set({ state: isWhole ? 'cancelled' : 'partly_cancelled' })
    .where('id', '=', orderId)
    .execute();
  await own(tx).insertInto('orders.cancellation_mail').values({ cancellation_id: id }).execute();
  await addJob(tx, CANCELLATION_MAIL, { cancellationId: id }, id);
  await emit(tx, unitsCancelled, {
    ...documentOf(order, now),
    cancellationId: id,
    lines: lines.map(eventLine),
  });
  return true;
}

const sumOf = (counts: readonly LineCounts[], of: (line: LineCounts) => number): number =>
  counts.reduce((sum, line) => sum + of(line), 0);

/** What waits for other goods is nobody's to send yet. */
async function isKept(tx: Tx, orderId: string): Promise<boolean> {
  const kept = await own(tx)
    .selectFrom('orders.exchange')
    .select('order_id')
    .where('order_id', '=', orderId)
    .where('released_at', 'is', null)
    .executeTakeFirst();
  return kept !== undefined;
}

type LockedOrder = Awaited<ReturnType<typeof lockOrder>>;

/** Whoever changes what becomes of an order's units holds its row. One of the past was sent long ago, elsewhere. */
async function lockOrder(tx: Tx, orderId: string) {
  const order = await own(tx)
    .selectFrom('orders.order')
    .select([
      'id as orderId',
      'number',
      'customer_id as customerId',
      'touchpoint',
      'region_code as regionCode',
      'currency',
      'source',
      'reservation_id as reservationId',
    ])
    .where('id', '=', orderId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!order) throw ordersErrors.order_not_found({ orderId });
  if (order.reservationId === null) throw cancellationErrors.not_cancellable({ orderId });
  const { time_zone: timeZone } = await own(tx)
    .selectFrom('orders.calendar')
    .select('time_zone')
    .executeTakeFirstOrThrow();
  return { ...order, reservationId: order.reservationId, timeZone };
}

async function isKnown(tx: Tx, { id, orderId }: CancelWish): Promise<boolean> {
  const known = await own(tx)
    .selectFrom('orders.cancellation')
    .select('order_id as orderId')
    .where('id', '=', id)
    .executeTakeFirst();
  if (known && known.orderId !== orderId)
    throw cancellationErrors.cancellation_differs({ cancellationId: id });
  return known !== undefined;
}

export const leftOf = ({ ordered, cancelled, shipped }: LineCounts): number => ordered - cancelled - shipped;

function linesToCancel(orderId: string, counts: LineCounts[], { lines }: CancelWish): CancelledLine[] {
  const goods = counts.filter(({ kind }) => kind === 'goods');
  const wished = new Map<string, number>();
  for (const { lineId, quantity } of lines ??
    goods.map((line) => ({ lineId: line.lineId, quantity: leftOf(line) }))) {
    wished.set(lineId, quantity + (wished.get(lineId) ?? 0));
  }
  const known = new Set(goods.map(({ lineId }) => lineId));
  for (const lineId of wished.keys())
    if (!known.has(lineId)) throw cancellationErrors.line_unknown({ orderId, lineId });
  const cancelled: CancelledLine[] = [];
  for (const line of goods) {
    const quantity = wished.get(line.lineId) ?? 0;
    if (quantity > leftOf(line) || quantity < 0)
      throw cancellationErrors.not_left({ lineId: line.lineId, wanted: quantity, left: leftOf(line) });
    if (quantity > 0) cancelled.push(cancelling(line, quantity));
  }
  if (cancelled.length === 0) throw cancellationErrors.not_cancellable({ orderId });
  const isAll = goods.every((line) => line.cancelled + (wished.get(line.lineId) ?? 0) === line.ordered);
  if (!isAll) return cancelled;
  const rest = counts.filter((line) => line.kind !== 'goods' && leftOf(line) > 0);
  return [...cancelled, ...rest.map((line) => cancelling(line, leftOf(line)))];
}

const cancelling = (line: LineCounts, quantity: number): CancelledLine => ({
  ...line,
  id: newId(),
  cancelling: quantity,
  ...shareOf(line, quantity),
});

const documentOf = (order: LockedOrder, now: Date) => ({
  orderId: order.orderId,
  number: order.number,
  customerId: order.customerId,
  touchpoint: order.touchpoint,
  regionCode: order.regionCode,
  currency: order.currency,
  businessDay: dayIn(order.timeZone, now),
  occurredAt: now.toISOString(),
  source: order.source,
});

const eventLine = (line: CancelledLine) => ({
  lineId: line.id,
  orderLineId: line.lineId,
  kind: line.kind,
  productId: line.productId,
  variantId: line.variantId,
  quantity: line.cancelling,
  grossMinor: line.netShareMinor,
  discountMinor: 0,
  netMinor: line.netShareMinor,
  taxMinor: line.taxShareMinor,
});

/** What the configuration says of the retailer's clock, written where statements read it. */
export async function useTimeZone(tx: Tx, timeZone: string): Promise<void> {
  await own(tx).updateTable('orders.calendar').set({ time_zone: timeZone }).execute();
}

/** True while nothing has been sent and something is left: then the buyer may cancel it all. */
export async function mayCancel(db: Db, orderId: string): Promise<boolean> {
  const order = await own(db)
    .selectFrom('orders.order')
    .select('reservation_id as reservationId')
    .where('id', '=', orderId)
    .executeTakeFirst();
  assert(order);
  if (order.reservationId === null) return false;
  const counts = await lineCountsOf(db, orderId);
  return (
    counts.some((line) => line.kind === 'goods' && leftOf(line) > 0) &&
    counts.every((line) => line.shipped === 0)
  );
}
