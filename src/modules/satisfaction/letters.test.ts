import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMember, aSignedInMember } from '#modules/identity/factory.ts';
import { customerOfMember } from '#modules/identity/index.ts';
import { setTerritory } from '#modules/market/index.ts';
import { aCart, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { eraseSatisfaction } from './erase.ts';
import { anAddressedOrder } from './factory.ts';
import { mailReply } from './mail-reply.ts';
import { questionId } from './occasions.ts';

/** A region that one store has, of its own. */
async function aStoreOf(deps: Deps, databaseUrl: string, regionCode: string): Promise<string> {
  const { db } = deps;
  const { locationId } = await aStockedVariant(db, databaseUrl, 5);
  const { memberId } = await aMember(deps, ['operations']);
  const store = { locationId, attractiveness: 1 };
  const wish = { id: randomUUID(), regionCode, startsOn: '2020-01-01', note: '', setBy: memberId };
  await inTransaction(db, (tx) => setTerritory(tx, { ...wish, stores: [store] }, new Date()));
  return locationId;
}

const contactRow = async (db: Db, id: string) => {
  const { rows } = await sql<{
    order_id: string;
    customer_id: string;
    region_code: string;
    location_id: string;
  }>`
    select order_id, customer_id, region_code, location_id, touchpoint, matter::text, noted_by
    from satisfaction.contact where id = ${id}`.execute(db);
  return rows[0];
};

test('a member writes about an order once, staff of service read and answer it, one mail brings the answer, and a settled letter asks how it went', async ({
  app,
  db,
  databaseUrl,
  deps,
  outbox,
}) => {
  const locationId = await aStoreOf(deps, databaseUrl, 'NL');
  const { memberId, cookie } = await aSignedInMember(deps);
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, memberId));
  const email = `${randomUUID()}@example.com`;
  const orderId = await anAddressedOrder(db, { email, customerId });
  const other = await aSignedInMember(deps);
  const id = randomUUID();
  const put = (facts: object = {}, headers: object = { cookie }, letterId = id) =>
    app.inject({
      method: 'PUT',
      url: `/v1/satisfaction/letters/${letterId}`,
      headers: { 'sec-fetch-site': 'same-origin', ...headers },
      payload: { orderId, matter: 'delivery', words: ' Where is it?\nI wait. ', ...facts },
    });
  expect((await Promise.all([put(), put(), put()])).map(({ statusCode }) => statusCode)).toEqual([
    200, 200, 200,
  ]);
  expect(await contactRow(db, id)).toEqual({
    order_id: orderId,
    customer_id: customerId,
    region_code: 'NL',
    location_id: locationId,
    touchpoint: 'web',
    matter: 'delivery',
    noted_by: `member:${memberId}`,
  });
  const refused = async (answer: Promise<{ json: () => { type: string; status: number } }>) => {
    const { type, status } = (await answer).json();
    return [status, type.replace('/problems/', '')];
  };
  expect(await refused(put({ words: 'Something else' }))).toEqual([409, 'satisfaction.contact_differs']);
  expect(await refused(put({ words: '  ' }, { cookie }, randomUUID()))).toEqual([
    422,
    'satisfaction.words_missing',
  ]);
  expect(await refused(put({}, { cookie: other.cookie }, randomUUID()))).toEqual([
    422,
    'satisfaction.order_unknown',
  ]);
  expect(await refused(put({}, {}, randomUUID()))).toEqual([422, 'satisfaction.order_unknown']);
  expect(await refused(put({ words: 'x'.repeat(4001) }, { cookie }, randomUUID()))).toMatchObject([
    400,
    expect.anything(),
  ]);

  const service = await aSignedInMember(deps, ['service']);
  const merchant = await aSignedInMember(deps, ['merchant']);
  const path = '/v1/satisfaction/letters';
  for (const { cookie: not } of [merchant, other])
    expect((await app.inject({ url: `${path}/${id}`, headers: { cookie: not } })).statusCode).toBe(403);
  const desk = { cookie: service.cookie, 'sec-fetch-site': 'same-origin' };
  const waiting = (await app.inject({ url: path, headers: desk })).json<{
    count: number;
    letters: object[];
  }>();
  expect(waiting).toMatchObject({
    count: 1,
    letters: [
      { id, orderId, matter: 'delivery', locationId, email, words: 'Where is it?\nI wait.', replies: [] },
    ],
  });
  const replyId = randomUUID();
  const answer = (isSettled: boolean, words = 'It comes tomorrow.', letterId = id) =>
    app.inject({
      method: 'PUT',
      url: `${path}/${letterId}/replies/${replyId}`,
      headers: desk,
      payload: { words, isSettled },
    });
  expect((await Promise.all([answer(false), answer(false)])).map(({ statusCode }) => statusCode)).toEqual([
    200, 200,
  ]);
  expect(await refused(answer(false, 'Never.'))).toEqual([409, 'satisfaction.reply_differs']);
  expect(await refused(answer(false, 'Hello', randomUUID()))).toEqual([404, 'satisfaction.letter_unknown']);
  expect((await answer(true)).json()).toMatchObject({
    isSettled: true,
    replies: [{ id: replyId, words: 'It comes tomorrow.' }],
  });
  await Promise.all([mailReply(deps, { replyId }), mailReply(deps, { replyId })]);
  await mailReply(deps, { replyId });
  const mails = outbox.filter(({ to }) => to === email);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toBe(`${deps.config.shopName}: our answer about T-${orderId}`);
  expect(mails[0]?.text.split('\n').slice(0, 5)).toEqual([
    'It comes tomorrow.',
    '',
    'You wrote to us:',
    '> Where is it?',
    '> I wait.',
  ]);
  const { rows } = await sql`
    select occasion::text, order_id, location_id from satisfaction.question where id = ${questionId('case', id)}`.execute(
    db,
  );
  expect(rows).toEqual([{ occasion: 'case', order_id: orderId, location_id: locationId }]);
  expect((await app.inject({ url: path, headers: desk })).json()).toEqual({ count: 0, letters: [] });
});

