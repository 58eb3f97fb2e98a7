import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { aSignedInMember } from '../identity/factory.ts';
import { aGiftCard } from './factory.ts';
import { holdParts } from './holds.ts';

const test = base.extend('staff', { scope: 'file' }, async ({ app, deps }) => {
  const [service, operations, member] = [
    await aSignedInMember(deps, ['service']),
    await aSignedInMember(deps, ['operations']),
    await aSignedInMember(deps),
  ];
  const send = (method: 'PUT' | 'GET' | 'POST') => (url: string, cookie?: string, payload?: object) =>
    app.inject({
      method,
      url: `/v1/payments${url}`,
      ...(payload && { payload }),
      ...(cookie && { headers: { cookie } }),
    });
  return { service, operations, member, put: send('PUT'), get: send('GET'), post: send('POST') };
});

const spend = (code: string, totalMinor: number) => {
  const [orderId, attemptId] = [randomUUID(), randomUUID()];
  const spending = { orderId, attemptId, customerId: undefined, totalMinor, currency: 'EUR' };
  return { orderId, spending, wishes: [{ kind: 'gift_card' as const, code }] };
};

test('a card is found by its code, its last characters and the order that it paid for, with its ledger', async ({
  db,
  staff: { get, service, member },
}) => {
  const { id, code } = await aGiftCard(db, 1500);
  const { orderId, spending, wishes } = spend(code, 400);
  await inTransaction(db, (tx) => holdParts(tx, spending, wishes, new Date()));
  const asked = [`code=${code}`, `code=${code.slice(-4).toLowerCase()}`, `orderId=${orderId}`];
  for (const query of asked) {
    const { giftCards } = (await get(`/gift-cards?${query}`, service.cookie)).json();
    expect(giftCards, query).toMatchObject([
      { id, balanceMinor: 1100, codeEnd: code.slice(-4), isBlocked: false },
    ]);
  }
  expect((await get(`/gift-cards?orderId=${randomUUID()}`, service.cookie)).json()).toEqual({
    giftCards: [],
  });
  expect((await get('/gift-cards', member.cookie)).statusCode).toBe(403);
  const { entries } = (await get(`/accounts/${id}`, service.cookie)).json();
  expect(entries).toMatchObject([
    { kind: 'held', amountMinor: -400, orderId },
    { kind: 'issued', amountMinor: 1500, orderId: null, reason: 'a test' },
  ]);
  expect((await get(`/accounts/${randomUUID()}`, service.cookie)).statusCode).toBe(404);
});

test('a blocked card pays for nothing and tells nothing until it is freed; each is written down once', async ({
  db,
  staff: { put, get, post, service, operations },
}) => {
  const { id, code } = await aGiftCard(db, 900);
  const asked = () =>
    post('/gift-card-balance', undefined, { code: code.toLowerCase().replaceAll('-', ' ') });
  expect((await asked()).json()).toEqual({ currency: 'EUR', balanceMinor: 900, expiresAt: null });
  for (const _ of ['first', 'again'])
    expect((await put(`/accounts/${id}/block`, service.cookie, { reason: 'Lost' })).statusCode).toBe(200);
  expect((await asked()).json()).toMatchObject({ type: '/problems/payments.gift_card_unknown' });
  const { spending, wishes } = spend(code, 400);
  const buy = () => inTransaction(db, (tx) => holdParts(tx, spending, wishes, new Date()));
  await expect(buy()).rejects.toMatchObject({ code: 'payments.gift_card_unknown' });
  expect((await put(`/accounts/${id}/release`, service.cookie, { reason: 'Found' })).statusCode).toBe(403);
  expect((await put(`/accounts/${id}/release`, operations.cookie, { reason: 'Found' })).statusCode).toBe(200);
  expect(await buy()).toBe(0);
  const { entries } = (await get(`/accounts/${id}`, service.cookie)).json();
  expect(entries.map(({ kind, reason }: { kind: string; reason: string }) => [kind, reason])).toEqual([
    ['held', ''],
    ['freed', 'Found'],
    ['blocked', 'Lost'],
    ['issued', 'a test'],
  ]);
});

