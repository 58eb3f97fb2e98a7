import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { reviewToken } from './author.ts';
import { aReceivedLine, aReview, aReviewedProduct } from './factory.ts';
import { mailRequest, planRequest, stopRequests } from './requests.ts';
import { ratingOf, reviewsOf } from './reviews.ts';

test('what is removed is logged, told, out of the counts, and back when an appeal is granted by somebody else', async ({
  app,
  deps,
  db,
}) => {
  const productId = await aReviewedProduct(db);
  const [author, clerk, chief] = [
    await aPerson(deps),
    await aSignedInMember(deps, ['service']),
    await aSignedInMember(deps, ['merchant']),
  ];
  const pieceId = await aReview(deps, author, { productId, rating: 1, body: 'Rubbish.' });
  const id = randomUUID();
  const send = async (method: 'PUT' | 'POST' | 'GET', url: string, cookie: string, payload?: object) =>
    app.inject({
      method,
      url: `/v1/reviews/removals${url}`,
      headers: { cookie },
      ...(payload && { payload }),
    });

  expect((await send('PUT', `/${id}`, clerk.cookie, { pieceId, reason: 'one_star' })).statusCode).toBe(400);
  expect((await send('PUT', `/${id}`, author.cookie, { pieceId, reason: 'spam' })).statusCode).toBe(403);
  for (const attempt of ['first', 'retry'])
    expect((await send('PUT', `/${id}`, clerk.cookie, { pieceId, reason: 'spam' })).statusCode, attempt).toBe(
      204,
    );
  expect(await ratingOf(db, productId)).toMatchObject({ count: 0 });
  expect((await reviewsOf(db, undefined, productId, { limit: 5 })).reviews).toEqual([]);
  const mine = (await send('GET', '/mine', author.cookie)).json();
  expect(mine.removals).toMatchObject([{ id, reason: 'spam', state: 'removed', body: 'Rubbish.' }]);
  const { rows } = await sql`select kind from social.notice where member_id = ${author.memberId}`.execute(db);
  expect(rows).toEqual([{ kind: 'moderated' }]);

  const decision = `/${id}/decision`;
  expect((await send('POST', `/${id}/appeal`, clerk.cookie, { words: 'No.' })).statusCode).toBe(409);
  expect((await send('POST', `/${id}/appeal`, author.cookie, { words: 'It is my view.' })).statusCode).toBe(
    204,
  );
  expect((await send('POST', decision, clerk.cookie, { outcome: 'restored' })).statusCode).toBe(409);
  expect((await send('POST', decision, chief.cookie, { outcome: 'restored' })).statusCode).toBe(204);
  expect(await ratingOf(db, productId)).toMatchObject({ count: 1, stars: [1, 0, 0, 0, 0] });
  const log = (await send('GET', '?state=restored', chief.cookie)).json();
  expect(log.removals).toMatchObject([{ id, appeal: 'It is my view.' }]);
});

test('a buyer is asked once for each order, by a link that opens the form, and not after saying no', async ({
  deps,
  db,
  outbox,
}) => {
  const productId = await aReviewedProduct(db);
  const email = `${randomUUID()}@example.com`;
  const order = async () => {
    const { orderId } = await aReceivedLine(db, productId, null);
    await sql`
      insert into orders.order_address (order_id, email, name, street, postcode, city, country_code)
      values (${orderId}, ${email}, 'Ada', 'A 1', '1011', 'Delft', 'NL')`.execute(db);
    return orderId;
  };
  const [first, second, failing] = [await order(), await order(), await order()];
  const { rows } = await sql`
    select due_at, sent_at from reviews.request where order_id = ${first}`.execute(db);
  expect(rows).toEqual([{ due_at: new Date('2026-11-19T10:00:00Z'), sent_at: null }]);
  await inTransaction(db, (tx) => planRequest(tx, first, '2026-11-20T10:00:00Z')); // its second parcel

  await mailRequest(deps, { orderId: first });
  await mailRequest(deps, { orderId: first });
  const sent = () => outbox.filter(({ to }) => to === email);
  expect(sent()).toHaveLength(1);
  expect(sent()[0]?.text).toContain(
    `/p/p-${productId}/review?order=${encodeURIComponent(reviewToken(deps.config, first))}`,
  );

  const broken = { ...deps, mailer: () => Promise.reject(new Error('no server')) };
  await expect(mailRequest(broken, { orderId: failing })).rejects.toThrow('no server');
  await mailRequest(deps, { orderId: failing });
  expect(sent()).toHaveLength(2);

  await stopRequests(deps, reviewToken(deps.config, first));
  await mailRequest(deps, { orderId: second });
  expect(sent()).toHaveLength(2);
});
