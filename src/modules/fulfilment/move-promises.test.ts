import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { addDays } from '#platform/days.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { expectPurchase, orderFromSupplier, purchaseDatesOf, receive, sellBy } from '../inventory/index.ts';
import { aCart, aLocation, aVariant, aWish, placed, placingDeps, send } from '../orders/factory.ts';
import { cancelAsBuyer, readOrder } from '../orders/index.ts';
import { fulfilmentOrdersOf } from './fulfilment-order.ts';
import { movePromises } from './move-promises.ts';
import { mailPromise } from './promise-notice.ts';
import { takeOrder } from './take-order.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const TODAY = '2026-11-22';
const PRICE = 1000;
const POSTAGE = 495;
const [SOON, LATER] = [addDays(TODAY, 4), addDays(TODAY, 9)];

/** A thing sold ahead, of which so many units come to a location on each of these days. */
async function onItsWay(db: Db, databaseUrl: string, days: readonly { on: string; units: number }[]) {
  const [variantId, locationId] = [await aVariant(databaseUrl, PRICE), await aLocation(db)];
  const rule = { kind: 'back_order' as const, unitsMax: 50, leadDays: 30 };
  await inTransaction(db, (tx) => sellBy(tx, variantId, rule, NOW));
  const purchaseIds: string[] = [];
  for (const { on: expectedOn, units } of days) {
    const [id, number] = [randomUUID(), randomUUID()];
    const lines = [{ variantId, quantity: units, unitCostMinor: 100 }];
    await inTransaction(db, (tx) =>
      orderFromSupplier(tx, { id, number, supplier: 'Kiln', locationId, expectedOn, lines }),
    );
    purchaseIds.push(id);
  }
  return { variantId, locationId, purchaseIds };
}

async function bought(db: Db, variantId: string, quantity: number): Promise<string> {
  const cartId = await aCart(db, GUEST, { [variantId]: quantity });
  const wish = aWish(cartId, quantity * PRICE + POSTAGE);
  return (
    await placed(
      placingDeps(db, () => NOW),
      GUEST,
      wish,
    )
  ).orderId;
}

async function ordered(db: Db, variantId: string, quantity: number): Promise<string> {
  const orderId = await bought(db, variantId, quantity);
  await inTransaction(db, (tx) => takeOrder(tx, orderId, NOW));
  return orderId;
}

const move = async (db: Db, purchaseId: string | undefined, expectedOn: string, id = randomUUID()) => {
  const change = { id, purchaseId: purchaseId ?? '', expectedOn, reason: 'A late ship' };
  await inTransaction(db, (tx) => expectPurchase(tx, change, NOW));
  return id;
};

const heard = (db: Db, dateId: string) => inTransaction(db, (tx) => movePromises(tx, dateId, NOW));

const goodsDays = async (db: Db, orderIds: readonly string[]) =>
  Promise.all(orderIds.map(async (id) => (await fulfilmentOrdersOf(db, id)).map(({ goodsOn }) => goodsOn)));

const eventsOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ payload: Record<string, string> }>`
    select payload from platform.event where name = 'fulfilment.promise_moved.v1'
      and payload ->> 'orderId' = ${orderId}`.execute(db);
  return rows.map(({ payload }) => payload);
};

test('a purchase that comes later moves what was promised from it, once, and the first promise stays', async ({
  db,
  databaseUrl,
  deps,
  outbox,
}) => {
  const { variantId, purchaseIds } = await onItsWay(db, databaseUrl, [{ on: SOON, units: 3 }]);
  const orderId = await ordered(db, variantId, 2);
  const before = await readOrder(db, orderId);
  const [promised] = await fulfilmentOrdersOf(db, orderId);
  const [purchaseId] = purchaseIds;
  const dateId = await move(db, purchaseId, LATER);
  await Promise.all([heard(db, dateId), heard(db, dateId)]);

  const moved = {
    goodsOn: LATER,
    leavesOn: LATER,
    promisedFrom: addDays(promised?.promisedFrom ?? '', 5),
    promisedTo: addDays(promised?.promisedTo ?? '', 5),
  };
  expect(await fulfilmentOrdersOf(db, orderId)).toMatchObject([
    { ...moved, firstPromisedTo: promised?.promisedTo, movedAt: NOW },
  ]);
  const after = await readOrder(db, orderId);
  expect([after.promisedFrom, after.promisedTo]).toEqual([before.promisedFrom, before.promisedTo]);
  const { leavesOn, ...told } = moved;
  expect(leavesOn).toBe(LATER);
  expect(await eventsOf(db, orderId)).toEqual([
    {
      ...told,
      orderId,
      fulfilmentOrderId: promised?.id,
      firstPromisedTo: before.promisedTo,
      occurredAt: NOW.toISOString(),
    },
  ]);

  // A worker claims the mail and dies; the next sends it, and none sends it again.
  const job = { orderId, causeId: dateId };
  const dead = { ...deps, now: () => NOW, mailer: () => Promise.reject(new Error('no route to host')) };
  await expect(mailPromise(dead, job)).rejects.toThrow('no route to host');
  const sender = { ...deps, now: () => NOW };
  await Promise.allSettled([mailPromise(sender, job), mailPromise(sender, job)]);
  await mailPromise(sender, job);
  expect(outbox).toHaveLength(1);
  const [mail] = outbox;
  expect(mail?.to).toBe('ada@example.com');
  expect(mail?.text).toContain(
    '2 × A vase, Colour: Sage: with you between Thursday, December 3 and Saturday, December 5',
  );
  expect(mail?.text).toContain(`/orders/${orderId}?cart=`);
  expect(mail?.text).toContain('#cancel');
});

