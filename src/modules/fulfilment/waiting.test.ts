import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { addDays } from '#platform/days.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import {
  availabilityOf,
  orderFromSupplier,
  receive,
  sellBy,
  type SellingRule,
  sellingRuleOf,
} from '../inventory/index.ts';
import { aCart, aLocation, aVariant, aWish, placed, placingDeps } from '../orders/factory.ts';
import { cancelUnits, readOrder } from '../orders/index.ts';
import { fulfilmentOrdersOf } from './fulfilment-order.ts';
import { serve } from './serve-waiting.ts';
import { takeOrder } from './take-order.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const TODAY = '2026-11-22';
const PRICE = 1000;
const POSTAGE = 495;

/** A variant of which nothing is here, sold by a rule. */
async function sold(db: Db, databaseUrl: string, rule: SellingRule): Promise<string> {
  const variantId = await aVariant(databaseUrl, PRICE);
  await inTransaction(db, (tx) => sellBy(tx, variantId, rule, NOW));
  return variantId;
}

const backOrder = (unitsMax: number): SellingRule => ({ kind: 'back_order', unitsMax, leadDays: 10 });

async function ordered(db: Db, variantId: string, quantity: number): Promise<string> {
  const cartId = await aCart(db, GUEST, { [variantId]: quantity });
  const wish = aWish(cartId, quantity * PRICE + POSTAGE);
  const { orderId } = await placed(
    placingDeps(db, () => NOW),
    GUEST,
    wish,
  );
  await inTransaction(db, (tx) => takeOrder(tx, orderId, NOW));
  return orderId;
}

const arrive = (db: Db, variantId: string, locationId: string, quantity: number, id = randomUUID()) =>
  inTransaction(db, (tx) => receive(tx, { id, locationId, lines: [{ variantId, quantity }] }, NOW));

const served = (db: Db, variantId: string, locationId: string) =>
  inTransaction(db, (tx) => serve(tx, { variantId, locationId }, NOW));

const statesOf = async (db: Db, orderIds: readonly string[]) =>
  Promise.all(orderIds.map(async (id) => (await fulfilmentOrdersOf(db, id)).map(({ state }) => state)));

const promisedOf = async (db: Db, variantId: string) => (await sellingRuleOf(db, variantId)).promised;

test('what waits is promised by the purchase on its way, else by the lead time, else by its release', async ({
  db,
  databaseUrl,
}) => {
  const [here, there] = [await aLocation(db), await aLocation(db)];
  const variantId = await sold(db, databaseUrl, backOrder(20));
  const expectedOn = addDays(TODAY, 4);
  const lines = [{ variantId, quantity: 3, unitCostMinor: 100 }];
  const purchase = {
    id: randomUUID(),
    number: randomUUID(),
    supplier: 'Kiln',
    locationId: there,
    expectedOn,
  };
  await inTransaction(db, (tx) => orderFromSupplier(tx, { ...purchase, lines }));

  const byPurchase = await readOrder(db, await ordered(db, variantId, 3));
  const byLead = await readOrder(db, await ordered(db, variantId, 1));

  expect(byPurchase.assignments).toMatchObject([
    { locationId: there, goodsOn: expectedOn, leavesOn: expectedOn, lines: [{ variantId, quantity: 3 }] },
  ]);
  const [part] = byPurchase.assignments;
  expect([byPurchase.promisedFrom, byPurchase.promisedTo]).toEqual([part?.promisedFrom, part?.promisedTo]);
  expect(byLead.assignments).toMatchObject([{ goodsOn: addDays(TODAY, 10), leavesOn: addDays(TODAY, 10) }]);
  const releaseOn = '2027-01-12';
  const book = await sold(db, databaseUrl, { kind: 'pre_order', unitsMax: 2, releaseOn });
  await arrive(db, book, here, 5); // it lies there, and is not sent before its day
  expect((await availabilityOf(db, [book], NOW)).get(book)).toMatchObject({
    available: 0,
    later: { kind: 'pre_order', units: 2, otherwiseOn: releaseOn },
  });
  const early = await ordered(db, book, 2);
  expect((await readOrder(db, early)).assignments).toMatchObject([
    { locationId: here, goodsOn: releaseOn, leavesOn: releaseOn },
  ]);
  expect(await statesOf(db, [early])).toEqual([['waiting']]);
  await expect(ordered(db, book, 1)).rejects.toMatchObject({ code: 'orders.not_enough_stock' });
  const onTheDay = new Date('2027-01-12T08:00:00Z');
  await inTransaction(db, (tx) => serve(tx, { variantId: book, locationId: here }, onTheDay));
  expect(await statesOf(db, [early])).toEqual([['assigned']]);
});

test('an order that is partly here is sent in parts, the rest when it comes', async ({ db, databaseUrl }) => {
  const locationId = await aLocation(db);
  const variantId = await sold(db, databaseUrl, backOrder(5));
  await arrive(db, variantId, locationId, 2);
  const orderId = await ordered(db, variantId, 5);
  const parts = await fulfilmentOrdersOf(db, orderId);
  expect(new Map(parts.map(({ state, goodsOn }) => [state, goodsOn]))).toEqual(
    new Map([
      ['assigned', null],
      ['waiting', addDays(TODAY, 10)],
    ]),
  );
  expect(parts).toHaveLength(2);
  expect(await promisedOf(db, variantId)).toBe(3);
});

