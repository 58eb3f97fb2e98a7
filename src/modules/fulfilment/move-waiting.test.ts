import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { addDays } from '#platform/days.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { orderFromSupplier, receive, sellBy, sellingRuleOf } from '../inventory/index.ts';
import { aCart, aLocation, aVariant, aWish, placed, placingDeps, unitsAssigned } from '../orders/factory.ts';
import { cancelUnits } from '../orders/index.ts';
import { fulfilmentOrdersOf } from './fulfilment-order.ts';
import { moveWaiting } from './move-waiting.ts';
import { serve } from './serve-waiting.ts';
import { takeOrder } from './take-order.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const PRICE = 1000;
const now = () => NOW;

/** A thing of which nothing is here, on its way to the first of two places; orders for it wait there. */
async function awaited(db: Db, databaseUrl: string, quantities: readonly number[]) {
  const variantId = await aVariant(databaseUrl, PRICE);
  const [bound, other] = [await aLocation(db), await aLocation(db)];
  const units = quantities.reduce((sum, each) => sum + each, 0);
  const rule = { kind: 'back_order' as const, unitsMax: units, leadDays: 30 };
  const expectedOn = addDays('2026-11-22', 9);
  const lines = [{ variantId, quantity: units, unitCostMinor: 1 }];
  const [id, number] = [randomUUID(), randomUUID()];
  await inTransaction(db, (tx) => sellBy(tx, variantId, rule, NOW));
  await inTransaction(db, (tx) =>
    orderFromSupplier(tx, { id, number, supplier: 'Kiln', locationId: bound, expectedOn, lines }),
  );
  const orders: string[] = [];
  for (const quantity of quantities) {
    const wish = aWish(await aCart(db, GUEST, { [variantId]: quantity }), quantity * PRICE + 495);
    await placed(placingDeps(db, now), GUEST, wish);
    await inTransaction(db, (tx) => takeOrder(tx, wish.orderId, NOW));
    orders.push(wish.orderId);
  }
  return { variantId, bound, other, orders };
}

const arrive = (db: Db, variantId: string, locationId: string, quantity: number) =>
  inTransaction(db, (tx) =>
    receive(tx, { id: randomUUID(), locationId, lines: [{ variantId, quantity }] }, NOW),
  );

const statesOf = async (db: Db, orderIds: readonly string[]) =>
  Promise.all(
    orderIds.map(async (id) => {
      const parts = await fulfilmentOrdersOf(db, id);
      return parts.filter(({ state }) => state !== 'cancelled').map(({ state }) => state);
    }),
  );

/** All places together: what lies there, what is promised, what of it is not here, and how many still wait. */
async function sumsOf(db: Db, variantId: string) {
  const { rows } = await sql<Record<'onHand' | 'promised' | 'short' | 'waiting' | 'ledger', number>>`
    select sum(on_hand)::integer as "onHand", sum(reserved + allocated)::integer as promised,
      sum(greatest(0, reserved + allocated - on_hand))::integer as short,
      (select coalesce(sum(open), 0)::integer from inventory.waiting where variant_id = ${variantId}) as waiting,
      (select sum(reserved_delta + allocated_delta)::integer from inventory.stock_movement
        where variant_id = ${variantId}) as ledger
    from inventory.stock_level where variant_id = ${variantId}`.execute(db);
  return rows[0];
}

test('who waits at one place is served from another that has the goods first, who ordered first before the rest', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, bound, other, orders } = await awaited(db, databaseUrl, [2, 1, 2]);
  await arrive(db, variantId, other, 3);
  await moveWaiting({ db, now }, { variantId, locationId: other });
  await moveWaiting({ db, now }, { variantId, locationId: other });

  expect(await statesOf(db, orders)).toEqual([['assigned'], ['assigned'], ['waiting']]);
  expect(await unitsAssigned(db, orders.slice(0, 2))).toEqual({ [other]: 3 });
  expect(await unitsAssigned(db, orders.slice(2))).toEqual({ [bound]: 2 });
  expect((await sellingRuleOf(db, variantId)).promised).toBe(2);
  expect(await sumsOf(db, variantId)).toEqual({ onHand: 3, promised: 5, short: 2, waiting: 2, ledger: 5 });
});

test('goods that come to both places at once, and a buyer who lets go, leave every unit promised once', async ({
  db,
  databaseUrl,
}) => {
  const numbers = fc.record({
    orders: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 4 }),
    here: fc.integer({ min: 1, max: 4 }),
    there: fc.integer({ min: 1, max: 4 }),
    gone: fc.nat({ max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(numbers, async ({ orders: quantities, here, there, gone }) => {
      const { variantId, bound, other, orders } = await awaited(db, databaseUrl, quantities);
      await Promise.all([arrive(db, variantId, bound, here), arrive(db, variantId, other, there)]);
      const orderId = orders[gone % orders.length] ?? '';
      const wish = { id: randomUUID(), orderId, reason: 'the buyer', actor: 'test' };
      const serveBound = () => inTransaction(db, (tx) => serve(tx, { variantId, locationId: bound }, NOW));
      await Promise.all([
        moveWaiting({ db, now }, { variantId, locationId: other }),
        serveBound(),
        inTransaction(db, (tx) => cancelUnits(tx, wish, NOW)),
        moveWaiting({ db, now }, { variantId, locationId: other }),
      ]);
      await serveBound();
      await moveWaiting({ db, now }, { variantId, locationId: other });

      const promised =
        quantities.reduce((sum, each) => sum + each, 0) - (quantities[gone % orders.length] ?? 0);
      const sums = await sumsOf(db, variantId);
      expect(sums).toMatchObject({ onHand: here + there, promised, ledger: promised });
      expect(sums?.waiting).toBe((await sellingRuleOf(db, variantId)).promised);
      // What nobody has yet is what those who wait are short of, and nothing else is.
      expect(sums?.short).toBeLessThanOrEqual(sums?.waiting ?? 0);
      expect(sums?.waiting).toBeLessThanOrEqual(Math.max(0, promised - Math.min(here, promised)));
    }),
    { numRuns: 4, endOnFailure: true },
  );
});