test('who ordered first keeps the first goods, and only whose day changes is told', async ({
  db,
  databaseUrl,
}) => {
  const days = [
    { on: SOON, units: 2 },
    { on: addDays(TODAY, 6), units: 2 },
  ];
  const { variantId, locationId, purchaseIds } = await onItsWay(db, databaseUrl, days);
  const orders: string[] = [];
  for (const quantity of [1, 1, 2, 1]) orders.push(await ordered(db, variantId, quantity));
  const lead = addDays(TODAY, 30); // the last order is beyond what comes
  expect(await goodsDays(db, orders)).toEqual([[SOON], [SOON], [addDays(TODAY, 6)], [lead]]);

  await heard(db, await move(db, purchaseIds[0], LATER));
  expect(await goodsDays(db, orders)).toEqual([[addDays(TODAY, 6)], [addDays(TODAY, 6)], [LATER], [lead]]);
  expect(await Promise.all(orders.map(async (id) => (await eventsOf(db, id)).length))).toEqual([1, 1, 1, 0]);
  expect(locationId).not.toBe('');
});

test('an order whose promise is older than its fulfilment order hears of the day that moved between', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, purchaseIds } = await onItsWay(db, databaseUrl, [{ on: SOON, units: 3 }]);
  const orderId = await bought(db, variantId, 1);
  await heard(db, await move(db, purchaseIds[0], LATER));
  await inTransaction(db, (tx) => takeOrder(tx, orderId, NOW));
  expect(await goodsDays(db, [orderId])).toEqual([[LATER]]);
  expect(await eventsOf(db, orderId)).toHaveLength(1);
});

test('a date is moved once under its id, not to the past, not of a purchase that is closed', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationId, purchaseIds } = await onItsWay(db, databaseUrl, [{ on: SOON, units: 1 }]);
  const [purchaseId = ''] = purchaseIds;
  const id = await move(db, purchaseId, LATER);
  await move(db, purchaseId, LATER, id);
  await expect(move(db, purchaseId, SOON, id)).rejects.toMatchObject({ code: 'inventory.date_differs' });
  await expect(move(db, purchaseId, addDays(TODAY, -1))).rejects.toMatchObject({
    code: 'inventory.date_not_ahead',
  });
  await expect(move(db, randomUUID(), LATER)).rejects.toMatchObject({ code: 'inventory.purchase_not_found' });
  const delivery = { id: randomUUID(), purchaseId, locationId, lines: [{ variantId, quantity: 1 }] };
  await inTransaction(db, (tx) => receive(tx, delivery, NOW));
  await expect(move(db, purchaseId, SOON)).rejects.toMatchObject({ code: 'inventory.purchase_closed' });
  expect(await purchaseDatesOf(db, purchaseId)).toMatchObject([
    { id, expectedBefore: SOON, expectedOn: LATER, reason: 'A late ship', changedAt: NOW },
  ]);
});

test('a buyer whose order has left in part may still let go what is to come, and no more', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationId } = await onItsWay(db, databaseUrl, [{ on: SOON, units: 3 }]);
  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity: 1 }] };
  await inTransaction(db, (tx) => receive(tx, delivery, NOW));
  const cartId = await aCart(db, GUEST, { [variantId]: 3 });
  const { orderId } = await placed(
    placingDeps(db, () => NOW),
    GUEST,
    aWish(cartId, 3 * PRICE + POSTAGE),
  );
  await inTransaction(db, (tx) => takeOrder(tx, orderId, NOW));
  const [line] = (await readOrder(db, orderId)).lines;
  await send(db, { orderId, lineId: line?.id ?? '', variantId, locationId }, 1, NOW);
  const cancel = (lines?: { lineId: string; quantity: number }[]) =>
    inTransaction(db, (tx) =>
      cancelAsBuyer(
        tx,
        GUEST,
        { id: randomUUID(), orderId, reason: '', ...(lines && { lines }) },
        cartId,
        NOW,
      ),
    );
  await expect(cancel([{ lineId: line?.id ?? '', quantity: 3 }])).rejects.toMatchObject({
    code: 'orders.has_left',
  });
  await cancel();
  const after = await readOrder(db, orderId);
  expect(after.lines.map(({ cancelledQuantity }) => cancelledQuantity)).toEqual([2, 0]);
  await expect(cancel()).rejects.toMatchObject({ code: 'orders.has_left' });
});
