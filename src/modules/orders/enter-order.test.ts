import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aMachine } from '../identity/factory.ts';
import { cancelUnits } from './cancel.ts';
import { enterOrder, noteOutsidePayment, type OutsideOrder } from './enter-order.ts';
import { aStockedVariant, aWish, freeUnits, placingDeps, unitsAssigned } from './factory.ts';
import { guestCartOf, readOrder } from './order.ts';
import { inTransaction } from '#platform/db.ts';

/** A variant's SKU is its id. */
const anOutsideOrder = (sku: string, facts: Partial<OutsideOrder> = {}): OutsideOrder => ({
  source: 'bazaar',
  externalRef: randomUUID(),
  currency: 'EUR',
  lines: [{ sku, quantity: 2, unitPriceMinor: 900 }],
  deliveryCode: 'standard',
  postageMinor: 250,
  totalMinor: 2050,
  address: aWish('', 0).address,
  paymentReference: 'TX-1',
  ...facts,
});

const traces = async (db: Db, externalRef: string) => {
  const { rows } = await sql<{ orders: number; claims: number }>`
    select (select count(*)::int from orders.order where external_ref = ${externalRef}) as orders,
      (select count(*)::int from orders.outside_order where external_ref = ${externalRef}) as claims`.execute(
    db,
  );
  return rows[0];
};

test('an order from outside is one of ours at the prices that were agreed there', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 5);
  const { orderId, number } = await enterOrder(placingDeps(db), anOutsideOrder(variantId));

  expect(number).toMatch(/^ST-\d{4}-\d{6}$/);
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'paid',
    touchpoint: 'marketplace:bazaar',
    goodsMinor: 1488,
    postageMinor: 207,
    taxMinor: 355,
    totalMinor: 2050,
    capturedMinor: 2050,
    outstandingMinor: 0,
    address: { email: 'ada@example.com', city: 'Amsterdam' },
    payments: [{ provider: 'external', state: 'captured', amountMinor: 2050 }],
    lines: [
      { kind: 'goods', variantId, quantity: 2, unitPriceMinor: 900, discountMinor: 0 },
      { kind: 'postage', unitPriceMinor: 250 },
    ],
  });
  expect(await unitsAssigned(db, [orderId])).toEqual({ [locationId]: 2 });
  expect(await freeUnits(db, variantId)).toBe(3);
  expect(await guestCartOf(db, orderId)).toMatch(/^[0-9a-f-]{36}$/);
  const { rows } = await sql<object>`
    select o.source, o.customer_id is not null as "hasCustomer", payload ->> 'source' as told
    from orders.order o join platform.event on payload ->> 'orderId' = o.id::text
    where o.id = ${orderId} and name = 'orders.order_placed.v1'`.execute(db);
  expect(rows).toEqual([{ source: 'bazaar', hasCustomer: true, told: 'bazaar' }]);
});

test('twenty retries at once are one order, and other content by its name is refused', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 50);
  const wish = anOutsideOrder(variantId);
  const { lines, ...rest } = wish;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      enterOrder(placingDeps(db), index % 2 === 0 ? wish : { lines, ...rest }),
    ),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await freeUnits(db, variantId)).toBe(48);
  expect(await traces(db, wish.externalRef)).toEqual({ orders: 1, claims: 1 });

  const other = enterOrder(placingDeps(db), { ...wish, totalMinor: 2051 });
  await expect(other).rejects.toMatchObject({ code: 'orders.outside_order_differs' });
});

