import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aPayment, noteAllFees, payingDeps, settleAll } from './factory.ts';
import { type FeeRate, feeAt, feeRates, setFeeRate } from './fee-rates.ts';
import { lookAtEntries } from './fees.ts';
import { giveBack } from './order-money.ts';

const RATE: FeeRate = {
  provider: 'test',
  currency: 'EUR',
  startsOn: '2026-01-01',
  perMillion: 14_000,
  fixedMinor: 25,
  refundMinor: 10,
};

const set = (db: Db, facts: Partial<FeeRate> = {}) =>
  inTransaction(db, (tx) => setFeeRate(tx, 'system', { ...RATE, ...facts }, new Date()));

const feesOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ amount: number; isOfRefund: boolean }>`
    select fee.amount_minor as amount, is_of_refund as "isOfRefund" from payments.fee_entry fee
    join payments.payment on payment.id = payment_id where order_id = ${orderId} order by fee.occurred_at`.execute(
    db,
  );
  return rows.map(({ amount, isOfRefund }) => [isOfRefund, amount]);
};

const eventsOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ payload: Record<string, unknown> }>`
    select payload from platform.event
    where name = 'payments.fee_noted.v1' and payload ->> 'orderId' = ${orderId}`.execute(db);
  return rows.map(({ payload }) => payload);
};

test('taking money costs what the rate of its day says, and giving it back too: once, whoever looks how often', async ({
  db,
}) => {
  await set(db);
  await set(db, { startsOn: '2030-01-01', fixedMinor: 99 });
  const orderId = randomUUID();
  const paymentId = await aPayment(db, orderId, 2495);
  await Promise.all([noteAllFees(payingDeps(db)), noteAllFees(payingDeps(db)), noteAllFees(payingDeps(db))]);
  expect(await feesOf(db, orderId)).toEqual([[false, 60]]); // 34.93 to the even cent, and 25
  const wish = { id: randomUUID(), orderId, amountMinor: 500, reason: 'a test', actor: 'system' };
  await inTransaction(db, (tx) => giveBack(tx, wish, new Date()));
  await settleAll(db);
  await noteAllFees(payingDeps(db));
  await noteAllFees(payingDeps(db));
  expect(await feesOf(db, orderId)).toEqual([
    [false, 60],
    [true, 10],
  ]);
  expect(await eventsOf(db, orderId)).toMatchObject([
    { orderId, paymentId, isOfRefund: false, amountMinor: 60, currency: 'EUR' },
    { orderId, paymentId, isOfRefund: true, amountMinor: 10, currency: 'EUR' },
  ]);
});

test('a rate that is set is in the trail, and set again as it is nothing happened', async ({ db }) => {
  const facts = { currency: 'CHF', startsOn: '2026-02-01' };
  await set(db, facts);
  await set(db, facts);
  await set(db, { ...facts, fixedMinor: 30 });
  const { rows } = await sql<{ data: { fixedMinor: number } }>`
    select data from identity.audit where action = 'fee_rate_set' and data ->> 'currency' = 'CHF' order by id`.execute(
    db,
  );
  expect(rows.map(({ data }) => data.fixedMinor)).toEqual([25, 30]);
});

test('what is only promised costs nothing yet, and a rate of later changes nothing that is noted', async ({
  db,
}) => {
  await set(db);
  const orderId = randomUUID();
  await aPayment(db, orderId, 1000, 'later');
  await noteAllFees(payingDeps(db));
  expect(await feesOf(db, orderId)).toEqual([]);
  const taken = randomUUID();
  await aPayment(db, taken, 1000);
  await noteAllFees(payingDeps(db));
  await set(db, { perMillion: 500_000 });
  await noteAllFees(payingDeps(db));
  expect(await feesOf(db, taken)).toEqual([[false, 39]]);
  await set(db);
});

test('a means without a rate costs nothing, and is in no ledger', async ({ db }) => {
  expect(feeAt(await feeRates(db), { ...RATE, day: '2025-12-31', isRefund: false, amountMinor: 1 })).toBe(0);
  const rates = [RATE, { ...RATE, startsOn: '2026-06-01', perMillion: 5_000, fixedMinor: 0 }];
  const asked = { provider: 'test', currency: 'EUR', isRefund: false };
  expect(feeAt(rates, { ...asked, day: '2026-05-31', amountMinor: 1000 })).toBe(39);
  expect(feeAt(rates, { ...asked, day: '2026-06-01', amountMinor: 900 })).toBe(4); // 4.5 to the even cent
  expect(feeAt(rates, { ...asked, day: '2026-06-01', amountMinor: 1100 })).toBe(6); // 5.5
  expect(feeAt(rates, { ...asked, currency: 'SEK', day: '2026-06-01', amountMinor: 1100 })).toBe(0);
});

test('a job that dies has noted nothing, and the next notes all', async ({ db }) => {
  await set(db);
  const orderId = randomUUID();
  await aPayment(db, orderId, 1000);
  const died = inTransaction(db, async (tx) => {
    while (await lookAtEntries(tx, 'UTC', new Date()));
    expect((await feesOf(tx, orderId)).length).toBeLessThanOrEqual(1);
    throw new Error('killed');
  });
  await expect(died).rejects.toThrow('killed');
  expect(await feesOf(db, orderId)).toEqual([]);
  await noteAllFees(payingDeps(db));
  expect(await feesOf(db, orderId)).toEqual([[false, 39]]);
  const change = sql`update payments.fee_entry set amount_minor = 1`;
  await expect(change.execute(db)).rejects.toThrow('append-only');
});
