import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { unitsCancelled } from '#events/orders.ts';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { cancelledStockOf } from '../orders/index.ts';
import { shelve } from './let-go.ts';
import { own } from './own.ts';
import { endWaiting } from './serve-waiting.ts';
import { takeStep } from './step.ts';
import type { OrderUnits } from './take-order.ts';

/** Units that an order let go before they were sent. */
export interface Cut {
  cancellationId: string;
  orderId: string;
  lines: readonly OrderUnits[];
  /** Where their stock was freed. What is not here was nowhere: it waited as unfillable. */
  released: readonly { variantId: string; locationId: string; quantity: number }[];
}

/** Subscriber. */
export async function cutCancelled(tx: Tx, cancelled: Static<typeof unitsCancelled.schema>): Promise<void> {
  const { cancellationId, orderId, occurredAt } = cancelled;
  const lines = cancelled.lines.flatMap(({ orderLineId, variantId, quantity }) =>
    variantId === null ? [] : [{ orderLineId, variantId, quantity }],
  );
  const released = await cancelledStockOf(tx, cancellationId);
  const at = new Date(occurredAt);
  await cutParts(tx, { cancellationId, orderId, lines, released }, at);
  await endWaiting(tx, { orderId }, at);
}

/** Takes the units out of the parts that were to send them, or out of those that wait. Whoever calls has freed the stock. */
export async function cutParts(tx: Tx, cut: Cut, now: Date): Promise<void> {
  const wanted = new Map(cut.lines.map(({ orderLineId, quantity }) => [orderLineId, quantity]));
  for (const place of cut.released) await cutAt(tx, cut, place, wanted);
  await cutMoved(tx, cut, wanted, ['not_collected'], now);
  for (const [orderLineId, quantity] of wanted)
    if (quantity > 0) wanted.set(orderLineId, await stopWaiting(tx, cut, orderLineId, quantity, now));
  await cutMoved(tx, cut, wanted, ['shipped', 'ready'], now);
  await cancelEmpty(tx, cut, now);
}

const OPEN = ['waiting', 'assigned', 'accepted', 'picked', 'packed', 'ready'] as const;

/** Of the parts at a place, the one that leaves last gives its units up first. */
async function cutAt(
  tx: Tx,
  { orderId }: Cut,
  { variantId, locationId, quantity }: Cut['released'][number],
  wanted: Map<string, number>,
): Promise<void> {
  const lines = await own(tx)
    .selectFrom('fulfilment.fulfilment_order as each')
    .innerJoin('fulfilment.fulfilment_order_line as line', 'line.fulfilment_order_id', 'each.id')
    .select(['each.id', 'order_line_id as orderLineId', 'remaining'])
    .where('order_id', '=', orderId)
    .where('location_id', '=', locationId)
    .where('variant_id', '=', variantId)
    .where('state', 'in', [...OPEN, 'not_collected'])
    .where('remaining', '>', 0)
    .where('moved', '=', 0)
    .orderBy(sql`state = 'not_collected'`, 'desc')
    .orderBy(sql`state = 'waiting'`, 'desc') // where their stock was freed first
    .orderBy('leaves_on', 'desc')
    .orderBy('each.id', 'desc')
    .forUpdate()
    .execute();
  let left = quantity;
  for (const { id, orderLineId, remaining } of lines) {
    const units = Math.min(left, remaining, wanted.get(orderLineId) ?? 0);
    if (units === 0) continue;
    left -= units;
    wanted.set(orderLineId, (wanted.get(orderLineId) ?? 0) - units);
    await own(tx)
      .updateTable('fulfilment.fulfilment_order_line')
      .set((eb) => ({ cancelled: eb('cancelled', '+', units) }))
      .where('fulfilment_order_id', '=', id)
      .where('order_line_id', '=', orderLineId)
      .execute();
  }
}

/** Units that are on their way to the store where they are collected, or lie there, are on nobody's books. */
async function cutMoved(
  tx: Tx,
  { orderId, cancellationId }: Cut,
  wanted: Map<string, number>,
  states: readonly ('shipped' | 'ready' | 'not_collected')[],
  now: Date,
): Promise<void> {
  const lines = await own(tx)
    .selectFrom('fulfilment.fulfilment_order as each')
    .innerJoin('fulfilment.fulfilment_order_line as line', 'line.fulfilment_order_id', 'each.id')
    .select([
      'each.id',
      'state',
      'pickup_location_id as storeId',
      'order_line_id as orderLineId',
      'remaining',
    ])
    .where('order_id', '=', orderId)
    .where('state', 'in', states)
    .where('moved', '>', 0)
    .where('remaining', '>', 0)
    .orderBy('each.id')
    .forUpdate()
    .execute();
  for (const { id, state, storeId, orderLineId, remaining } of lines) {
    const units = Math.min(remaining, wanted.get(orderLineId) ?? 0);
    if (units === 0 || storeId === null) continue;
    wanted.set(orderLineId, (wanted.get(orderLineId) ?? 0) - units);
    await own(tx)
      .updateTable('fulfilment.fulfilment_order_line')
      .set((eb) => ({ cancelled: eb('cancelled', '+', units) }))
      .where('fulfilment_order_id', '=', id)
      .where('order_line_id', '=', orderLineId)
      .execute();
    const cause = { id: `${cancellationId}:${orderLineId}`, at: now };
    if (state !== 'shipped') await shelve(tx, { fulfilmentOrderId: id, orderId, locationId: storeId }, cause);
  }
}

/** Answers how many units did not wait. */
async function stopWaiting(
  tx: Tx,
  { cancellationId }: Cut,
  orderLineId: string,
  quantity: number,
  now: Date,
): Promise<number> {
  const waiting = await own(tx)
    .selectFrom('fulfilment.unfillable')
    .selectAll()
    .where('order_line_id', '=', orderLineId)
    .where('resolved_at', 'is', null)
    .orderBy('since')
    .orderBy('id')
    .forUpdate()
    .execute();
  let left = quantity;
  for (const each of waiting) {
    if (left === 0) return 0;
    const rest = Math.max(0, each.quantity - left);
    left -= each.quantity - rest;
    await own(tx)
      .updateTable('fulfilment.unfillable')
      .set({ resolved_at: now, let_go: each.quantity - rest })
      .where('id', '=', each.id)
      .execute();
    const id = idOf('fulfilment:rest', `${cancellationId}:${each.id}`);
    if (rest > 0)
      await own(tx)
        .insertInto('fulfilment.unfillable')
        .values({ ...each, id, quantity: rest, let_go: 0 })
        .execute();
  }
  return left;
}

async function cancelEmpty(tx: Tx, { orderId, cancellationId }: Cut, now: Date): Promise<void> {
  const empty = await own(tx)
    .selectFrom('fulfilment.fulfilment_order as each')
    .select('id')
    .where('order_id', '=', orderId)
    .where('state', 'in', OPEN)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('fulfilment.fulfilment_order_line as line')
            .select('order_line_id')
            .whereRef('line.fulfilment_order_id', '=', 'each.id')
            .where('remaining', '>', 0),
        ),
      ),
    )
    .orderBy('id')
    .execute();
  for (const { id: fulfilmentOrderId } of empty) {
    const id = idOf('fulfilment:cancelled', `${cancellationId}:${fulfilmentOrderId}`);
    await takeStep(tx, { id, fulfilmentOrderId, to: 'cancelled' }, now);
  }
}