test('of fifty buyers one gets the last unit that may be promised', async ({ db, databaseUrl }) => {
  await aLocation(db);
  const variantId = await sold(db, databaseUrl, backOrder(1));
  const carts = await Promise.all(Array.from({ length: 50 }, () => aCart(db, GUEST, { [variantId]: 1 })));
  const deps = placingDeps(db, () => NOW);
  const answers = await Promise.allSettled(
    carts.map((cartId) => placed(deps, GUEST, aWish(cartId, PRICE + POSTAGE))),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await promisedOf(db, variantId)).toBe(1);
});

test('arrivals serve in the order of the orders, each unit once, and a cancelled one frees its place', async ({
  db,
  databaseUrl,
}) => {
  const variantId = await sold(db, databaseUrl, backOrder(6));
  const orders: string[] = [];
  for (const quantity of [2, 1, 3]) orders.push(await ordered(db, variantId, quantity));
  await expect(ordered(db, variantId, 1)).rejects.toMatchObject({ code: 'orders.not_enough_stock' });
  const locationId = (await readOrder(db, orders[0] ?? '')).assignments[0]?.locationId ?? '';

  await Promise.all([arrive(db, variantId, locationId, 1), arrive(db, variantId, locationId, 2)]);
  await Promise.all([served(db, variantId, locationId), served(db, variantId, locationId)]);
  expect(await statesOf(db, orders)).toEqual([['assigned'], ['assigned'], ['waiting']]);
  expect(await promisedOf(db, variantId)).toBe(3);

  const cancelled = { id: randomUUID(), orderId: orders[2] ?? '', reason: 'the buyer', actor: 'test' };
  await inTransaction(db, (tx) => cancelUnits(tx, cancelled, NOW));
  expect(await promisedOf(db, variantId)).toBe(0);
  expect(await levelOf(db, variantId)).toEqual({ onHand: 3, promised: 3, short: 0 });
  await expect(ordered(db, variantId, 6)).resolves.toBeTypeOf('string');
});

test('a rule is not set below what it has promised, nor for a day that has passed', async ({
  db,
  databaseUrl,
}) => {
  const variantId = await sold(db, databaseUrl, backOrder(3));
  await ordered(db, variantId, 2);
  const set = (rule: SellingRule) => inTransaction(db, (tx) => sellBy(tx, variantId, rule, NOW));
  await expect(set(backOrder(1))).rejects.toMatchObject({ code: 'inventory.more_is_promised' });
  await expect(set({ kind: 'pre_order', unitsMax: 9, releaseOn: TODAY })).rejects.toMatchObject({
    code: 'inventory.release_not_ahead',
  });
  await set({ kind: 'from_stock' });
  expect(await sellingRuleOf(db, variantId)).toEqual({ rule: { kind: 'from_stock' }, promised: 2 });
});

const levelOf = async (db: Db, variantId: string) => {
  const { rows } = await sql<{ onHand: number; promised: number; short: number }>`
    select sum(on_hand)::integer as "onHand", sum(reserved + allocated)::integer as promised,
      sum(short)::integer as short
    from inventory.stock_level where variant_id = ${variantId}`.execute(db);
  return rows[0];
};

// Whatever happens: no more is promised than is here and allowed, a unit is served once, level and ledger agree.
test('a history of orders, arrivals and cancellations keeps every promise countable', async ({
  db,
  databaseUrl,
}) => {
  const ALLOWED = 4;
  // The first of equals: where nothing is on its way, units wait here.
  const locationId = await aLocation(db, { code: 'a-first' });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('order' as const), quantity: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('arrive' as const), quantity: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('cancel' as const), quantity: fc.integer({ min: 0, max: 5 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 8 }), async (steps) => {
      const variantId = await sold(db, databaseUrl, backOrder(ALLOWED));
      const open: { orderId: string; quantity: number }[] = [];
      let [onHand, promised] = [0, 0];
      for (const { kind, quantity } of steps) {
        if (kind === 'order') {
          const [answer] = await Promise.allSettled([ordered(db, variantId, quantity)]);
          expect(answer.status).toBe(promised + quantity <= onHand + ALLOWED ? 'fulfilled' : 'rejected');
          if (answer.status === 'rejected') continue;
          promised += quantity;
          open.push({ orderId: answer.value, quantity });
        } else if (kind === 'arrive') {
          await arrive(db, variantId, locationId, quantity);
          await served(db, variantId, locationId);
          onHand += quantity;
        } else {
          const [gone] = open.splice(quantity % Math.max(1, open.length), 1);
          if (!gone) continue;
          const wish = { id: randomUUID(), orderId: gone.orderId, reason: 'the buyer', actor: 'test' };
          await inTransaction(db, (tx) => cancelUnits(tx, wish, NOW));
          await served(db, variantId, locationId);
          promised -= gone.quantity;
        }
        const short = Math.max(0, promised - onHand);
        expect(await levelOf(db, variantId)).toEqual({ onHand, promised, short });
        expect(await promisedOf(db, variantId)).toBe(short);
        const { rows } = await sql<{ ledger: number; open: number }>`
          select (select sum(reserved_delta + allocated_delta)::integer from inventory.stock_movement
              where variant_id = ${variantId}) as ledger,
            (select coalesce(sum(open), 0)::integer from inventory.waiting where variant_id = ${variantId}) as open`.execute(
          db,
        );
        expect(rows).toEqual([{ ledger: promised, open: short }]);
      }
    }),
    { numRuns: 8 },
  );
});
