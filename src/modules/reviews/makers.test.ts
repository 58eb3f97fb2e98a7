import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMaker } from '#modules/identity/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { answer, ask, deleteSaid } from './answers.ts';
import { aBuyer, aReview, aReviewedProduct } from './factory.ts';
import { endVoice, letSpeak, spokenFor } from './makers.ts';
import { questionsOf } from './questions.ts';
import { reviewsOf } from './reviews.ts';
import { unreplied } from './unreplied.ts';

const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

async function aBrandOf(db: Db, productId: string): Promise<string> {
  const id = randomUUID();
  await sql`insert into catalog.brand (id, slug, name) values (${id}, ${`b-${id}`}, 'Kiln')`.execute(db);
  await sql`update catalog.product set brand_id = ${id} where id = ${productId}`.execute(db);
  return id;
}

/** A product whose maker has two people, of which one brand is theirs no more. */
async function aMadeProduct(deps: Deps) {
  const { db, now } = deps;
  const [productId, otherId, endedId] = [
    await aReviewedProduct(db),
    await aReviewedProduct(db),
    await aReviewedProduct(db),
  ];
  const brands = await Promise.all([productId, otherId, endedId].map((id) => aBrandOf(db, id)));
  const [potter, colleague, rival] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const organizationId = await aMaker(db, [potter.memberId, colleague.memberId], 'Kiln and Sons');
  const rivalId = await aMaker(db, [rival.memberId], 'Another');
  const voice = { id: randomUUID(), brandId: brands[0] ?? '', organizationId };
  const ended = { id: randomUUID(), brandId: brands[2] ?? '', organizationId };
  await inTransaction(db, async (tx) => {
    for (const each of [voice, voice, ended]) await letSpeak(tx, 'system', each, now());
    const rivals = { id: randomUUID(), brandId: brands[1] ?? '', organizationId: rivalId };
    await letSpeak(tx, 'system', rivals, now());
    await endVoice(tx, 'system', ended.id, now());
    await endVoice(tx, 'system', ended.id, now());
  });
  return { productId, otherId, endedId, potter, colleague, rival, organizationId, voice };
}

test('who speaks for a brand answers for its maker, there and nowhere else, until it ends', async ({
  deps,
  db,
}) => {
  const made = await aMadeProduct(deps);
  const { productId, otherId, endedId, potter, rival } = made;
  const [asker, clerk] = [await aPerson(deps), await aPerson(deps)];
  const now = deps.now();
  const speak = (memberId: string, about: string, speaksFor: 'maker' | 'self' = 'maker') =>
    refusal(
      inTransaction(db, (tx) =>
        answer(tx, { memberId }, { id: randomUUID(), subjectId: about, body: 'Ours.', speaksFor }, now),
      ),
    );
  const products = { own: productId, other: otherId, ended: endedId };
  const people = { maker: potter, rival, stranger: asker, staff: clerk };
  const ends: Record<string, string> = {};
  for (const [whose, id] of Object.entries(products)) {
    const questionId = randomUUID();
    await inTransaction(db, (tx) =>
      ask(tx, asker.memberId, { id: questionId, productId: id, body: 'How is it fired?' }, now),
    );
    const reviewId = await aReview(deps, asker, { productId: id, rating: 2 });
    for (const [who, { memberId }] of Object.entries(people)) {
      ends[`${who} ${whose} question`] = await speak(memberId, questionId);
      ends[`${who} ${whose} review`] = await speak(memberId, reviewId);
      if (whose === 'own') ends[`${who} review for self`] = await speak(memberId, reviewId, 'self');
    }
  }
  const allowed = Object.entries(ends).filter(([, end]) => end === 'done');
  expect(allowed.map(([name]) => name).sort()).toEqual([
    'maker own question',
    'maker own review',
    'rival other question',
    'rival other review',
  ]);
  expect(new Set(Object.values(ends))).toEqual(
    new Set(['done', 'reviews.not_their_brand', 'reviews.not_answerable']),
  );
  const { questions } = await questionsOf(db, undefined, productId, { limit: 5 });
  expect(questions[0]?.answers.map(({ voice, maker }) => [voice, maker])).toEqual([
    ['maker', 'Kiln and Sons'],
  ]);
  const { reviews } = await reviewsOf(db, undefined, productId, { limit: 5 });
  expect(reviews[0]?.replies.map(({ voice, maker }) => [voice, maker])).toEqual([['maker', 'Kiln and Sons']]);
});

