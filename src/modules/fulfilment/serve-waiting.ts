import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { serveWaiting, waitingIn } from '../inventory/index.ts';
import { ACCEPT_HOURS, type Assignment, sendersAt } from '../routing/index.ts';
import { lookForMoves } from './move-promises.ts';
import { own } from './own.ts';
import { takeStep } from './step.ts';

/** Subscriber: goods have come to a place where somebody waits for them. */
export async function serve(
  tx: Tx,
  place: { variantId: string; locationId: string },
  now: Date,
): Promise<void> {
  for (const { reservationId } of await serveWaiting(tx, place, now))
    await endWaiting(tx, { reservationId }, now);
}

/** Goods may have come between an order and its fulfilment orders: then it does not wait at all. */
export async function lookForGoods(
  tx: Tx,
  { id: orderId, placedAt }: { id: string; placedAt: Date },
  assignments: readonly Assignment[],
  now: Date,
): Promise<void> {
  const waiting = assignments.filter(({ goodsOn }) => goodsOn);
  if (waiting.length === 0) return;
  const places = waiting.flatMap(({ locationId, lines }) =>
    lines.map(({ variantId }) => ({ variantId, locationId })),
  );
  for (const place of places.sort((a, b) => (a.variantId < b.variantId ? -1 : 1)))
    await serve(tx, place, now);
  await lookForMoves(tx, places, placedAt, now);
  await endWaiting(tx, { orderId }, now);
}

/** The parts of an order, or of a reservation, that have all their goods are their locations' to send from now on. */
export async function endWaiting(
  tx: Tx,
  of: { orderId: string } | { reservationId: string },
  now: Date,
): Promise<void> {
  const [column, id] = 'orderId' in of ? ['order_id', of.orderId] : ['waits_in', of.reservationId];
  const parts = await own(tx)
    .selectFrom('fulfilment.fulfilment_order as each')
    .innerJoin('fulfilment.fulfilment_order_line as line', 'line.fulfilment_order_id', 'each.id')
    .select((eb) => [
      'each.id',
      'waits_in as waitsIn',
      'location_id as locationId',
      eb.fn.agg<string[]>('array_agg', ['variant_id']).as('variantIds'),
    ])
    .where(sql.ref(column), '=', id)
    .where('state', '=', 'waiting')
    .where('remaining', '>', 0)
    .groupBy('each.id')
    .orderBy('each.id')
    .execute();
  const reservationIds = [...new Set(parts.flatMap(({ waitsIn }) => waitsIn ?? []))];
  if (reservationIds.length === 0) return;
  const open = await waitingIn(tx, reservationIds);
  for (const part of parts) {
    const isWaiting = open.some(
      ({ reservationId, variantId, locationId }) =>
        reservationId === part.waitsIn &&
        locationId === part.locationId &&
        part.variantIds.includes(variantId),
    );
    if (!isWaiting) await assignNow(tx, part, now);
  }
}

/** The time that a location has for it begins when the goods are there. */
async function assignNow(
  tx: Tx,
  { id, locationId }: { id: string; locationId: string },
  now: Date,
): Promise<void> {
  const moved = await takeStep(
    tx,
    { id: idOf('fulfilment:goods_came', id), fulfilmentOrderId: id, to: 'assigned' },
    now,
  );
  if (!moved) return;
  const { rules, locations } = await sendersAt(tx, now, { locationIds: [locationId] });
  const leavesOn = locations[0]?.leavesOn;
  await own(tx)
    .updateTable('fulfilment.fulfilment_order')
    .set({
      assigned_at: now,
      accept_by: new Date(now.getTime() + (rules.acceptWithinHours ?? ACCEPT_HOURS) * 3_600_000),
      ...(leavesOn !== undefined && { leaves_on: leavesOn }),
    })
    .where('id', '=', id)
    .execute();
}
