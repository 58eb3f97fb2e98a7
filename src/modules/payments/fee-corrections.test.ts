import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aPayment, noteAllFees, payingDeps } from './factory.ts';
import { correctFee } from './fee-corrections.ts';
import { setFeeRate } from './fee-rates.ts';

const entriesOf = async (db: Db, paymentId: string) => {
  const { rows } = await sql<Record<string, unknown>>`
    select is_of_refund as "isOfRefund", amount_minor as amount, becomes_minor as becomes, actor, reason
    from payments.fee_entry where payment_id = ${paymentId} order by noted_at, id`.execute(db);
  return rows;
};

test('a fee that a rate made wrong is put right once, by an entry of the difference that says who and why', async ({
  db,
}) => {
  const rate = {
    provider: 'test',
    currency: 'EUR',
    startsOn: '2026-01-01',
    perMillion: 0,
    fixedMinor: 60,
    refundMinor: 0,
  } as const;
  await inTransaction(db, (tx) => setFeeRate(tx, 'system', rate, new Date()));
  const orderId = randomUUID();
  const paymentId = await aPayment(db, orderId, 2495);
  await noteAllFees(payingDeps(db));
  const wish = {
    id: randomUUID(),
    paymentId,
    isOfRefund: false,
    becomesMinor: 25,
    reason: 'The contract says so',
  };
  const correct = (facts: Partial<typeof wish> = {}) =>
    inTransaction(db, (tx) => correctFee(tx, 'system', { ...wish, ...facts }, new Date()));
  await Promise.all([correct(), correct(), correct()]);
  const first = { isOfRefund: false, amount: -35, becomes: 25, actor: 'system', reason: wish.reason };
  const noted = { isOfRefund: false, amount: 60, becomes: null, actor: null, reason: null };
  expect(await entriesOf(db, paymentId)).toEqual([noted, first]);
  for (const facts of [{ becomesMinor: 26 }, { reason: 'Else' }, { isOfRefund: true }])
    await expect(correct(facts)).rejects.toMatchObject({ code: 'payments.fee_correction_differs' });
  const another = { id: randomUUID() };
  await expect(correct(another)).rejects.toMatchObject({
    code: 'payments.fee_is_right',
    data: { feeMinor: 25 },
  });
  // Others that come at once each find what the one before made of it.
  await Promise.all([10, 40, 70].map((becomesMinor) => correct({ id: randomUUID(), becomesMinor })));
  const all = await entriesOf(db, paymentId);
  expect(all).toHaveLength(5);
  const made = all.slice(2).map(({ amount, becomes }) => Number(becomes) - Number(amount));
  const now = all.reduce((sum, { amount }) => sum + Number(amount), 0);
  expect([...made, now].sort((a, b) => a - b)).toEqual([10, 25, 40, 70]);
  // A retry of the first is still one.
  await correct();
  expect(await entriesOf(db, paymentId)).toHaveLength(5);
  // Where no rate was set in time there is nothing yet: all of it is added.
  await correct({ id: randomUUID(), isOfRefund: true, becomesMinor: 12 });
  expect((await entriesOf(db, paymentId)).at(-1)).toMatchObject({
    isOfRefund: true,
    amount: 12,
    becomes: 12,
  });
  await expect(correct({ id: randomUUID(), paymentId: randomUUID() })).rejects.toMatchObject({
    code: 'payments.payment_unknown',
  });
  await sql`update payments.payment set provider = 'stripe' where id = ${paymentId}`.execute(db);
  await expect(correct({ id: randomUUID(), becomesMinor: 1 })).rejects.toMatchObject({
    code: 'payments.fee_is_reported',
  });
  const { rows: events } = await sql<{ minor: number }>`
    select (payload ->> 'amountMinor')::integer as minor from platform.event
    where name = 'payments.fee_noted.v1' and payload ->> 'orderId' = ${orderId} order by id limit 2`.execute(
    db,
  );
  expect(events.map(({ minor }) => minor)).toEqual([60, -35]);
  const { rows: trail } = await sql<{ data: object }>`
    select data from identity.audit where action = 'fee_corrected' and data ->> 'correctionId' = ${wish.id}`.execute(
    db,
  );
  expect(trail).toEqual([
    {
      data: {
        correctionId: wish.id,
        paymentId,
        isOfRefund: false,
        wasMinor: 60,
        becomesMinor: 25,
        currency: 'EUR',
        reason: wish.reason,
      },
    },
  ]);
});
