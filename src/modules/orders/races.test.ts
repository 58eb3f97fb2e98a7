import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { receive, settle } from '../inventory/index.ts';
import { beginCheckout } from './checkout.ts';
import {
  aCart,
  aLocation,
  aStockedVariant,
  aVariant,
  aWish,
  ordersOf,
  paymentsOf,
  placingDeps,
  unitsAssigned,
} from './factory.ts';
import { placeOrder } from './place-order.ts';

/** Fewer while working on something else: `STOA_BUYERS=20 npx vitest run src/modules/orders/races.test.ts`. */
const BUYERS = Number(process.env['STOA_BUYERS'] ?? 200);
const ROUNDS = Number(process.env['STOA_ROUNDS'] ?? 10);
const POSTAGE = 495;
vi.setConfig({ testTimeout: 300_000 }); // each is some hundred purchases

/** Guests with a cart each: the money of what is in it and of postage is what they will pay. */
const buyers = (db: Db, baskets: Record<string, number>[], totalMinor: number) =>
  Promise.all(baskets.map(async (basket) => aWish(await aCart(db, GUEST, basket), totalMinor)));

/** All of them at once, over every connection of the pool. */
async function race(db: Db, wishes: Awaited<ReturnType<typeof buyers>>) {
  const answers = await Promise.allSettled(wishes.map((wish) => placeOrder(placingDeps(db), GUEST, wish)));
  const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  for (const refusal of refusals) expect(refusal).toBeInstanceOf(AppError);
  const codes = Object.groupBy(refusals as AppError[], ({ code }) => code);
  const orderIds = wishes.map(({ orderId }) => orderId).filter((_, n) => answers[n]?.status === 'fulfilled');
  return {
    orderIds,
    refused: Object.fromEntries(Object.entries(codes).map(([code, of]) => [code, of?.length])),
  };
}

/** Levels beside the sums over the ledger: they must be the same, and what the model says. */
async function levelsOf(db: Db, variantId: string) {
  const { rows } = await sql<{ level: number[]; ledger: number[] }>`
    select array[l.on_hand, l.reserved, l.allocated] as level,
      (select array[sum(on_hand_delta), sum(reserved_delta), sum(allocated_delta)]::integer[]
       from inventory.stock_movement m where m.variant_id = l.variant_id and m.location_id = l.location_id) as ledger
    from inventory.stock_level l where variant_id = ${variantId} order by location_id`.execute(db);
  for (const { level, ledger } of rows) expect(ledger).toEqual(level);
  return rows.map(({ level: [onHand, reserved, allocated] }) => ({ onHand, reserved, allocated }));
}

test('of all who want the last unit one gets it, and the others hear that it is gone', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 1);
  const wishes = await buyers(
    db,
    Array.from({ length: BUYERS }, () => ({ [variantId]: 1 })),
    1000 + POSTAGE,
  );
  const { orderIds, refused } = await race(db, wishes);
  expect(orderIds).toHaveLength(1);
  expect(refused).toEqual({ 'orders.not_enough_stock': BUYERS - 1 });
  expect(await levelsOf(db, variantId)).toEqual([{ onHand: 1, reserved: 0, allocated: 1 }]);
});

test('nobody who takes two products in the opposite order hears of a deadlock', async ({
  db,
  databaseUrl,
}) => {
  const [one, other] = [
    await aStockedVariant(db, databaseUrl, BUYERS),
    await aStockedVariant(db, databaseUrl, BUYERS),
  ];
  const baskets = Array.from({ length: BUYERS }, (_, n) => {
    const ids = n % 2 ? [one.variantId, other.variantId] : [other.variantId, one.variantId];
    return Object.fromEntries(ids.map((id) => [id, 1]));
  });
  const before = await deadlocks(db);
  const { orderIds, refused } = await race(db, await buyers(db, baskets, 2000 + POSTAGE));
  expect(refused).toEqual({});
  expect(orderIds).toHaveLength(BUYERS);
  // Not even one that was tried again.
  expect(await deadlocks(db)).toBe(before);
  for (const { variantId } of [one, other])
    expect(await levelsOf(db, variantId)).toEqual([{ onHand: BUYERS, reserved: 0, allocated: BUYERS }]);
});

const deadlocks = async (db: Db) => {
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks from pg_stat_database where datname = current_database()`.execute(db);
  return rows[0]?.deadlocks;
};

test('a hot product at four locations is sold to the last unit of each, and not one more', async ({
  db,
  databaseUrl,
}) => {
  const share = Math.floor((BUYERS * 3) / 16); // three for four buyers
  const variantId = await aVariant(databaseUrl);
  const places = await Promise.all(Array.from({ length: 4 }, () => aLocation(db)));
  for (const locationId of places)
    await inTransaction(db, (tx) =>
      receive(tx, { id: randomUUID(), locationId, lines: [{ variantId, quantity: share }] }, new Date()),
    );
  await inTransaction(db, (tx) =>
    receive(
      tx,
      { id: randomUUID(), locationId: places[0] ?? '', lines: [{ variantId, quantity: 2 }] },
      new Date(),
    ),
  );
  const stock = 4 * share + 2;
  const wishes = await buyers(
    db,
    Array.from({ length: BUYERS }, () => ({ [variantId]: 1 })),
    1000 + POSTAGE,
  );
  const { orderIds, refused } = await race(db, wishes);
  expect(refused).toEqual({ 'orders.not_enough_stock': BUYERS - stock });
  expect(orderIds).toHaveLength(stock);
  const expected = Object.fromEntries(places.map((id, n) => [id, share + (n === 0 ? 2 : 0)]));
  expect(await unitsAssigned(db, orderIds)).toEqual(expected);
  for (const { onHand, reserved, allocated } of await levelsOf(db, variantId)) {
    expect(reserved).toBe(0);
    expect(allocated).toBe(onHand);
  }
});

test('a hold that ends as its payment comes: the order has its stock, or the money goes back', async ({
  db,
  databaseUrl,
  work,
}) => {
  for (let round = 0; round < ROUNDS; round++) {
    const { variantId } = await aStockedVariant(db, databaseUrl, 1);
    const [[late], [rival]] = [
      await buyers(db, [{ [variantId]: 1 }], 1000 + POSTAGE),
      await buyers(db, [{ [variantId]: 1 }], 1000 + POSTAGE),
    ];
    if (!late || !rival) throw new Error('there are two buyers');
    const { attemptId } = await beginCheckout(placingDeps(db), GUEST, late, { name: 'test' });
    const expire = () => inTransaction(db, (tx) => settle(tx, attemptId, 'release'));
    const pay = () => placeOrder(placingDeps(db), GUEST, late);
    const buy = () => placeOrder(placingDeps(db), GUEST, rival);
    // Which comes first is left to chance, but in the first two rounds: there each has been first once.
    if (round === 0) await expire();
    if (round === 1) await pay();
    await Promise.allSettled([expire(), pay(), buy()]);
    await work();
    const held = await Promise.all([late, rival].map(({ cartId }) => ordersOf(db, cartId)));
    const orders = held.flat();
    expect(await levelsOf(db, variantId), `round ${round}`).toEqual([
      { onHand: 1, reserved: 0, allocated: orders.length },
    ]);
    for (const { cartId, orderId } of [late, rival]) {
      const isOrder = (await ordersOf(db, cartId)).length > 0;
      const taken = (await paymentsOf(db, orderId)).map((payment) => payment.taken ?? 'never asked');
      expect(
        taken.filter((state) => state === 'captured'),
        `round ${round}`,
      ).toHaveLength(isOrder ? 1 : 0);
    }
  }
});
