import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aSignedInMember } from '../identity/factory.ts';
import { aPayment } from './factory.ts';

test('staff issue cards, grant credit and refund, each once, with a reason and a trail; nobody else does', async ({
  app,
  db,
  deps,
}) => {
  const service = await aSignedInMember(deps, ['service']);
  const merchant = await aSignedInMember(deps, ['merchant']);
  const orderId = randomUUID();
  await aPayment(db, orderId, 1000);
  const facts = { amountMinor: 400, reason: 'It came late' };
  const money = { ...facts, currency: 'EUR' };
  const asked = [
    [`/v1/payments/gift-cards/${randomUUID()}`, money],
    [`/v1/payments/credits/${randomUUID()}`, { ...money, memberId: merchant.memberId }],
    [`/v1/payments/refunds/${randomUUID()}`, { ...facts, orderId }],
  ] as const;
  const put = (url: string, payload: object, cookie?: string) =>
    app.inject({ method: 'PUT', url, payload, ...(cookie && { headers: { cookie } }) });

  for (const [url, payload] of asked) {
    expect((await put(url, payload)).statusCode).toBe(401);
    expect((await put(url, payload, merchant.cookie)).statusCode).toBe(403);
    expect((await put(url, { ...payload, reason: ' ' }, service.cookie)).statusCode).toBe(400);
    const [first, again] = [await put(url, payload, service.cookie), await put(url, payload, service.cookie)];
    expect([first.statusCode, again.json()]).toEqual([200, first.json()]);
    expect((await put(url, { ...payload, amountMinor: 401 }, service.cookie)).statusCode).toBe(409);
  }

  const more = { orderId, amountMinor: 601, reason: 'Too much' };
  expect((await put(`/v1/payments/refunds/${randomUUID()}`, more, service.cookie)).json()).toMatchObject({
    type: '/problems/payments.more_than_is_left',
    data: { leftMinor: 600 },
  });
  const nobody = { ...money, memberId: randomUUID() };
  expect((await put(`/v1/payments/credits/${randomUUID()}`, nobody, service.cookie)).statusCode).toBe(404);
  const { rows } = await sql<{ action: string }>`
    select action from identity.audit where actor = ${`member:${service.memberId}`}
      and action in ('gift_card_issued', 'credit_granted', 'refund_made') order by id`.execute(db);
  expect(rows.map(({ action }) => action)).toEqual(['gift_card_issued', 'credit_granted', 'refund_made']);
  const { rows: kept } = await sql`
    select kind, balance_minor, code_hash ~ '^[0-9a-f]{64}$' as hashed from payments.account order by kind`.execute(
    db,
  );
  expect(kept).toEqual([
    { kind: 'gift_card', balance_minor: 400, hashed: true },
    { kind: 'store_credit', balance_minor: 400, hashed: null },
  ]);
});
