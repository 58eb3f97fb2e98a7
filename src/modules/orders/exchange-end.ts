import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { orderReleased } from '#events/orders.ts';
import type { Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { actorOf, record } from '../identity/index.ts';
import { goodsValueOf, letGoodsValueGo, payGoodsElsewhere } from '../payments/index.ts';
import { cancelUnits, leftOf } from './cancel.ts';
import { lineCountsOf } from './cancelled.ts';
import { lockReturn } from './locked-return.ts';
import { own } from './own.ts';
import { returnErrors } from './return-errors.ts';
import { lockOrderOfReturn } from './return-request.ts';

/**
 * Something was found, or a claim was settled: what was wanted is sent once nothing is owed for it any more. What
 * rounding left of goods that all came is nobody's debt.
 */
export async function settleExchange(tx: Tx, requestId: string, now: Date): Promise<void> {
  const { exchange, lines } = await lockReturn(tx, requestId);
  if (!exchange || exchange.releasedAt) return;
  const { orderId } = exchange;
  const { owedMinor } = await goodsValueOf(tx, orderId);
  if (owedMinor > 0 && owedMinor <= lines.length && (await haveAllCome(tx, requestId)))
    await letGoodsValueGo(tx, { id: idOf('orders:exchange_rounded', requestId), orderId }, now);
  else if (owedMinor > 0) return;
  await release(tx, orderId, now);
}

async function haveAllCome(tx: Tx, requestId: string): Promise<boolean> {
  const { rows } = await sql<{ all: boolean }>`
    select (select sum(quantity) from orders.return_request_line where request_id = ${requestId})
      = (select sum(quantity) from orders.return_inspection
          where request_id = ${requestId} and outcome in ('restock', 'damage')) as all`.execute(tx);
  return rows[0]?.all ?? false;
}

/** From now on it is sent. Its promise is as many days later as it had to wait. */
export async function release(tx: Tx, orderId: string, now: Date): Promise<void> {
  await own(tx).selectFrom('orders.order').select('id').where('id', '=', orderId).forNoKeyUpdate().execute();
  const counts = await lineCountsOf(tx, orderId);
  if (counts.every((line) => line.kind !== 'goods' || leftOf(line) === 0)) return;
  const { rows } = await sql<{ waitedDays: number }>`
    update orders.exchange set released_at = ${now}, waited_days = (
      select (${now}::timestamptz at time zone time_zone)::date - business_day
      from orders.order as o, orders.calendar where o.id = order_id)
    where order_id = ${orderId} and released_at is null
    returning waited_days as "waitedDays"`.execute(tx);
  const [released] = rows;
  if (!released) return;
  await sql`
    update orders.order set promised_from = promised_from + ${released.waitedDays}::integer,
      promised_to = promised_to + ${released.waitedDays}::integer where id = ${orderId}`.execute(tx);
  await emit(tx, orderReleased, { orderId, occurredAt: now.toISOString() });
}

/** The goods stay with their buyer, so what was wanted in their place is let go, while it is still here. */
export async function cancelWanted(
  tx: Tx,
  { orderId }: { orderId: string },
  { id, actor }: { id: string; actor: string },
  now: Date,
): Promise<void> {
  await lockOrderOfReturn(tx, orderId);
  const counts = await lineCountsOf(tx, orderId);
  if (counts.some(({ shipped }) => shipped > 0)) throw returnErrors.exchange_sent({ orderId });
  if (counts.every((line) => line.kind !== 'goods' || leftOf(line) === 0)) return;
  const wish = { id: idOf('orders:exchange_cancelled', id), orderId, reason: 'the exchange ended' };
  await cancelUnits(tx, { ...wish, actor }, now);
}

interface EndWish {
  /** Made by the caller, so that a retry is the same. */
  id: string;
  requestId: string;
}

/** Staff let go what was wanted in exchange; what comes back is then paid in money. */
export async function endExchange(tx: Tx, viewer: Viewer, { id, requestId }: EndWish, now: Date) {
  const { exchange } = await lockReturn(tx, requestId);
  if (!exchange) throw returnErrors.exchange_nothing_owed({ requestId });
  await cancelWanted(tx, exchange, { id, actor: actorOf(viewer) }, now);
  await record(tx, actorOf(viewer), 'exchange_ended', `return:${requestId}`, { orderId: exchange.orderId });
}

/** The buyer paid for what the goods that did not come were to pay: now it is sent, where it was not. */
export async function chargeExchange(
  tx: Tx,
  viewer: Viewer,
  { id, requestId, reference }: EndWish & { reference: string },
  now: Date,
): Promise<void> {
  const { exchange, order } = await lockReturn(tx, requestId);
  if (!exchange) throw returnErrors.exchange_nothing_owed({ requestId });
  const { orderId } = exchange;
  await lockOrderOfReturn(tx, orderId);
  const paying = { id, orderId, currency: order.currency, reference };
  const amountMinor = await payGoodsElsewhere(tx, paying, now);
  if (amountMinor === 0 && !(await isChargeKnown(tx, orderId, id)))
    throw returnErrors.exchange_nothing_owed({ requestId });
  if (amountMinor === 0) return;
  await release(tx, orderId, now);
  const facts = { orderId, amountMinor, reference };
  await record(tx, actorOf(viewer), 'exchange_charged', `return:${requestId}`, facts);
}

async function isChargeKnown(tx: Tx, orderId: string, id: string): Promise<boolean> {
  const { payments } = await goodsValueOf(tx, orderId);
  assert(payments.length > 0);
  return payments.includes(id);
}
