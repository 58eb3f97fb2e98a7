import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { openBulk } from '#platform/bulk.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBuyer, aReview as writtenReview } from './factory.ts';
import { type RecordedReview, recordReviews } from './record-reviews.ts';
import { changeReviewStates } from './review.ts';
import { ratingOf, reviewsOf } from './reviews.ts';

async function aProduct(db: Db): Promise<string> {
  const id = randomUUID();
  await sql`insert into catalog.product (id, slug, title) values (${id}, ${`p-${id}`}, 'A vase')`.execute(db);
  return id;
}

const aReview = (productId: string, rating: number, day: number): RecordedReview => ({
  id: randomUUID(),
  productId,
  authorName: 'Ada L.',
  rating,
  title: 'A keeper',
  body: 'It stands in the hall.',
  writtenAt: new Date(Date.UTC(2026, 0, day)),
});

test('ratings count what was recorded, however often it is recorded', async ({ db, databaseUrl }) => {
  const [productId, other] = [await aProduct(db), await aProduct(db)];
  await using bulk = await openBulk(databaseUrl);
  const first = [aReview(productId, 5, 1), aReview(productId, 4, 2), aReview(other, 1, 1)];
  const second = [aReview(productId, 4, 3), ...first];

  expect(await bulk.run((each) => recordReviews(each, first))).toEqual({ recorded: 3 });
  expect(await bulk.run((each) => recordReviews(each, second))).toEqual({ recorded: 1 });
  expect(await bulk.run((each) => recordReviews(each, second))).toEqual({ recorded: 0 });

  expect(await ratingOf(db, productId)).toEqual({ count: 3, average: 4.3, stars: [0, 0, 0, 2, 1] });
  expect(await ratingOf(db, other)).toEqual({ count: 1, average: 1, stars: [1, 0, 0, 0, 0] });
  expect(await ratingOf(db, await aProduct(db))).toEqual({ count: 0, average: null, stars: [0, 0, 0, 0, 0] });
});

test('reviews come newest first, page by page', async ({ db, databaseUrl }) => {
  const productId = await aProduct(db);
  const reviews = [1, 2, 3, 4, 5].map((day) => aReview(productId, 5, day));
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((each) => recordReviews(each, reviews));

  const first = await reviewsOf(db, undefined, productId, { limit: 3 });
  const second = await reviewsOf(db, undefined, productId, { limit: 3, cursor: first.cursor ?? '' });

  expect([...first.reviews, ...second.reviews].map(({ id }) => id)).toEqual(
    reviews.toReversed().map(({ id }) => id),
  );
  expect(second.cursor).toBeNull();
});

test('GET /v1/reviews/products/:id shows rating and reviews, without who wrote them beyond the name', async ({
  app,
  db,
  databaseUrl,
}) => {
  const productId = await aProduct(db);
  await using bulk = await openBulk(databaseUrl);
  const review = aReview(productId, 5, 1);
  await bulk.run((each) => recordReviews(each, [review]));

  const answer = await app.inject(`/v1/reviews/products/${productId}`);

  const { id, authorName, rating, title, body } = review;
  expect(answer.json()).toEqual({
    rating: { count: 1, average: 5, stars: [0, 0, 0, 0, 1] },
    dimensions: [],
    found: { count: 1, average: 5 },
    reviews: [
      {
        id,
        author: null,
        authorName,
        rating,
        title,
        body,
        dimensions: {},
        traits: {},
        pictures: [],
        replies: [],
        incentive: null,
        writtenAt: '2026-01-01T00:00:00.000Z',
        editedAt: null,
        isVerified: false,
        helpful: 0,
        unhelpful: 0,
        ownVote: null,
        isOwn: false,
      },
    ],
    cursor: null,
  });
  expect((await app.inject(`/v1/reviews/products/${productId}?limit=0`)).statusCode).toBe(400);
});

test('lists, search, suggestions and the product itself say what it is rated, as soon as it is counted', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const product = await aPublishedProduct(db, 'Ratedvase');
  const said = async () => {
    const [list, search, suggested, detail] = await Promise.all(
      ['products', 'search?q=ratedvase', 'suggestions?q=ratedvase', `products/${product.slug}`].map(
        async (path) =>
          (await app.inject(`/v1/catalog/${path}`)).json<{
            cards?: Rated[];
            products?: Rated[];
            rating?: unknown;
          }>(),
      ),
    );
    const ofIt = (cards: Rated[] = []) => cards.find(({ id }) => id === product.id)?.rating;
    return [ofIt(list?.cards), ofIt(search?.cards), ofIt(suggested?.products), detail?.rating];
  };
  expect(await said()).toEqual([null, null, null, null]);

  await using bulk = await openBulk(databaseUrl);
  await bulk.run((each) => recordReviews(each, [aReview(product.id, 5, 1), aReview(product.id, 4, 2)]));
  expect(await said()).toEqual(Array(4).fill({ average: 4.5, count: 2 }));

  const buyer = await aBuyer(deps, product.id);
  const id = await writtenReview(deps, buyer, { productId: product.id, rating: 1 });
  expect(await said()).toEqual(Array(4).fill({ average: 3.3, count: 3 }));
  await inTransaction(db, (tx) => changeReviewStates(tx, [id], { from: ['live'], to: 'removed' }));
  expect(await said()).toEqual(Array(4).fill({ average: 4.5, count: 2 }));
});

interface Rated {
  id: string;
  rating: { average: number; count: number } | null;
}
