import { Type } from 'typebox';
import { productInShop } from '#modules/catalog/index.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Cursor, ReviewAnswer, reviewAnswer } from '../answer-schemas.ts';
import { aspectsOf, traitsOf } from '../aspects.ts';
import { reviewErrors } from '../errors.ts';
import { countOf, dimensionsOf, ratingOf, ratingsOf, reviewById, reviewsOf, SORTS } from '../reviews.ts';

const Rating = Type.Object({
  count: Type.Integer(),
  average: Type.Union([Type.Number(), Type.Null()]),
  stars: Type.Array(Type.Integer(), { description: 'how many gave one star, two stars and so on' }),
});
const Query = exactly({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
  cursor: Type.Optional(Type.String({ pattern: '^-?[0-9.e-]{1,30}_[0-9]{1,18}_[0-9a-f-]{36}$' })),
  sort: Type.Optional(Type.Enum(SORTS)),
  stars: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  verified: Type.Optional(Type.Boolean()),
  photos: Type.Optional(Type.Boolean()),
  like_me: Type.Optional(Type.Boolean({ description: 'of who said of themselves what the caller says' })),
});

type Routes = NonNullable<Module['routes']>;

const listRoutes: Routes = async (app, { db }) => {
  app.get(
    '/products/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listReviews',
        params: exactly({ id: Id }),
        querystring: Query,
        response: {
          200: Type.Object({
            rating: Rating,
            dimensions: Type.Array(
              Type.Object({ code: Type.String(), count: Type.Integer(), mean: Type.Number() }),
            ),
            found: Type.Object(
              { count: Type.Integer(), average: Type.Union([Type.Number(), Type.Null()]) },
              { description: 'of what was asked for, as the caller sees it' },
            ),
            reviews: Type.Array(ReviewAnswer),
            cursor: Cursor,
          }),
        },
      },
    },
    async ({ viewer: { memberId }, params: { id }, query }) => {
      const { limit, cursor, sort, stars, verified, photos, like_me: isLikeMe } = query;
      const like = isLikeMe && memberId ? await traitsOf(db, memberId) : undefined;
      const filter = { stars, isVerified: verified, hasPhotos: photos, like };
      const [rating, dimensions, found, page] = await Promise.all([
        ratingOf(db, id),
        dimensionsOf(db, id),
        countOf(db, memberId, id, filter),
        reviewsOf(db, memberId, id, { limit, cursor, sort, ...filter }),
      ]);
      return { rating, dimensions, found, reviews: page.reviews.map(reviewAnswer), cursor: page.cursor };
    },
  );
};

const RATINGS_MAX = 100;

const ratingRoutes: Routes = async (app, { db }) => {
  const Several = Type.Array(Id, { minItems: 1, maxItems: RATINGS_MAX });
  app.get(
    '/ratings',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listRatings',
        summary: 'What many products are rated: for feeds, agents and lists. One without reviews is left out',
        querystring: exactly({ productId: Several }),
        response: {
          200: Type.Object({
            ratings: Type.Array(Type.Intersect([Type.Object({ productId: Id }), Rating])),
          }),
        },
      },
    },
    async ({ query: { productId } }) => {
      const ratings = await ratingsOf(db, productId);
      return { ratings: [...ratings].map(([id, rating]) => ({ productId: id, ...rating })) };
    },
  );
};

const singleRoutes: Routes = async (app, { db }) => {
  app.get(
    '/reviews/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getReview',
        params: exactly({ id: Id }),
        response: { 200: ReviewAnswer, ...problems(reviewErrors.review_not_found) },
      },
    },
    async ({ viewer: { memberId }, params: { id } }) => {
      const review = await reviewById(db, memberId, id);
      if (!review) throw reviewErrors.review_not_found({});
      return reviewAnswer(review);
    },
  );

  app.get(
    '/products/:id/aspects',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listAspectsOfProduct',
        summary: 'What a review of it is asked beside stars and words',
        params: exactly({ id: Id }),
        response: {
          200: Type.Object({
            aspects: Type.Array(
              Type.Object({
                kind: Type.Enum(['dimension', 'trait']),
                code: Type.String(),
                name: Type.String(),
                options: Type.Array(Type.String()),
              }),
            ),
          }),
          ...problems(reviewErrors.product_not_found),
        },
      },
    },
    async ({ params: { id } }) => {
      const product = await productInShop(db, { id });
      if (!product) throw reviewErrors.product_not_found({});
      return { aspects: await aspectsOf(db, product) };
    },
  );
};

export const readingRoutes: Routes = async (app, deps) => {
  await listRoutes(app, deps);
  await ratingRoutes(app, deps);
  await singleRoutes(app, deps);
};