test('a maker’s list loses what was answered and gets it back when the answer is deleted, by a colleague too', async ({
  deps,
  db,
}) => {
  const { productId, potter, colleague, rival, organizationId, voice } = await aMadeProduct(deps);
  const now = deps.now();
  const author = await aPerson(deps);
  const reviewId = await aReview(deps, author, { productId, rating: 1 });
  const waiting = async (by: 'maker' | 'retailer') => {
    const asked = { by, productIds: [productId], limit: 5 };
    return (await unreplied(db, potter.memberId, asked)).reviews.map(({ id }) => id);
  };
  const id = randomUUID();
  const wish = { id, subjectId: reviewId, body: 'We are sorry.', speaksFor: 'maker' } as const;
  expect(await waiting('maker')).toEqual([reviewId]);
  await inTransaction(db, (tx) => answer(tx, { memberId: potter.memberId }, wish, now));
  expect([await waiting('maker'), await waiting('retailer')]).toEqual([[], [reviewId]]);

  const taking = (memberId: string) => refusal(inTransaction(db, (tx) => deleteSaid(tx, memberId, id, true)));
  expect(await taking(rival.memberId)).toBe('social.not_yours');
  expect(await taking(colleague.memberId)).toBe('done');
  expect(await waiting('maker')).toEqual([reviewId]);

  expect(await spokenFor(db, potter.memberId, now)).toEqual([
    { brandId: voice.brandId, organizationId, organization: 'Kiln and Sons' },
  ]);
  const again = { ...voice, id: randomUUID() };
  const letting = (each: typeof voice) =>
    refusal(inTransaction(db, (tx) => letSpeak(tx, 'system', each, now)));
  expect(await letting(again)).toBe('reviews.speaks_already');
  expect(await letting({ ...again, brandId: randomUUID() })).toBe('reviews.brand_not_found');
  expect(await letting({ ...again, organizationId: randomUUID() })).toBe('reviews.not_a_maker');
});

test('the people of a brand’s makers are told of a question once, not of their own, of nobody they block, and no longer than they speak for it', async ({
  deps,
  db,
}) => {
  const { productId, otherId, endedId, potter, colleague, rival, organizationId } = await aMadeProduct(deps);
  const [buyer, asker] = [await aBuyer(deps, productId), await aPerson(deps)];
  await inTransaction(db, async (tx) => {
    // One of the makers' people bought it, too.
    await sql`insert into identity.organization_member (organization_id, member_id, roles)
      values (${organizationId}, ${buyer.memberId}, '{admin}')`.execute(tx);
    await block(tx, colleague.memberId, asker.memberId, deps.now());
  });
  const asks = async (memberId: string, about: string) => {
    const wish = { id: randomUUID(), productId: about, body: 'How is it fired?' };
    for (const _time of ['first', 'retry'])
      await inTransaction(db, (tx) => ask(tx, memberId, wish, deps.now()));
    const { rows } = await sql<{ memberId: string; kind: string; data: object }>`
      select member_id as "memberId", kind, data from social.notice where piece_id = ${wish.id}`.execute(db);
    return rows;
  };
  const told = (rows: { memberId: string; kind: string }[]) =>
    rows.map(({ memberId, kind }) => `${kind} ${memberId}`).sort();

  const first = await asks(asker.memberId, productId);
  expect(told(first)).toEqual([`brand_asked ${potter.memberId}`, `brand_asked ${buyer.memberId}`].sort());
  expect(first[0]?.data).toEqual({ productId, slug: `p-${productId}` });
  expect(told(await asks(potter.memberId, productId))).toEqual(
    [`brand_asked ${colleague.memberId}`, `brand_asked ${buyer.memberId}`].sort(),
  );
  expect(told(await asks(asker.memberId, otherId))).toEqual([`brand_asked ${rival.memberId}`]);
  expect(told(await asks(asker.memberId, endedId))).toEqual([]);
});
