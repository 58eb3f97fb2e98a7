import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPerson } from '#modules/social/factory.ts';
import { block } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { behind } from '#test/behind.ts';
import { test } from '#test/harness.ts';
import { answer, ask, endAnswers, type SpeaksFor } from './answers.ts';
import { putAspect } from './aspects.ts';
import { eraseReviews } from './erase.ts';
import { aBuyer, aReceivedLine, aReview, aReviewedProduct } from './factory.ts';
import { questionsOf } from './questions.ts';
import { changeReview, changeReviewStates, deleteReview, writeReview } from './review.ts';
import { countOf, dimensionsOf, ratingOf, reviewsOf } from './reviews.ts';
import { vote } from './votes.ts';

/** More of them by hand: `STOA_RUNS=100 npx vitest run src/modules/reviews/review.test.ts`. */
const RUNS = Number(process.env['STOA_RUNS'] ?? 4);
const NOW = new Date('2026-11-22T10:00:00Z');
const WORDS = { rating: 5, title: '', body: 'It pours.', dimensions: {}, traits: {}, photoIds: [] };

const askEverywhere = (db: Db) =>
  inTransaction(db, async (tx) => {
    const every = { categoryId: null, position: 0 };
    const quality = { code: 'quality', name: 'Quality', options: ['Poor', 'Fine'] };
    const room = { code: 'room', name: 'Room', options: ['Kitchen', 'Hall'] };
    await putAspect(tx, 'system', {
      ...every,
      id: '00000000-0000-4000-8000-000000000001',
      kind: 'dimension',
      ...quality,
    });
    await putAspect(tx, 'system', {
      ...every,
      id: '00000000-0000-4000-8000-000000000002',
      kind: 'trait',
      ...room,
    });
  });

const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

test('a line that came is reviewed once, verified; without one a member says one thing of it', async ({
  deps,
  db,
}) => {
  const productId = await aReviewedProduct(db);
  const buyer = await aBuyer(deps, productId);
  const id = await aReview(deps, buyer, { productId, rating: 4 });
  await aReview(deps, buyer, { id, productId, rating: 4 }); // the button pressed twice
  const { reviews } = await reviewsOf(db, undefined, productId, { limit: 9 });
  expect(reviews.map((each) => [each.id, each.isVerified, each.authorName, each.author?.handle])).toEqual([
    [id, true, buyer.name, buyer.handle],
  ]);

  await aReview(deps, buyer, { productId, rating: 1 }); // has no line left: as anybody
  expect(await refusal(aReview(deps, buyer, { productId }))).toBe('reviews.already_reviewed');
  expect(await refusal(aReview(deps, buyer, { id, productId, rating: 5 }))).toBe('social.piece_differs');
  expect(await ratingOf(db, productId)).toEqual({ count: 2, average: 2.5, stars: [1, 0, 0, 1, 0] });

  await inTransaction(db, (tx) => deleteReview(tx, buyer, id));
  const again = await aReview(deps, buyer, { productId, rating: 3 });
  expect(await ratingOf(db, productId)).toEqual({ count: 2, average: 2, stars: [1, 0, 1, 0, 0] });
  expect((await reviewsOf(db, undefined, productId, { limit: 1, isVerified: true })).reviews[0]?.id).toBe(
    again,
  );

  await sql`update reviews.setting set takes_unverified = false`.execute(db);
  const stranger = await aPerson(deps);
  expect(await refusal(aReview(deps, stranger, { productId }))).toBe('reviews.only_buyers');
  await sql`update reviews.setting set takes_unverified = true`.execute(db);
});

test('one line is reviewed once, however many forms come at the same time', async ({ db }) => {
  const productId = await aReviewedProduct(db);
  const { orderId } = await aReceivedLine(db, productId, null);
  const guest = { orderId, customerId: undefined, name: 'Femke' };
  const tries = Array.from({ length: 5 }, () =>
    refusal(
      inTransaction(db, (tx) => writeReview(tx, guest, { ...WORDS, id: randomUUID(), productId }, NOW)),
    ),
  );

  const ends = await Promise.all(tries);
  expect(ends.filter((end) => end === 'done')).toHaveLength(1);
  expect(ends.filter((end) => end === 'reviews.already_reviewed')).toHaveLength(4);
  expect((await ratingOf(db, productId)).count).toBe(1);
  expect(
    (await sql`select from social.piece where kind = 'review' and owner_id is null`.execute(db)).rows,
  ).toHaveLength(1);
});

