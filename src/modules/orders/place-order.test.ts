import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { settle } from '../inventory/index.ts';
import { cartOf } from './cart.ts';
import { beginCheckout } from './checkout.ts';
import {
  aCart,
  aLocation,
  aMember,
  aStockedVariant,
  aWish,
  freeUnits,
  ordersOf,
  placed,
  paymentsOf,
  placingDeps,
  unitsAssigned,
} from './factory.ts';
import { orderOf } from './order.ts';
import { placeOrder } from './place-order.ts';

test('an order is the cart, its postage, its promise and an event', async ({ db, databaseUrl }) => {
  const now = () => new Date('2026-03-01T23:30:00Z'); // March 2 in Amsterdam
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 5, 1250);
  const cartId = await aCart(db, GUEST, { [variantId]: 3 });
  const wish = aWish(cartId, 3 * 1250 + 495, { touchpoint: 'network:pinterest' });

  const { number } = await placed(placingDeps(db, now), GUEST, wish);

  expect(number).toMatch(/^ST-2026-\d{6}$/);
  expect(await orderOf(db, GUEST, wish.orderId, cartId)).toMatchObject({
    number,
    state: 'paid',
    touchpoint: 'network:pinterest',
    regionCode: 'NL',
    placedAt: now(),
    goodsMinor: 3099,
    postageMinor: 409,
    otherMinor: 0,
    taxMinor: 737,
    totalMinor: 4245,
    promisedFrom: '2026-03-04',
    promisedTo: '2026-03-06',
    lines: [
      {
        kind: 'goods',
        variantId,
        quantity: 3,
        unitPriceMinor: 1250,
        netMinor: 3099,
        taxMinor: 651,
        options: 'Colour: Sage',
      },
      { kind: 'postage', variantId: null, quantity: 1, netMinor: 409, title: 'Standard' },
    ],
    assignments: [
      {
        locationId,
        leavesOn: '2026-03-02',
        promisedFrom: '2026-03-04',
        promisedTo: '2026-03-06',
        lines: [{ variantId, quantity: 3 }],
      },
    ],
  });
  expect(await freeUnits(db, variantId)).toBe(2);
  expect(await paymentsOf(db, wish.orderId)).toEqual([
    { state: 'captured', settled: true, taken: 'captured' },
  ]);
  const { rows } = await sql<{ payload: object }>`
    select payload from platform.event where payload->>'orderId' = ${wish.orderId}`.execute(db);
  expect(rows).toMatchObject([
    {
      payload: {
        businessDay: '2026-03-02',
        touchpoint: 'network:pinterest',
        lines: [{ grossMinor: 3099 }, {}],
      },
    },
  ]);
});

test('an order names who helped its buyer, and so does its event', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 2);
  const { memberId: associateId } = await aMember(db);
  const helped = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495, { associateId });
  const alone = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495);
  for (const wish of [helped, alone]) await placed(placingDeps(db), GUEST, wish);

  const { rows } = await sql`
    select o.id, associate_id, payload ->> 'associateId' as said
    from orders.order o join platform.event on payload ->> 'orderId' = o.id::text
    where o.id in (${helped.orderId}, ${alone.orderId})`.execute(db);
  expect(new Map(rows.map((row) => [Object(row).id, row]))).toEqual(
    new Map([
      [helped.orderId, { id: helped.orderId, associate_id: associateId, said: associateId }],
      [alone.orderId, { id: alone.orderId, associate_id: null, said: null }],
    ]),
  );
});

test('twenty buyers of five units: five orders, fifteen refusals, and no money taken for those', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const wishes = await Promise.all(
    Array.from({ length: 20 }, async () => aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495)),
  );

  const answers = await Promise.allSettled(wishes.map((wish) => placeOrder(placingDeps(db), GUEST, wish)));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  for (const answer of answers) {
    if (answer.status === 'fulfilled') continue;
    expect(answer.reason).toMatchObject({
      code: 'orders.not_enough_stock',
      data: { variantId, wanted: 1, available: 0 },
    });
  }
  const payments = await Promise.all(wishes.map(({ orderId }) => paymentsOf(db, orderId)));
  expect(payments.flat()).toHaveLength(5);
  expect(await freeUnits(db, variantId)).toBe(0);
});

