import { Type } from 'typebox';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { ratingOf, reviewsOf } from './reviews.ts';

const Review = Type.Object({
  id: Id,
  authorName: Type.String(),
  rating: Type.Integer(),
  title: Type.String(),
  body: Type.String(),
  writtenAt: Type.String({ format: 'date-time' }),
  isVerified: Type.Boolean(),
});
const Rating = Type.Object({
  count: Type.Integer(),
  average: Type.Union([Type.Number(), Type.Null()]),
  stars: Type.Array(Type.Integer(), { description: 'how many gave one star, two stars and so on' }),
});
const Paging = exactly({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}_[0-9a-f-]{36}$' })),
});

export const routes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/products/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listReviews',
        params: exactly({ id: Id }),
        querystring: Paging,
        response: {
          200: Type.Object({
            rating: Rating,
            reviews: Type.Array(Review),
            cursor: Type.Union([Type.String(), Type.Null()], {
              description: 'for the next page; null on the last',
            }),
          }),
        },
      },
    },
    async ({ params: { id }, query }) => {
      const [rating, page] = await Promise.all([ratingOf(db, id), reviewsOf(db, id, query)]);
      const reviews = page.reviews.map((each) => ({ ...each, writtenAt: each.writtenAt.toISOString() }));
      return { rating, reviews, cursor: page.cursor };
    },
  );
};
