import { sql } from 'kysely';
import { promiseMoved } from '#events/fulfilment.ts';
import type { Tx } from '#platform/db.ts';
import { addJob, emit } from '#platform/events.ts';
import { goodsDaysAt, movedDates, type MovedDate } from '../inventory/index.ts';
import { type DeliveryWay, transitOf, waysOf } from '../orders/index.ts';
import { type DeliveryWindow, leavesWithGoods, windowOf } from '../routing/index.ts';
import { own } from './own.ts';

export const MAIL_PROMISE = 'fulfilment.mail_promise';
/** Between the promise that a buyer reads and their order no more time than this goes by. */
const CHECKOUT_HOURS = 24;

/** Subscriber: a purchase comes on another day, and with it what was promised from it. */
export async function movePromises(tx: Tx, dateId: string, now: Date): Promise<void> {
  for (const change of await movedDates(tx, { ids: [dateId] })) await moveBy(tx, change, now);
}

/** A day may have moved between the promise and the order: who orders meanwhile was told the old one. */
export async function lookForMoves(
  tx: Tx,
  places: readonly { variantId: string; locationId: string }[],
  placedAt: Date,
  now: Date,
): Promise<void> {
  const since = new Date(placedAt.getTime() - CHECKOUT_HOURS * 3_600_000);
  for (const change of await movedDates(tx, { places, since })) await moveBy(tx, change, now);
}

async function moveBy(tx: Tx, change: MovedDate, now: Date): Promise<void> {
  const seen = await waitingParts(tx, change);
  const variantIds = [...new Set([...change.variantIds, ...seen.flatMap((part) => part.variantIds)])].sort();
  const days = await goodsDaysAt(tx, change, variantIds, now);
  // Read again: whoever held the variants' rules until now may have opened more.
  const parts = (await waitingParts(tx, change)).flatMap((part) => {
    const of = days.filter(
      (day) => day.reservationId === part.waitsIn && part.variantIds.includes(day.variantId),
    );
    const [on, before] = (['on', 'before'] as const).map((key) =>
      // What nothing on its way reaches was promised by the rule alone, and its day stands.
      of
        .map((day) => day[key] ?? part.goodsOn)
        .sort()
        .at(-1),
    );
    return on === undefined || on === before || on === part.goodsOn ? [] : [{ ...part, goodsOn: on }];
  });
  const ways = await waysOf(
    tx,
    parts.map(({ orderId }) => orderId),
  );
  for (const part of parts) await movePart(tx, part, ways.get(part.orderId) ?? AT_ONCE, change, now);
}

const AT_ONCE: DeliveryWay = { kind: 'ship', transitDaysMin: 0, transitDaysMax: 0 };

interface Part {
  id: string;
  orderId: string;
  waitsIn: string;
  locationId: string;
  pickupLocationId: string | null;
  goodsOn: string;
  firstPromisedTo: string;
  variantIds: string[];
}

/** Those that wait at the purchase's location for something of it, in one order. */
async function waitingParts(tx: Tx, { locationId, variantIds }: MovedDate): Promise<Part[]> {
  const { rows } = await sql<Part>`
    select each.id, order_id as "orderId", waits_in as "waitsIn", location_id as "locationId",
      pickup_location_id as "pickupLocationId", goods_on as "goodsOn", first_promised_to as "firstPromisedTo",
      array(select variant_id from fulfilment.fulfilment_order_line
        where fulfilment_order_id = each.id and remaining > 0) as "variantIds"
    from fulfilment.fulfilment_order as each
    where location_id = ${locationId} and state = 'waiting' and exists (
      select from fulfilment.fulfilment_order_line where fulfilment_order_id = each.id and remaining > 0
        and variant_id = any(${variantIds}::uuid[]))
    order by each.id`.execute(tx);
  return rows;
}

async function movePart(tx: Tx, part: Part, way: DeliveryWay, change: MovedDate, now: Date): Promise<void> {
  const { id, orderId, goodsOn, firstPromisedTo } = part;
  const leaves = await leavesWithGoods(tx, { ...part, transitDaysMax: way.transitDaysMax }, now);
  const routed = { locationId: part.locationId, lines: [], ...leaves };
  const promise = windowOf({ parts: [routed], unfilled: [] }, transitOf(way));
  if (!promise || !(await noteMove(tx, part, promise, change, now))) return;
  await own(tx)
    .updateTable('fulfilment.fulfilment_order')
    .set({
      goods_on: goodsOn,
      leaves_on: leaves.leavesOn,
      promised_from: promise.promisedFrom,
      promised_to: promise.promisedTo,
    })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
  const occurredAt = now.toISOString();
  const facts = { orderId, fulfilmentOrderId: id, goodsOn, ...promise, firstPromisedTo, occurredAt };
  await emit(tx, promiseMoved, facts);
  const [order_id, cause_id] = [orderId, change.id];
  await own(tx)
    .insertInto('fulfilment.promise_notice')
    .values({ order_id, cause_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await addJob(tx, MAIL_PROMISE, { orderId, causeId: change.id }, `${orderId}:${change.id}`);
}

/** False for a part that this change has moved before. */
async function noteMove(
  tx: Tx,
  { id, orderId, goodsOn }: Part,
  { promisedFrom, promisedTo }: DeliveryWindow,
  { id: causeId, reason }: MovedDate,
  now: Date,
): Promise<boolean> {
  const noted = await own(tx)
    .insertInto('fulfilment.promise_move')
    .values({
      fulfilment_order_id: id,
      cause_id: causeId,
      order_id: orderId,
      goods_on: goodsOn,
      promised_from: promisedFrom,
      promised_to: promisedTo,
      reason,
      moved_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst();
  return noted !== undefined;
}