describe('the same order again', () => {
  test('is the same order, at once or later', async ({ db, databaseUrl }) => {
    const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 9);
    const wish = aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2495);
    const deps = placingDeps(db);

    const asked = Array.from({ length: 5 }, () => placeOrder(deps, GUEST, wish));
    const [first, ...others] = await Promise.all(asked);
    others.push(await placeOrder(deps, GUEST, wish));

    for (const other of others) expect(other).toEqual(first);
    expect(await ordersOf(db, wish.cartId)).toEqual([wish.orderId]);
    expect(await unitsAssigned(db, [wish.orderId])).toEqual({ [locationId]: 2 });
    expect(await freeUnits(db, variantId)).toBe(7);
    expect(await paymentsOf(db, wish.orderId)).toHaveLength(1);
  });

  test('with another cart is refused, and so is the same cart as another order', async ({
    db,
    databaseUrl,
  }) => {
    const { variantId } = await aStockedVariant(db, databaseUrl, 9);
    const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495);
    const { orderId } = await placeOrder(placingDeps(db), GUEST, wish);
    const otherCart = await aCart(db, GUEST, { [variantId]: 1 });

    await expect(placeOrder(placingDeps(db), GUEST, { ...wish, cartId: otherCart })).rejects.toMatchObject({
      code: 'orders.order_differs',
    });
    await expect(
      placeOrder(placingDeps(db), GUEST, { ...wish, orderId: randomUUID() }),
    ).rejects.toMatchObject({
      code: 'orders.cart_ordered',
      data: { orderId },
    });
    expect(await freeUnits(db, variantId)).toBe(8);
  });
});

test('one cart ordered in two windows at once is one order, paid once', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 9);
  const cartId = await aCart(db, GUEST, { [variantId]: 2 });
  const wishes = Array.from({ length: 4 }, () => aWish(cartId, 2495));

  const answers = await Promise.allSettled(wishes.map((wish) => placeOrder(placingDeps(db), GUEST, wish)));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === 'fulfilled') continue;
    expect(['orders.cart_is_being_ordered', 'orders.cart_ordered']).toContain(answer.reason.code);
  }
  const payments = await Promise.all(wishes.map(({ orderId }) => paymentsOf(db, orderId)));
  expect(payments.flat()).toHaveLength(1);
  expect(await freeUnits(db, variantId)).toBe(7);
});

test('a declined payment leaves the cart as it was and the stock free, and may be tried again', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 4);
  const cartId = await aCart(db, GUEST, { [variantId]: 3 });
  const wish = aWish(cartId, 3495, { paymentToken: 'declined' });
  const before = await cartOf(db, GUEST, cartId, new Date());

  await expect(placeOrder(placingDeps(db), GUEST, wish)).rejects.toMatchObject({
    code: 'orders.payment_declined',
    data: { reason: 'card_declined' },
  });
  expect(await cartOf(db, GUEST, cartId, new Date())).toEqual(before);
  expect(await freeUnits(db, variantId)).toBe(4);

  await placeOrder(placingDeps(db), GUEST, { ...wish, paymentToken: 'approved' });
  expect(await freeUnits(db, variantId)).toBe(1);
  expect(await paymentsOf(db, wish.orderId)).toEqual([
    { state: 'failed', settled: true, taken: 'failed' },
    { state: 'captured', settled: true, taken: 'captured' },
  ]);
});

test('a hold that ran out while the buyer paid is held anew when the goods are still there', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 4);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 3 }), 3495);
  const checkout = await beginCheckout(placingDeps(db), GUEST, wish, { name: 'test' });
  await inTransaction(db, (tx) => settle(tx, checkout.attemptId, 'release'));

  await placeOrder(placingDeps(db), GUEST, wish);

  expect(await freeUnits(db, variantId)).toBe(1);
});