test('who is like somebody said the same of themselves and nothing else; an edit keeps what was said', async ({
  deps,
  db,
}) => {
  await askEverywhere(db);
  const productId = await aReviewedProduct(db);
  const [cook, host, quiet] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const inKitchen = { productId, rating: 2, traits: { room: 'Kitchen' }, dimensions: { quality: 1 } };
  const id = await aReview(deps, cook, inKitchen);
  await aReview(deps, host, { productId, rating: 5, traits: { room: 'Hall' }, dimensions: { quality: 5 } });
  await aReview(deps, quiet, { productId, rating: 4 });

  expect(await countOf(db, undefined, productId, { like: { room: 'Kitchen' } })).toEqual({
    count: 1,
    average: 2,
  });
  expect(await dimensionsOf(db, productId)).toEqual([{ code: 'quality', count: 2, mean: 3 }]);
  const bad = { ...inKitchen, traits: { room: 'Moon' } };
  expect(await refusal(aReview(deps, quiet, bad))).toBe('reviews.mark_unknown');

  await inTransaction(db, (tx) =>
    changeReview(tx, { memberId: cook.memberId, customerId: undefined }, id, { ...WORDS, rating: 3 }, NOW),
  );
  expect(await dimensionsOf(db, productId)).toEqual([{ code: 'quality', count: 1, mean: 5 }]);
  const { rows } =
    await sql`select version, rating, body from reviews.review_version where review_id = ${id}`.execute(db);
  expect(rows).toEqual([{ version: 1, rating: 2, body: 'It pours.' }]);
  const foreign = { memberId: host.memberId, customerId: undefined };
  expect(await refusal(inTransaction(db, (tx) => changeReview(tx, foreign, id, WORDS, NOW)))).toBe(
    'reviews.review_not_found',
  );
});

test('helpful ones come first by what the votes make likely; every order is complete, page by page', async ({
  deps,
  db,
}) => {
  const productId = await aReviewedProduct(db);
  const people = await Promise.all(Array.from({ length: 5 }, () => aPerson(deps)));
  const ids: string[] = [];
  for (const [n, person] of people.entries())
    ids.push(
      await aReview({ ...deps, now: () => new Date(NOW.getTime() + n) }, person, {
        productId,
        rating: n + 1,
      }),
    );
  const say = (by: number, on: number, yes: boolean | null) =>
    inTransaction(db, (tx) => vote(tx, { memberId: people[by]?.memberId ?? '' }, ids[on] ?? '', yes, NOW));
  expect(await refusal(say(0, 0, true))).toBe('reviews.own_words');
  await say(0, 1, true); // 1 of 1
  for (const by of [0, 1, 3, 4]) await say(by, 2, true); // 4 of 4
  for (const by of [0, 1, 2]) await say(by, 3, false); // 0 of 3
  await say(2, 3, null);
  await say(2, 3, null);

  const order = async (sort: 'helpful' | 'newest' | 'highest' | 'lowest') => {
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const found = await reviewsOf(db, people[0]?.memberId, productId, { limit: 2, sort, cursor });
      seen.push(...found.reviews.map(({ id }) => ids.indexOf(id)));
      cursor = found.cursor ?? undefined;
    } while (cursor !== undefined);
    return seen;
  };
  expect(await order('helpful')).toEqual([2, 1, 4, 3, 0]);
  expect(await order('newest')).toEqual([4, 3, 2, 1, 0]);
  expect(await order('highest')).toEqual([4, 3, 2, 1, 0]);
  expect(await order('lowest')).toEqual([0, 1, 2, 3, 4]);
  const { rows } = await sql<{ wilson: number }>`select reviews.wilson(4, 0) as wilson`.execute(db);
  expect(rows[0]?.wilson).toBeCloseTo(0.5101, 4);

  await inTransaction(db, (tx) => block(tx, people[0]?.memberId ?? '', people[2]?.memberId ?? '', NOW));
  expect(await order('newest')).toEqual([4, 3, 1, 0]);
});

