import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aMember, aSignedInMember } from '../identity/factory.ts';
import { aPayment } from './factory.ts';
import { carryOut } from './operations.ts';
import { giveBack, moneyOf } from './order-money.ts';
import { type RefusalAnswer, answerRefusal, refusedRefundCount, refusedRefunds } from './refused-refunds.ts';
import { testProvider } from './test-provider.ts';

const refuses = (db: Db) => () => ({
  ...testProvider(db),
  refund: async () => ({ state: 'refused' as const, reason: 'charge_disputed' }),
});

const pendingOf = async (db: Db, orderId: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    select operation.id from payments.operation join payments.payment on payment.id = payment_id
    where order_id = ${orderId} and operation.state = 'pending'`.execute(db);
  return rows[0]?.id ?? '';
};

/** A refund of 400 of 1000 that the provider refused for good. */
async function aRefusal(deps: Deps) {
  const { db } = deps;
  const orderId = randomUUID();
  await aPayment(db, orderId, 1000);
  const wish = { id: randomUUID(), orderId, amountMinor: 400, reason: 'It broke', actor: 'system' };
  await inTransaction(db, (tx) => giveBack(tx, wish, new Date()));
  const operationId = await pendingOf(db, orderId);
  await carryOut(deps, { operationId }, refuses(db));
  return { orderId, operationId };
}

const STAFF = { kind: 'member', memberId: randomUUID(), staffRoles: ['service'], scopes: [] } as const;
const see = (db: Db, operationId: string, wish: RefusalAnswer) =>
  inTransaction(db, (tx) => answerRefusal(tx, STAFF, operationId, wish, new Date()));
const codeOf = (error: unknown) => (error instanceof AppError ? error.code : error);

test('a refusal is listed, told by an event and mailed once to those who serve buyers', async ({
  deps,
  db,
  work,
  outbox,
}) => {
  const service = await aMember(deps, ['service']);
  await aMember(deps, ['merchant']);
  const { orderId, operationId } = await aRefusal(deps);
  const [listed] = await refusedRefunds(db, { only: operationId, limit: 1 });
  expect(listed).toEqual({
    operationId,
    orderId,
    provider: 'test',
    amountMinor: 400,
    currency: 'EUR',
    reason: 'charge_disputed',
    refusedAt: expect.any(Date),
  });
  const { rows } = await sql<{ payload: unknown }>`
    select payload from platform.event where name = 'payments.refund_refused.v1' and payload->>'orderId' = ${orderId}`.execute(
    db,
  );
  expect(rows).toEqual([
    { payload: expect.objectContaining({ operationId, amountMinor: 400, reason: 'charge_disputed' }) },
  ]);
  await work();
  await carryOut(deps, { operationId }, refuses(db));
  await work();
  const mails = outbox.filter(({ subject }) => subject.includes('refund'));
  expect(mails.map(({ to }) => to)).toEqual([service.email]);
  expect(mails[0]?.text).toContain('charge_disputed');
  expect(mails[0]?.text).toContain('/desk/refunds');
});

test('asked again it goes back, once however often that is said; refused again it is listed again', async ({
  deps,
  db,
}) => {
  const { orderId, operationId } = await aRefusal(deps);
  const before = await refusedRefundCount(db);
  await Promise.all([1, 2, 3].map(() => see(db, operationId, { answer: 'again' })));
  expect(await refusedRefundCount(db)).toBe(before - 1);
  const again = await pendingOf(db, orderId);
  await carryOut(deps, { operationId: again }, refuses(db));
  expect((await refusedRefunds(db, { only: again, limit: 1 }))[0]).toMatchObject({
    orderId,
    amountMinor: 400,
  });
  await see(db, again, { answer: 'again' });
  await carryOut(deps, { operationId: await pendingOf(db, orderId) });
  expect(await moneyOf(db, orderId)).toMatchObject({
    refundedMinor: 400,
    reducedMinor: 400,
    creditedMinor: 0,
  });
});

test('paid by hand it is refunded in the books by its reference, and by no other answer afterwards', async ({
  deps,
  db,
}) => {
  const { orderId, operationId } = await aRefusal(deps);
  const paid = { answer: 'by_hand', reference: 'SEPA 77' } as const;
  await see(db, operationId, paid);
  await see(db, operationId, paid);
  for (const other of [{ answer: 'again' }, { ...paid, reference: 'SEPA 78' }] as const)
    expect(await see(db, operationId, other).catch(codeOf)).toBe('payments.refund_answered');
  expect(await moneyOf(db, orderId)).toMatchObject({ refundedMinor: 400, capturedMinor: 1000 });
  const { rows } = await sql`
    select entry.kind, entry.amount_minor, entry.provider_ref from payments.entry join payments.payment on payment.id = payment_id
    where order_id = ${orderId} and entry.kind in ('refunded', 'failed') order by entry.id`.execute(db);
  expect(rows).toEqual([
    { kind: 'failed', amount_minor: 400, provider_ref: null },
    { kind: 'refunded', amount_minor: 400, provider_ref: 'SEPA 77' },
  ]);
  expect(await see(db, randomUUID(), paid).catch(codeOf)).toBe('payments.refund_not_refused');
});

test('as store credit it is the member’s at once; by API only for who serves buyers, with a trail', async ({
  app,
  deps,
  db,
}) => {
  const { orderId, operationId } = await aRefusal(deps);
  const service = await aSignedInMember(deps, ['service']);
  const merchant = await aSignedInMember(deps, ['merchant']);
  const put = (payload: object, cookie?: string) =>
    app.inject({
      method: 'PUT',
      url: `/v1/payments/refused-refunds/${operationId}/answer`,
      payload,
      ...(cookie && { headers: { cookie } }),
    });
  const wish = { answer: 'credit', memberId: merchant.memberId };
  expect((await put(wish)).statusCode).toBe(401);
  expect((await put(wish, merchant.cookie)).statusCode).toBe(403);
  expect((await put({ answer: 'by_hand', reference: ' ' }, service.cookie)).statusCode).toBe(400);
  expect((await put({ ...wish, memberId: randomUUID() }, service.cookie)).statusCode).toBe(404);
  const listed = await app.inject({
    url: '/v1/payments/refused-refunds',
    headers: { cookie: service.cookie },
  });
  expect(
    listed.json<{ refunds: { operationId: string }[] }>().refunds.map((each) => each.operationId),
  ).toContain(operationId);
  for (const attempt of ['first', 'retry'])
    expect((await put(wish, service.cookie)).statusCode, attempt).toBe(200);
  expect(await moneyOf(db, orderId)).toMatchObject({ refundedMinor: 0, creditedMinor: 400 });
  const { rows } = await sql`
    select balance_minor from payments.account join identity.customer on customer.id = customer_id
    where member_id = ${merchant.memberId}`.execute(db);
  expect(rows).toEqual([{ balance_minor: 400 }]);
  const { rows: trail } = await sql`
    select data from identity.audit where action = 'refund_seen_to' and actor = ${`member:${service.memberId}`}`.execute(
    db,
  );
  expect(trail).toEqual([{ data: { operationId, answer: 'credit', amountMinor: 400, currency: 'EUR' } }]);
});
