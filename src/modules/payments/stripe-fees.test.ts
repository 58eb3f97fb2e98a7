import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/stripe-test.ts';
import { noteAllFees } from './factory.ts';
import { carryOutLeft } from './operations.ts';
import { giveBack } from './order-money.ts';
import { openPayment, pay, settleAnswer } from './payment.ts';
import { providerNamed } from './providers.ts';

/** A payment that Stripe took. */
async function charged(selling: Deps, amountMinor: number, currency = 'EUR') {
  const { db } = selling;
  const [id, orderId, now] = [randomUUID(), randomUUID(), new Date()];
  const payment = { id, orderId, attemptId: id, provider: 'stripe', amountMinor, currency };
  await inTransaction(db, (tx) => openPayment(tx, payment, now));
  const asked = {
    paymentId: id,
    amountMinor,
    currency,
    token: 'pm_card_visa',
    returnUrl: 'https://shop.test',
  };
  const answer = await pay(db, providerNamed(selling, 'stripe'), { ...asked, capture: 'now' });
  if (answer.state !== 'captured') throw new Error(answer.state);
  await inTransaction(db, (tx) => settleAnswer(tx, id, answer, now));
  return { paymentId: id, orderId };
}

const feesOf = async (db: Db, paymentId: string) => {
  const { rows } = await sql<Record<string, unknown>>`
    select is_of_refund as "isOfRefund", amount_minor as amount, provider_minor as told,
      provider_currency as "toldIn" from payments.fee_entry
    where payment_id = ${paymentId} order by noted_at, id`.execute(db);
  return rows;
};
const dueOf = async (db: Db, paymentId: string) => {
  const { rows } = await sql<{ asked: number; askAt: Date }>`
    select asked, ask_at as "askAt" from payments.fee_due where payment_id = ${paymentId}`.execute(db);
  return rows[0];
};
const later = (deps: Deps, minutes: number): Deps => ({
  ...deps,
  now: () => new Date(Date.now() + minutes * 60_000),
});

test('what Stripe took is noted when it knows, once, however often it is asked', async ({
  db,
  selling,
  stripe,
}) => {
  const { paymentId } = await charged(selling, 2495);
  await noteAllFees(selling);
  expect(await feesOf(db, paymentId)).toEqual([]);
  expect(await dueOf(db, paymentId)).toMatchObject({ asked: 1 });
  stripe.tookOf(paymentId, { fee: 62, currency: 'eur' });
  await noteAllFees(selling); // not its turn yet
  expect(await feesOf(db, paymentId)).toEqual([]);
  await Promise.all([noteAllFees(later(selling, 2)), noteAllFees(later(selling, 2))]);
  expect(await feesOf(db, paymentId)).toEqual([{ isOfRefund: false, amount: 62, told: 62, toldIn: 'EUR' }]);
  expect(await dueOf(db, paymentId)).toBeUndefined();
});

test('a refund has a fee of its own, and what was noted before is not noted again', async ({
  db,
  selling,
  stripe,
}) => {
  const { paymentId, orderId } = await charged(selling, 3000);
  stripe.tookOf(paymentId, { fee: 70, currency: 'eur' });
  await noteAllFees(selling);
  stripe.takeOfRefunds({ fee: 15, currency: 'eur' });
  const wish = { id: randomUUID(), orderId, amountMinor: 1000, reason: 'a test', actor: 'system' };
  await inTransaction(db, (tx) => giveBack(tx, wish, new Date()));
  await carryOutLeft(later(selling, 2));
  await noteAllFees(selling);
  expect(await feesOf(db, paymentId)).toMatchObject([
    { isOfRefund: false, amount: 70 },
    { isOfRefund: true, amount: 15 },
  ]);
});