describe('is refused, with nothing changed', () => {
  test.for([
    ['another total', { totalMinor: 1 }, 'orders.total_changed'],
    ['an unknown delivery', { deliveryCode: 'by-air' }, 'orders.delivery_unknown'],
    ["another's cart", { cartId: randomUUID() }, 'orders.cart_not_found'],
  ] as const)('%s', async ([, change, code], { db, databaseUrl }) => {
    const { variantId } = await aStockedVariant(db, databaseUrl, 2);
    const cartId = await aCart(db, GUEST, { [variantId]: 1 });
    const wish = { ...aWish(cartId, 1495), ...change };

    await expect(placeOrder(placingDeps(db), GUEST, wish)).rejects.toMatchObject({ code });

    expect(await freeUnits(db, variantId)).toBe(2);
    expect(await paymentsOf(db, wish.orderId)).toEqual([]);
  });
});

test('what no location has alone is taken from two: one line, two assignments', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 2);
  const farther = await aLocation(db, { latitude: 45.75, longitude: 4.83 });
  await sql`
    insert into inventory.stock_level (variant_id, location_id, on_hand) values (${variantId}, ${farther}, 2)`.execute(
    db,
  );
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 3 }), 3495);

  await placeOrder(placingDeps(db), GUEST, wish);

  const { rows } = await sql`
    select quantity, location_id from orders.order_line
    where order_id = ${wish.orderId} and kind = 'goods'`.execute(db);
  expect(rows).toEqual([{ quantity: 3, location_id: null }]);
  expect(await unitsAssigned(db, [wish.orderId])).toEqual({ [locationId]: 2, [farther]: 1 });
});

test('twenty buyers at once over two locations: never oversold, and every unit has one assignment', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 7);
  const other = await aLocation(db);
  await sql`
    insert into inventory.stock_level (variant_id, location_id, on_hand) values (${variantId}, ${other}, 5)`.execute(
    db,
  );
  const wishes = await Promise.all(
    Array.from({ length: 20 }, async () => aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2495)),
  );

  const answers = await Promise.allSettled(wishes.map((wish) => placeOrder(placingDeps(db), GUEST, wish)));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
  const orderIds = wishes.map(({ orderId }) => orderId);
  expect(await unitsAssigned(db, orderIds)).toEqual({ [locationId]: 7, [other]: 5 });
  const { rows } = await sql`
    select on_hand - allocated as left, reserved from inventory.stock_level where variant_id = ${variantId}`.execute(
    db,
  );
  expect(rows).toEqual([
    { left: 0, reserved: 0 },
    { left: 0, reserved: 0 },
  ]);
});

test('what is in stock only where nobody ships from is refused by name', async ({ db, databaseUrl }) => {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 2);
  await sql`update inventory.location set ships = false where id = ${locationId}`.execute(db);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495);

  await expect(placeOrder(placingDeps(db), GUEST, wish)).rejects.toMatchObject({
    code: 'orders.not_deliverable',
    data: { variantId, wanted: 1, available: 0 },
  });
  expect(await freeUnits(db, variantId)).toBe(2);
});

test("a member's order is theirs on every device, and a stranger's 404", async ({ db, databaseUrl }) => {
  const [ada, eve] = [await aMember(db), await aMember(db)];
  const { variantId } = await aStockedVariant(db, databaseUrl, 2);
  const wish = aWish(await aCart(db, ada, { [variantId]: 1 }), 1495);
  await expect(placeOrder(placingDeps(db), eve, wish)).rejects.toMatchObject({
    code: 'orders.cart_not_found',
  });

  await placeOrder(placingDeps(db), ada, wish);

  expect(await orderOf(db, ada, wish.orderId)).toMatchObject({ id: wish.orderId });
  for (const stranger of [eve, GUEST]) {
    await expect(orderOf(db, stranger, wish.orderId, wish.cartId)).rejects.toMatchObject({
      code: 'orders.order_not_found',
    });
  }
});