test('a guest writes with the cart of their order or with an address of their own; the eleventh letter for one address within an hour is refused', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1001);
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  const wish = aWish(cartId, 1001 + 495, { orderId: randomUUID() });
  await placeOrder(placingDeps(db), GUEST, wish);
  const put = async (facts: object, id = randomUUID()) => {
    const answer = await app.inject({
      method: 'PUT',
      url: `/v1/satisfaction/letters/${id}`,
      payload: { matter: 'other', words: 'Hello', ...facts },
    });
    const { type = '' } = answer.json<{ type?: string }>();
    return [answer.statusCode, type.replace('/problems/', '')];
  };
  const { orderId } = wish;
  const mine = randomUUID();
  expect(await put({ orderId, cart: cartId, email: 'else@example.com' }, mine)).toEqual([200, '']);
  const { rows } = await sql<{ email: string }>`
    select email from satisfaction.letter where contact_id = ${mine}`.execute(db);
  expect(rows).toEqual([{ email: wish.address?.email }]); // never to another address than the order's
  expect(await put({ orderId, cart: randomUUID() })).toEqual([422, 'satisfaction.order_unknown']);
  expect(await put({})).toEqual([422, 'satisfaction.address_missing']);
  expect(await put({ email: 'nobody' })).toEqual([422, 'identity.email_invalid']);
  const email = `${randomUUID()}@example.com`;
  const id = randomUUID();
  const place = { countryCode: 'DE', postcode: '10115' };
  expect(await put({ email: email.toUpperCase(), place }, id)).toEqual([200, '']);
  expect(await contactRow(db, id)).toMatchObject({
    order_id: null,
    customer_id: null,
    region_code: 'DE',
    location_id: null,
  });
  for (let more = 0; more < 9; more += 1) expect(await put({ email })).toEqual([200, '']);
  expect(await put({ email: email.toUpperCase(), place }, id)).toEqual([200, '']); // a retry is not counted
  expect(await put({ email })).toEqual([429, 'identity.too_many_attempts']);

  await inTransaction(db, (tx) => eraseSatisfaction(tx, { email }));
  const { rows: left } = await sql`select from satisfaction.letter where lower(email) = ${email}`.execute(db);
  expect(left).toEqual([]);
  expect(await contactRow(db, id)).toMatchObject({ region_code: 'DE' });
});
