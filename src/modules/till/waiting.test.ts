import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { addDays } from '#platform/days.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { orderFromSupplier, receive, sellBy, sellingRuleOf, type SellingRule } from '../inventory/index.ts';
import { aVariant, COLLECT, placingDeps } from '../orders/factory.ts';
import { putDeliveryMethod, readOrder } from '../orders/index.ts';
import { anOpenRegister, aSale } from './factory.ts';
import { stockEverywhere } from './offline-facts.ts';
import { quoteAt, waysFrom } from './quote.ts';
import { enterSale } from './sale.ts';

const now = new Date();
const today = now.toISOString().slice(0, 10);
const backOrder: SellingRule = { kind: 'back_order', unitsMax: 5, leadDays: 20 };
const to = { countryCode: 'NL', postcode: '1011 AB' };
const contact = { name: 'Ada Example', email: 'ada@example.com' };

/** A till, and a thing beside it of which nothing is here, sold by a rule. */
async function sold(db: Db, databaseUrl: string, rule: SellingRule) {
  const till = await anOpenRegister(db, databaseUrl, { units: 1 });
  const variantId = await aVariant(databaseUrl, 1210);
  await inTransaction(db, (tx) => sellBy(tx, variantId, rule, now));
  return { ...till, variantId };
}

test('what is still to come is offered by its date, sent or collected, and never carried away', async ({
  db,
  databaseUrl,
}) => {
  await inTransaction(db, (tx) => putDeliveryMethod(tx, COLLECT));
  const till = await sold(db, databaseUrl, backOrder);
  const { registerId, variantId, locationId, memberId } = till;
  const expectedOn = addDays(today, 6);
  const purchase = { id: randomUUID(), number: randomUUID(), supplier: 'Kiln', locationId, expectedOn };
  await inTransaction(db, (tx) =>
    orderFromSupplier(tx, { ...purchase, lines: [{ variantId, quantity: 3, unitCostMinor: 1 }] }),
  );
  const deps = placingDeps(db, () => now);
  expect(await stockEverywhere(db, registerId, variantId, now)).toMatchObject({
    here: { available: 0 },
    later: { kind: 'back_order', units: 5, on: expectedOn },
  });
  await expect(enterSale(deps, memberId, aSale(till))).rejects.toMatchObject({
    code: 'inventory.insufficient_stock',
  });

  const lines = [{ variantId, quantity: 1 }];
  const ways = await waysFrom(deps, memberId, { registerId, lines, to });
  const collected = ways.find(({ code }) => code === COLLECT.code);
  expect(collected?.stores.filter((store) => store.locationId === locationId)).toMatchObject([
    { readyOn: expectedOn },
  ]);
  expect(ways.find(({ code }) => code === 'standard')?.promise?.promisedFrom).toBe(addDays(expectedOn, 2));
  const delivery = { deliveryCode: COLLECT.code, locationId };
  const { totalMinor } = await quoteAt(deps, memberId, { registerId, lines, delivery });
  const payments = [{ kind: 'cash' as const, amountMinor: totalMinor, tenderedMinor: totalMinor }];
  const sale = aSale(till, {
    lines,
    totalMinor,
    payments,
    delivery: { kind: 'pickup', ...delivery, contact },
  });
  await enterSale(deps, memberId, sale);
  const order = await readOrder(db, sale.saleId);
  expect(order).toMatchObject({
    pickupLocationId: locationId,
    promisedTo: expectedOn,
    assignments: [{ locationId, goodsOn: expectedOn, lines: [{ variantId, quantity: 1 }] }],
  });
  expect((await sellingRuleOf(db, variantId)).promised).toBe(1);
});

test('a pre-order that lies on the shelf is not handed over before its day', async ({ db, databaseUrl }) => {
  const releaseOn = addDays(today, 12);
  const till = await sold(db, databaseUrl, { kind: 'pre_order', unitsMax: 2, releaseOn });
  const { registerId, variantId, locationId, memberId } = till;
  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity: 2 }] };
  await inTransaction(db, (tx) => receive(tx, delivery, now));
  const deps = placingDeps(db, () => now);
  expect(await stockEverywhere(db, registerId, variantId, now)).toMatchObject({
    here: { onHand: 2, available: 0 },
    later: { kind: 'pre_order', units: 2, on: releaseOn },
  });
  await expect(enterSale(deps, memberId, aSale(till))).rejects.toMatchObject({
    code: 'orders.not_released',
    data: { variantId, releaseOn },
  });
  const onTheDay = placingDeps(db, () => new Date(`${releaseOn}T12:00:00Z`));
  await expect(enterSale(onTheDay, memberId, aSale(till))).resolves.toMatchObject({ totalMinor: 1210 });
});
