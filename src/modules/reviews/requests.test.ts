import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { chooseNotices, noticeChoices } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { reviewToken } from './author.ts';
import { aBuyer, aReceivedLine, aReview, aReviewedProduct } from './factory.ts';
import { mailRequest, planRequest, requestFigures, stopRequests } from './requests.ts';
import { changeSettings } from './settings.ts';

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

  expect(sent()[0]?.unsubscribe).toBe(
    `${deps.config.publicUrl}/reviews/stop?order=${encodeURIComponent(reviewToken(deps.config, first))}`,
  );
  expect(await stopRequests(deps, `${reviewToken(deps.config, first)}x`)).toBe(false);
  expect(await stopRequests(deps, reviewToken(deps.config, first))).toBe(true);
  await mailRequest(deps, { orderId: second });
  expect(sent()).toHaveLength(2);
});

/** One who bought it, with an address that mails go to. */
async function anAddressedBuyer(deps: Deps) {
  const productId = await aReviewedProduct(deps.db);
  const buyer = await aBuyer(deps, productId);
  const email = `${buyer.memberId}@example.com`;
  await sql`
    insert into orders.order_address (order_id, email, name, street, postcode, city, country_code)
    values (${buyer.orderId}, ${email}, 'Ada', 'Gracht 1', '1012', 'Amsterdam', 'NL')`.execute(deps.db);
  return { ...buyer, productId, email };
}

test('who is asked hears of it once, in the page and by mail, as they chose; figures count whom a mail reached', async ({
  deps,
  db,
  outbox,
}) => {
  const from = deps.now();
  await inTransaction(db, (tx) =>
    changeSettings(tx, 'system', {
      takesUnverified: true,
      asksAfterDays: 3,
      incentive: 'discount',
      incentiveNote: '5 % off',
    }),
  );
  const [told, quiet, silent] = [
    await anAddressedBuyer(deps),
    await anAddressedBuyer(deps),
    await anAddressedBuyer(deps),
  ];
  const choose = (memberId: string, inPage: boolean) =>
    inTransaction(db, (tx) => chooseNotices(tx, memberId, [{ kind: 'review_asked', inPage, byMail: false }]));
  await choose(quiet.memberId, true);
  await choose(silent.memberId, false);
  const later = await anAddressedBuyer(deps);
  expect(await stopRequests(deps, reviewToken(deps.config, later.orderId))).toBe(true);
  expect((await noticeChoices(db, later.memberId)).filter(({ byMail }) => !byMail)).toEqual([
    { kind: 'review_asked', inPage: true, byMail: false },
  ]);
  for (const { orderId } of [told, quiet, silent, told]) await mailRequest(deps, { orderId });

  const mails = outbox.filter(({ to }) => [told, quiet, silent].some(({ email }) => email === to));
  expect(mails.map(({ to }) => to)).toEqual([told.email]);
  expect(mails[0]?.text).toContain('You get something for it, whatever you say: 5 % off.');
  const { rows } = await sql<{ memberId: string; slug: string }>`
    select member_id as "memberId", data ->> 'slug' as slug from social.notice where kind = 'review_asked'`.execute(
    db,
  );
  expect(new Set(rows.map(({ memberId }) => memberId))).toEqual(new Set([told.memberId, quiet.memberId]));
  expect(rows).toHaveLength(2);

  await aReview(deps, told, { productId: told.productId, rating: 1 });
  await aReview(deps, quiet, { productId: quiet.productId, rating: 5 });
  // What somebody gets was promised before they wrote, and does not go by the stars.
  const { rows: got } = await sql<{ rating: number; incentive: string | null }>`
    select rating, incentive from reviews.review
    where product_id in (${told.productId}, ${quiet.productId})
    order by rating`.execute(db);
  expect(got).toEqual([
    { rating: 1, incentive: 'discount' },
    { rating: 5, incentive: 'discount' },
  ]);
  const until = new Date(deps.now().getTime() + 1000);
  expect(await requestFigures(db, from, until)).toEqual({ asked: 1, wrote: 1 });
  expect(await requestFigures(db, until, new Date(until.getTime() + 1000))).toEqual({ asked: 0, wrote: 0 });
});