test('who asks hears of answers, who bought it hears of the question, and buyer and shop are marked', async ({
  deps,
  db,
}) => {
  const productId = await aReviewedProduct(db);
  const [asker, buyer, clerk] = [await aPerson(deps), await aBuyer(deps, productId), await aPerson(deps)];
  const id = randomUUID();
  const wish = { id, productId, body: 'Does it drip?' };
  await inTransaction(db, (tx) => ask(tx, asker.memberId, wish, NOW));
  await inTransaction(db, (tx) => ask(tx, asker.memberId, wish, NOW));
  const said = (memberId: string, body: string, speaksFor: SpeaksFor = 'self') =>
    inTransaction(db, (tx) =>
      answer(tx, { memberId }, { id: randomUUID(), subjectId: id, body, speaksFor }, NOW),
    );
  await said(buyer.memberId, 'Mine does not.');
  await said(clerk.memberId, 'It has a lip.', 'retailer');

  const { questions } = await questionsOf(db, undefined, productId, { limit: 5 });
  expect(
    questions.map(({ answerCount, answers }) => [answerCount, answers.map(({ voice }) => voice).sort()]),
  ).toEqual([[2, ['buyer', 'retailer']]]);
  const { rows } = await sql`
    select member_id, kind, count(*)::integer as count from social.notice
    where member_id in (${asker.memberId}, ${buyer.memberId}) group by 1, 2 order by kind`.execute(db);
  expect(rows).toEqual([
    { member_id: asker.memberId, kind: 'answered', count: 2 },
    { member_id: buyer.memberId, kind: 'asked', count: 1 },
  ]);
});

interface Act {
  kind: 'write' | 'change' | 'delete' | 'remove' | 'restore' | 'vote' | 'answer' | 'unanswer' | 'erase';
  who: number;
  what: number;
  stars: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom<Act['kind'][]>(
    'write',
    'write',
    'write',
    'change',
    'delete',
    'remove',
    'restore',
    'vote',
    'vote',
    'answer',
    'unanswer',
    'erase',
  ),
  who: fc.nat(3),
  what: fc.nat(3),
  stars: fc.integer({ min: 1, max: 5 }),
});

test('stars that are changed while the review is taken away count nowhere, and as changed once it is back', async ({
  deps,
  db,
}) => {
  const productId = await aReviewedProduct(db);
  const author = await aPerson(deps);
  const id = await aReview(deps, author, { productId, rating: 5 });
  const by = { memberId: author.memberId, customerId: undefined };
  await behind(
    db,
    (tx) => changeReviewStates(tx, [id], { from: ['live'], to: 'removed' }),
    (tx) => changeReview(tx, by, id, { ...WORDS, rating: 2 }, NOW),
  );
  const { rows } = await sql`
    select review_count as count, rating_sum as sum, stars from reviews.rating where product_id = ${productId}`.execute(
    db,
  );
  expect(rows).toEqual([{ count: 0, sum: 0, stars: [0, 0, 0, 0, 0] }]);
  await inTransaction(db, (tx) => changeReviewStates(tx, [id], { from: ['removed'], to: 'live' }));
  expect(await ratingOf(db, productId)).toMatchObject({ count: 1, stars: [0, 1, 0, 0, 0] });
});

test('the counts shown are the counts, after any history', async ({ deps, db }) => {
  await askEverywhere(db);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 20, maxLength: 40 }), async (acts) => {
      const productId = await aReviewedProduct(db);
      const people = [
        await aPerson(deps),
        await aPerson(deps),
        await aBuyer(deps, productId),
        await aPerson(deps),
      ];
      const questionId = randomUUID();
      await inTransaction(db, (tx) =>
        ask(tx, people[0]?.memberId ?? '', { id: questionId, productId, body: '?' }, NOW),
      );
      const world = { productId, questionId, people, reviews: [] as string[], answers: [] as string[] };
      for (const each of acts) await refusal(inTransaction(db, (tx) => perform(tx, world, each)));
      const { kept, counted } = await bothCounts(db, productId);
      expect(kept).toEqual(counted);
    }),
    { numRuns: RUNS },
  );
});