test.for<[string, (sku: string) => Partial<OutsideOrder>, object]>([
  [
    'more than there is',
    (sku) => ({ lines: [{ sku, quantity: 6, unitPriceMinor: 900 }], totalMinor: 5650 }),
    { code: 'orders.not_enough_stock', data: { wanted: 6, available: 5 } },
  ],
  [
    'a SKU that we do not have',
    (sku) => ({
      lines: [
        { sku, quantity: 1, unitPriceMinor: 900 },
        { sku: 'NONE-1', quantity: 1, unitPriceMinor: 900 },
      ],
    }),
    { code: 'orders.sku_unknown', data: { sku: 'NONE-1' } },
  ],
  [
    'a SKU in two lines',
    (sku) => ({
      lines: [
        { sku, quantity: 1, unitPriceMinor: 900 },
        { sku, quantity: 1, unitPriceMinor: 900 },
      ],
    }),
    { code: 'orders.sku_twice' },
  ],
  ['wrong sums', () => ({ totalMinor: 2049 }), { code: 'orders.sums_differ', data: { totalMinor: 2050 } }],
  ['no currency', () => ({ currency: 'ZZZ' }), { code: 'orders.currency_unknown' }],
  ['a currency without delivery', () => ({ currency: 'THB' }), { code: 'orders.delivery_unknown' }],
  [
    'a country that there is not',
    () => ({ address: { ...aWish('', 0).address, countryCode: 'QQ' } }),
    { code: 'orders.country_unknown' },
  ],
])('%s is refused, and nothing is written', async ([, change, refusal], { db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const wish = anOutsideOrder(variantId, change(variantId));
  await expect(enterOrder(placingDeps(db), wish)).rejects.toMatchObject(refusal);
  expect(await freeUnits(db, variantId)).toBe(5);
  expect(await traces(db, wish.externalRef)).toEqual({ orders: 0, claims: 0 });
});

test('other currency: what was agreed in pounds is kept in pounds, without an offer of ours in them', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const { orderId } = await enterOrder(placingDeps(db), anOutsideOrder(variantId, { currency: 'GBP' }));
  expect(await readOrder(db, orderId)).toMatchObject({ currency: 'GBP', totalMinor: 2050 });
});

test('an unpaid one is outstanding until its source says that it was paid', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const { paymentReference: _, ...wish } = anOutsideOrder(variantId);
  const { orderId } = await enterOrder(placingDeps(db), wish);
  await work();
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'placed',
    capturedMinor: 0,
    outstandingMinor: 2050,
  });
  for (const reference of ['TX-9', 'TX-10'])
    await inTransaction(db, (tx) => noteOutsidePayment(tx, wish, reference, new Date()));
  await work();
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'paid',
    capturedMinor: 2050,
    outstandingMinor: 0,
  });
  const { rows } = await sql<object>`
    select entry.provider_ref as ref from payments.entry join payments.payment on payment.id = payment_id
    where order_id = ${orderId} and entry.kind = 'captured'`.execute(db);
  expect(rows).toEqual([{ ref: 'TX-9' }]);
});

test('a cancelled one is given back by its source: our books say so and nobody is asked', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const { orderId } = await enterOrder(placingDeps(db), anOutsideOrder(variantId));
  await inTransaction(db, (tx) =>
    cancelUnits(tx, { id: randomUUID(), orderId, reason: 'asked for', actor: 'system' }),
  );
  await work();
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'cancelled',
    refundedMinor: 2050,
    outstandingMinor: 0,
  });
  expect(await freeUnits(db, variantId)).toBe(5);
});

test('only a machine with the scope enters orders; whoever polls sees it once, and again when it changes', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const { source, externalRef, ...body } = anOutsideOrder(variantId);
  const headers = { authorization: (await aMachine(deps, ['orders:enter', 'orders:read'])).authorization };
  const url = `/v1/orders/orders/outside/${source}/${externalRef}`;
  const since = new Date().toISOString();
  const { authorization } = await aMachine(deps, ['orders:read', 'orders:write']);
  const put = (as: object, payload: object) =>
    app.inject({ method: 'PUT', url, payload, headers: { ...as } });
  expect((await put({}, body)).statusCode).toBe(401);
  expect((await put({ authorization }, body)).statusCode).toBe(403);
  expect((await put(headers, { ...body, lines: [] })).statusCode).toBe(400);
  expect((await put(headers, { ...body, totalMinor: 1 })).statusCode).toBe(422);
  const { orderId } = (await put(headers, body)).json();

  const poll = async (cursor?: string) =>
    (
      await app.inject({
        url: '/v1/orders/orders',
        headers,
        query: { updatedSince: since, limit: '100', ...(cursor && { cursor }) },
      })
    ).json();
  // Another database's open transaction holds everybody's events back until it ends.
  const seen = async (cursor?: string) => {
    for (let from = cursor; ;) {
      const page = await poll(from);
      const found = page.orders.filter(({ id }: { id: string }) => id === orderId);
      if (found.length > 0) return { found, cursor: page.cursor };
      from = page.cursor;
    }
  };
  const first = await seen();
  expect(first.found).toMatchObject([{ id: orderId, state: 'paid' }]);
  expect(await poll(first.cursor)).toEqual({ orders: [], cursor: first.cursor });
  await inTransaction(db, (tx) =>
    cancelUnits(tx, { id: randomUUID(), orderId, reason: 'asked for', actor: 'system' }),
  );
  expect((await seen(first.cursor)).found).toMatchObject([{ id: orderId, state: 'cancelled' }]);
});
