import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { settleAll } from '../payments/factory.ts';
import { test } from '#test/harness.ts';
import { aRatedPlace, aShippedOrder, bringBack, costsTold, request, sendAndTell, step } from './factory.ts';
import { noteContactCost, noteFee, noteServing } from './serve-cost.ts';

const costsOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ kind: string; amount: number; locationId: string | null }>`
    select entry.kind::text as kind, amount_minor as amount, location_id as "locationId" from orders.serve_cost_entry entry
    where order_id = ${orderId} order by entry.kind, id`.execute(db);
  return rows.map(({ kind, amount }) => [kind, amount]);
};

const SENT = [
  ['work', 275], // 5.5 minutes
  ['label', 410],
  ['packaging', 60],
];
const PAID = ['payment_fee', 74]; // 1.4 % of 34.98, which is 48.97, and 25

test('an order costs what its parcel, its payment and its return do, part by part', async ({
  db,
  databaseUrl,
}) => {
  const order = await aShippedOrder(db, databaseUrl, { sent: 0 });
  await aRatedPlace(db, order.locationId);
  await sendAndTell(db, order, 3);
  await costsTold(db);
  expect(await costsOf(db, order.orderId)).toEqual([...SENT, PAID]);

  const asked = await request(db, order, 2);
  await step(db, asked, { to: 'approved', locationId: order.locationId });
  await bringBack(db, order, asked, { restock: 1, damage: 1 });
  await settleAll(db);
  await costsTold(db);
  await costsTold(db);
  expect(await costsOf(db, order.orderId)).toEqual([
    ...SENT,
    PAID,
    ['return_work', 250], // 5 minutes
    ['return_label', 395],
    ['refund_fee', 10],
  ]);
  // What its location is credited with is what serving cost it.
  const { rows } = await sql<{ credited: number }>`
    select sum(amount_minor)::bigint as credited from market.sale_credit
    where kind = 'fulfilment' and sale_id = ${order.orderId}`.execute(db);
  expect(rows).toEqual([{ credited: 275 + 410 + 60 + 250 + 395 }]);
});

test('what its buyer brought to a counter, or to another place than they were told, has no label', async ({
  db,
  databaseUrl,
}) => {
  const order = await aShippedOrder(db, databaseUrl, { sent: 0 });
  const other = await aShippedOrder(db, databaseUrl, { sent: 0 });
  for (const { locationId } of [order, other]) await aRatedPlace(db, locationId);
  await sendAndTell(db, order, 3);
  await bringBack(db, order, await request(db, order, 1), { restock: 1 });
  const told = await request(db, order, 1);
  await step(db, told, { to: 'approved', locationId: order.locationId });
  await bringBack(db, { ...order, locationId: other.locationId }, told, { refuse: 1 });
  await costsTold(db);
  const costs = await costsOf(db, order.orderId);
  expect(costs.filter(([kind]) => String(kind).startsWith('return'))).toEqual([
    ['return_work', 250],
    ['return_work', 250],
  ]);
});

test('a location without a rate costs nothing, and an order that never came to be has no costs', async ({
  db,
  databaseUrl,
}) => {
  const order = await aShippedOrder(db, databaseUrl, { sent: 0 });
  await sendAndTell(db, order, 1);
  await costsTold(db);
  expect((await costsOf(db, order.orderId)).filter(([kind]) => kind !== 'payment_fee')).toEqual([]);

  const orderId = randomUUID();
  const fee = { orderId, paymentId: randomUUID(), feeId: randomUUID(), isOfRefund: false, amountMinor: 5 };
  await inTransaction(db, (tx) =>
    noteFee(tx, { ...fee, currency: 'EUR', occurredAt: '2026-01-01T00:00:00Z' }),
  );
  expect(await costsOf(db, orderId)).toEqual([]);
});

test('told twice, at once or of a fee that came back, each part is there once', async ({
  db,
  databaseUrl,
}) => {
  const { orderId, locationId } = await aShippedOrder(db, databaseUrl);
  const about = { orderId, currency: 'EUR', occurredAt: '2026-01-01T00:00:00Z' };
  const parts = [
    { kind: 'work' as const, amountMinor: 7 },
    { kind: 'packaging' as const, amountMinor: 2 },
  ];
  const served = { ...about, locationId, causeId: randomUUID(), parts };
  const fee = { ...about, paymentId: randomUUID(), feeId: randomUUID(), isOfRefund: false, amountMinor: 60 };
  const answered = { ...about, contactId: randomUUID(), amountMinor: 315 };
  const again = { ...fee, feeId: randomUUID(), amountMinor: -60 };
  await Promise.all(
    Array.from({ length: 4 }, () =>
      inTransaction(db, async (tx) => {
        await noteServing(tx, served);
        await noteFee(tx, fee);
        await noteFee(tx, again);
        await noteContactCost(tx, answered);
      }),
    ),
  );
  expect(await costsOf(db, orderId)).toEqual([
    ['work', 7],
    ['packaging', 2],
    ['payment_fee', 60],
    ['payment_fee', -60],
    ['service_work', 315],
  ]);
  const change = sql`update orders.serve_cost_entry set amount_minor = 1 where order_id = ${orderId}`;
  await expect(change.execute(db)).rejects.toThrow('append-only');
});