test('a balance is corrected by another entry, once for an id, and never below nothing', async ({
  db,
  staff: { put, service, operations },
}) => {
  const { id: accountId } = await aGiftCard(db, 900);
  const url = `/corrections/${randomUUID()}`;
  const wish = { accountId, amountMinor: -300, reason: 'Issued twice' };
  expect((await put(url, service.cookie, wish)).statusCode).toBe(403);
  const sent = await Promise.all([1, 2].map(() => put(url, operations.cookie, wish)));
  expect(sent.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect((await put(url, operations.cookie, { ...wish, amountMinor: -301 })).statusCode).toBe(409);
  const below = { ...wish, amountMinor: -601 };
  expect((await put(`/corrections/${randomUUID()}`, operations.cookie, below)).json()).toMatchObject({
    type: '/problems/payments.credit_too_small',
    data: { leftMinor: 600, currency: 'EUR' },
  });
  expect((await put(url, operations.cookie, { ...wish, amountMinor: 0 })).statusCode).toBe(400);
  const { rows } =
    await sql`select balance_minor, (select sum(amount_minor)::integer from payments.account_entry
    where account_id = account.id) as entries from payments.account where id = ${accountId}`.execute(db);
  expect(rows).toEqual([{ balance_minor: 600, entries: 600 }]);
});

test('one who serves buyers gives no more in a day than is set, cards and credit together; who runs the shop does', async ({
  db,
  deps,
  staff: { put, get, operations, member },
}) => {
  const { cookie } = await aSignedInMember(deps, ['service']);
  const limit = { aDayMinor: 5000 };
  expect((await put('/give-limits/EUR', cookie, limit)).statusCode).toBe(403);
  expect((await put('/give-limits/EUR', operations.cookie, limit)).statusCode).toBe(200);
  expect((await get('/give-limits', cookie)).json()).toEqual({
    limits: [{ currency: 'EUR', aDayMinor: 5000 }],
  });
  const money = { amountMinor: 3000, currency: 'EUR', reason: 'It came late' };
  const grant = { ...money, memberId: member.memberId };
  // Two at once: one of them is too much.
  const both = await Promise.all([1, 2].map(() => put(`/credits/${randomUUID()}`, cookie, grant)));
  expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
  const card = await put(`/gift-cards/${randomUUID()}`, cookie, { ...money, amountMinor: 2001 });
  expect(card.json()).toMatchObject({
    type: '/problems/payments.more_than_may_be_given',
    data: { leftMinor: 2000, currency: 'EUR' },
  });
  // A currency that nobody has set, and somebody with more to say.
  expect(
    (await put(`/gift-cards/${randomUUID()}`, cookie, { ...money, currency: 'GBP', amountMinor: 10_001 }))
      .statusCode,
  ).toBe(409);
  expect(
    (await put(`/credits/${randomUUID()}`, operations.cookie, { ...grant, amountMinor: 9000 })).statusCode,
  ).toBe(200);
  const { credits } = (await get(`/members/${member.memberId}/store-credit`, cookie)).json();
  expect(credits).toMatchObject([{ currency: 'EUR', balanceMinor: 12_000 }]);
  const mine = (await get('/me/store-credit', member.cookie)).json();
  expect(mine.credits).toMatchObject([
    { currency: 'EUR', balanceMinor: 12_000, entries: [{ amountMinor: 9000 }, { amountMinor: 3000 }] },
  ]);
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from payments.account where kind = 'gift_card' and currency = 'GBP'`.execute(
    db,
  );
  expect(rows[0]?.count).toBe(0);
});

test('nobody gives credit to themselves', async ({ staff: { put, operations } }) => {
  const wish = { memberId: operations.memberId, amountMinor: 100, currency: 'EUR', reason: 'For me' };
  expect((await put(`/credits/${randomUUID()}`, operations.cookie, wish)).json()).toMatchObject({
    type: '/problems/payments.credit_to_oneself',
  });
});

test('codes are tried out a few times only', async ({ staff: { post } }) => {
  const tries = [];
  for (let count = 0; count < 21; count += 1)
    tries.push(
      (await post('/gift-card-balance', undefined, { code: `AAAA-AAAA-AAAA-A${count}` })).statusCode,
    );
  expect(tries.slice(-2)).toContain(429);
  expect(tries[0]).toBe(409);
});
