import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
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

/** More of them by hand: `STOA_BUYERS=200 STOA_ROUNDS=50 npx vitest run src/modules/orders/races.test.ts`. */
const BUYERS = Number(process.env['STOA_BUYERS'] ?? 40);
const ROUNDS = Number(process.env['STOA_ROUNDS'] ?? 4);
const POSTAGE = 495;
vi.setConfig({ testTimeout: Math.max(60, 3 * BUYERS) * 1000 });

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

/** Two buyers want the last unit; `late` has begun to pay for it when its hold ends. */
async function aLateBuyer(db: Db, databaseUrl: string) {
  const { variantId } = await aStockedVariant(db, databaseUrl, 1);
  const [late, rival] = await buyers(db, [{ [variantId]: 1 }, { [variantId]: 1 }], 1000 + POSTAGE);
  assert(late && rival);
  const { attemptId } = await beginCheckout(placingDeps(db), GUEST, late, { name: 'test' });
  return {
    variantId,
    late,
    rival,
    expire: () => inTransaction(db, (tx) => settle(tx, attemptId, 'release')),
    pay: () => placeOrder(placingDeps(db), GUEST, late),
    buy: () => placeOrder(placingDeps(db), GUEST, rival),
  };
}

/** Of each of two buyers: the orders they have, and what the provider did with their money in the end. */
const endOf = async (db: Db, { late, rival }: Awaited<ReturnType<typeof aLateBuyer>>) =>
  Promise.all(
    [late, rival].map(async ({ cartId, orderId }) => ({
      orders: (await ordersOf(db, cartId)).length,
      money: (await paymentsOf(db, orderId)).map(({ taken }) => taken),
    })),
  );

const BOUGHT = { orders: 1, money: ['captured'] };
const NEVER_ASKED = { orders: 0, money: [] };

test('of a hold that ends before its payment comes the money goes back, if another has bought the goods', async ({
  db,
  databaseUrl,
  work,
}) => {
  const [sold, still, paid] = [
    await aLateBuyer(db, databaseUrl),
    await aLateBuyer(db, databaseUrl),
    await aLateBuyer(db, databaseUrl),
  ];
  await sold.expire();
  await sold.buy();
  await expect(sold.pay()).rejects.toMatchObject({ code: 'orders.order_given_up' });
  await still.expire();
  await still.pay();
  await expect(still.buy()).rejects.toMatchObject({ code: 'orders.not_enough_stock' });
  await paid.pay();
  await expect(paid.expire()).rejects.toMatchObject({ code: 'inventory.reservation_not_held' });
  await expect(paid.buy()).rejects.toMatchObject({ code: 'orders.not_enough_stock' });
  await work();

  expect(await endOf(db, sold)).toEqual([{ orders: 0, money: ['cancelled'] }, BOUGHT]);
  expect(await endOf(db, still)).toEqual([BOUGHT, NEVER_ASKED]);
  expect(await endOf(db, paid)).toEqual([BOUGHT, NEVER_ASKED]);
  for (const { variantId } of [sold, still, paid])
    expect(await levelsOf(db, variantId)).toEqual([{ onHand: 1, reserved: 0, allocated: 1 }]);
});

test('of a hold that ends while its payment comes one of two has the goods, and only they have paid', async ({
  db,
  databaseUrl,
  work,
}) => {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await aLateBuyer(db, databaseUrl));
  await Promise.all(rounds.flatMap(({ expire, pay, buy }) => [expire(), pay(), buy()].map(caught)));
  await work();
  for (const round of rounds) {
    const ends = await endOf(db, round);
    const bought = ends.filter(({ orders }) => orders === 1);
    expect(bought).toEqual([BOUGHT]);
    for (const { orders, money } of ends) if (orders === 0) expect(money).not.toContain('captured');
    expect(await levelsOf(db, round.variantId)).toEqual([{ onHand: 1, reserved: 0, allocated: 1 }]);
  }
});

const NAMED = ['orders.order_given_up', 'orders.not_enough_stock', 'inventory.reservation_not_held'];

/** Whoever loses is told why. */
const caught = (work: Promise<unknown>) =>
  work.catch((error: unknown) => {
    assert(error instanceof AppError);
    expect(NAMED).toContain(error.code);
  });

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
  const wishes = await buyers(db, baskets, 2000 + POSTAGE);
  const faults = faultsSeen(db);
  const { orderIds, refused } = await race(db, wishes);
  expect(refused).toEqual({});
  expect(orderIds).toHaveLength(BUYERS);
  expect(faults).toEqual([]);
  for (const { variantId } of [one, other])
    expect(await levelsOf(db, variantId)).toEqual([{ onHand: BUYERS, reserved: 0, allocated: BUYERS }]);
});

/** What PostgreSQL refused in any transaction from now on, of which the caller may hear nothing: a deadlock is tried again. */
function faultsSeen(db: Db): string[] {
  const codes: string[] = [];
  const begin = db.transaction.bind(db);
  vi.spyOn(db, 'transaction').mockImplementation(() => {
    const transaction = begin();
    const execute = transaction.execute.bind(transaction);
    transaction.execute = (work) =>
      execute(work).catch((error: unknown) => {
        if (error instanceof pg.DatabaseError) codes.push(error.code ?? error.message);
        throw error;
      });
    return transaction;
  });
  return codes;
}

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
