import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { CHANGE_CURSOR, reviewChanges } from '#read/review-feed.ts';

const PAGE = 100;
const PAGE_MAX = 500;
const Text = Type.String();
const TextOrNone = Type.Union([Text, Type.Null()]);
const Time = Type.String({ format: 'date-time' });

const Review = Type.Object({
  product: Type.Object({
    id: Id,
    slug: Text,
    title: Text,
    brand: TextOrNone,
    variants: Type.Array(Type.Object({ sku: Text, gtin: TextOrNone })),
  }),
  author: Type.Union(
    [
      Type.Object({
        name: Type.String({ description: 'as product pages show it' }),
        handle: Type.Union([Text, Type.Null()], {
          description: 'of their public profile, `/@{handle}`; null of who has none',
        }),
      }),
      Type.Null(),
    ],
    { description: 'null of who gave no name. Put it as it comes: people change theirs, and take it away' },
  ),
  rating: Type.Integer(),
  title: Text,
  body: Text,
  writtenAt: Time,
  editedAt: Type.Union([Time, Type.Null()]),
  isVerified: Type.Boolean({ description: 'its author bought the product here' }),
  incentive: Type.Union([Text, Type.Null()], {
    description: 'what its author got for writing it, whatever it says: to be shown beside it',
  }),
});

/** Here, since it joins what reviews, social and catalogue know. */
export const reviewFeedRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get(
    '/v1/reviews/feed',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'reviewFeed',
        summary: 'What came, changed or went of the reviews that anybody sees, for a copy elsewhere',
        description:
          'Each review as it stands now, by the transaction that changed it last. Keep the cursor of each answer, ask with it for what comes next, put what has a `review` in place of what you had under its id, and drop what has none. It comes again when it is changed, hidden or restored, and when its product is renamed, hidden, or gets other numbers, and when its author is called otherwise.',
        tags: ['reviews'],
        querystring: exactly({
          after: Type.Optional(Type.String({ pattern: CHANGE_CURSOR.source })),
          limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE }),
        }),
        response: {
          200: Type.Object({
            changes: Type.Array(Type.Object({ id: Id, review: Type.Union([Review, Type.Null()]) })),
            cursor: Type.Union([Text, Type.Null()], {
              description: 'null while there has been nothing at all',
            }),
            hasMore: Type.Boolean(),
          }),
        },
      },
    },
    async ({ query: { after = null, limit } }) => {
      const { changes, ...page } = await reviewChanges(reads, after, limit);
      return {
        ...page,
        changes: changes.map(({ id, review }) => ({
          id,
          review: review && {
            ...review,
            writtenAt: review.writtenAt.toISOString(),
            editedAt: review.editedAt?.toISOString() ?? null,
          },
        })),
      };
    },
  );
};