interface World {
  productId: string;
  questionId: string;
  people: { memberId: string; customerId?: string }[];
  reviews: string[];
  answers: string[];
}

async function perform(tx: Tx, world: World, { kind, who, what, stars }: Act): Promise<void> {
  const { productId, questionId, people, reviews, answers } = world;
  const memberId = people[who]?.memberId ?? '';
  const author = { memberId, customerId: people[who]?.customerId };
  const marks = { ...WORDS, rating: stars, dimensions: what > 1 ? { quality: stars } : {} };
  const [review = randomUUID(), said = randomUUID(), id] = [reviews[what], answers[what], randomUUID()];
  if (kind === 'write') {
    await writeReview(tx, author, { ...marks, id, productId }, NOW);
    reviews.push(id);
  }
  if (kind === 'change') await changeReview(tx, author, review, marks, NOW);
  if (kind === 'delete') await deleteReview(tx, author, review);
  if (kind === 'remove') await changeReviewStates(tx, [review], { from: ['live'], to: 'removed' });
  if (kind === 'restore') await changeReviewStates(tx, [review], { from: ['removed'], to: 'live' });
  if (kind === 'vote')
    await vote(tx, { memberId }, stars > 2 ? review : said, [true, false, null][who % 3] ?? null, NOW);
  if (kind === 'answer') {
    await answer(tx, { memberId }, { id, subjectId: questionId, body: 'Yes.', speaksFor: 'self' }, NOW);
    answers.push(id);
  }
  if (kind === 'unanswer') await endAnswers(tx, [said]);
  if (kind === 'erase' && who > 0 && stars === 5) await eraseReviews(tx, { memberId });
}

/** What is kept beside the rows, and what the rows say. */
async function bothCounts(db: Db, productId: string) {
  const { rows } = await sql<{ kept: unknown; counted: unknown }>`
    with live as (
      select review.* from reviews.review join social.piece using (id) where product_id = ${productId} and state = 'live'
    ), votes as (
      select piece_id, count(*) filter (where is_helpful) as yes, count(*) filter (where not is_helpful) as no
      from reviews.vote group by piece_id
    )
    select json_build_object(
        'rating', (select array[review_count, rating_sum] || stars from reviews.rating where product_id = ${productId} and review_count > 0),
        'quality', (select array[review_count, rating_sum] from reviews.dimension_rating where product_id = ${productId} and review_count > 0),
        'votes', (select json_agg(array[helpful, unhelpful] order by id) from (
          select id, helpful, unhelpful from reviews.review where product_id = ${productId}
          union all select answer.id, helpful, unhelpful from reviews.answer join reviews.question on question.id = subject_id
          where product_id = ${productId}) as said),
        'answers', (select answer_count from reviews.question where product_id = ${productId})) as kept,
      json_build_object(
        'rating', (select array[count(*), sum(rating)] || array(
          select (select count(*) from live where rating = star) from generate_series(1, 5) as star order by star) from live having count(*) > 0),
        'quality', (select array[count(*), sum((dimensions ->> 'quality')::integer)] from live where dimensions ? 'quality' having count(*) > 0),
        'votes', (select json_agg(array[coalesce(yes, 0), coalesce(no, 0)] order by id) from (
          select id from reviews.review where product_id = ${productId}
          union all select answer.id from reviews.answer join reviews.question on question.id = subject_id
          where product_id = ${productId}) as said left join votes on piece_id = said.id),
        'answers', (select count(*) from reviews.answer join reviews.question on question.id = subject_id
          join social.piece on piece.id = answer.id where product_id = ${productId} and piece.state = 'live')) as counted`.execute(
    db,
  );
  const [both] = rows;
  if (!both) throw new Error('nothing to count');
  return both;
}