test('a fee in the account’s money is brought back to the payment’s by the rate of its own conversion', async ({
  db,
  selling,
  stripe,
}) => {
  const { paymentId } = await charged(selling, 10_000, 'USD');
  stripe.tookOf(paymentId, { fee: 333, currency: 'eur', exchangeRate: 0.9 });
  await noteAllFees(selling);
  expect(await feesOf(db, paymentId)).toEqual([{ isOfRefund: false, amount: 370, told: 333, toldIn: 'EUR' }]);
});

test('Stripe that does not answer is asked again, and its message hastens the question', async ({
  db,
  selling,
  shop,
  stripe,
}) => {
  const { paymentId } = await charged(selling, 1000);
  stripe.expectTrouble({ path: '/v1/payment_intents', how: 'answers nonsense' });
  await expect(noteAllFees(selling)).rejects.toThrow('1 payments could not be asked');
  expect(await dueOf(db, paymentId)).toMatchObject({ asked: 1 });
  stripe.tookOf(paymentId, { fee: 40, currency: 'eur' });
  const about = { object: 'charge', metadata: { payment_id: paymentId } };
  expect((await shop.inject(stripe.message('charge.updated', about))).statusCode).toBe(200);
  await noteAllFees(selling);
  expect(await feesOf(db, paymentId)).toMatchObject([{ amount: 40 }]);
});

test('a shop that no longer has Stripe is told so, and others’ fees are noted all the same', async ({
  db,
  deps,
  selling,
}) => {
  const { paymentId } = await charged(selling, 1000);
  await expect(noteAllFees(deps)).rejects.toThrow('1 payments could not be asked');
  expect(await dueOf(db, paymentId)).toMatchObject({ asked: 1 });
});

test('what a dispute costs is asked when Stripe tells of it, months after all else was known, and a fee that comes back is noted too', async ({
  db,
  selling,
  shop,
  stripe,
}) => {
  const { paymentId } = await charged(selling, 2495);
  stripe.tookOf(paymentId, { fee: 62, currency: 'eur' });
  await noteAllFees(selling);
  expect(await dueOf(db, paymentId)).toBeUndefined();
  const tell = async (type: string, about: object) => {
    expect((await shop.inject(stripe.message(type, about))).statusCode).toBe(200);
    await noteAllFees(later(selling, 1));
  };
  // An inquiry moves no money, and is not asked about again.
  await tell('charge.dispute.created', stripe.dispute(paymentId, 'warning_needs_response'));
  expect(await dueOf(db, paymentId)).toBeUndefined();
  expect(await feesOf(db, paymentId)).toHaveLength(1);
  // One whose money is still to be taken is.
  await tell('charge.dispute.updated', stripe.dispute(paymentId, 'needs_response'));
  expect(await dueOf(db, paymentId)).toMatchObject({ asked: 1 });
  const withdrawn = stripe.dispute(paymentId, 'needs_response', [{ fee: 2000, currency: 'eur' }]);
  await tell('charge.dispute.funds_withdrawn', withdrawn);
  await tell('charge.dispute.funds_withdrawn', withdrawn);
  const fees = [
    { isOfRefund: false, amount: 62, told: 62, toldIn: 'EUR' },
    { isOfRefund: false, amount: 2000, told: 2000, toldIn: 'EUR' },
  ];
  expect(await feesOf(db, paymentId)).toEqual(fees);
  expect(await dueOf(db, paymentId)).toBeUndefined();
  await tell(
    'charge.dispute.funds_reinstated',
    stripe.dispute(paymentId, 'won', [{ fee: -2000, currency: 'eur' }]),
  );
  expect(await feesOf(db, paymentId)).toEqual([
    ...fees,
    { isOfRefund: false, amount: -2000, told: -2000, toldIn: 'EUR' },
  ]);
  // Of a payment that is not ours nothing is asked.
  const due = async () => (await sql`select from payments.fee_due`.execute(db)).rows.length;
  const before = await due();
  const unknown = { object: 'dispute', payment_intent: 'pi_unknown' };
  expect((await shop.inject(stripe.message('charge.dispute.created', unknown))).statusCode).toBe(200);
  expect(await due()).toBe(before);
});
