import { type Static, Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../actor.ts';
import { ADJUSTMENT_REASONS, type Correction, correct } from '../corrections.ts';
import { inventoryErrors } from '../errors.ts';
import { FEED_LINES_MAX, takeFeed } from '../stock-feed.ts';
import { ById, Counted, Done, listOf, Moment, Quantity, WRITERS } from './schemas.ts';

const lineOf = <Q extends typeof Counted>(quantity: Q) =>
  listOf(exactly({ variantId: Id, locationId: Id, quantity }));
const CorrectionBody = Type.Union([
  exactly({ kind: Type.Literal('count'), lines: lineOf(Counted) }),
  exactly({
    kind: Type.Literal('adjust'),
    reason: Type.Enum([...ADJUSTMENT_REASONS]),
    lines: lineOf(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 })),
  }),
  exactly({ kind: Type.Union([Type.Literal('damage'), Type.Literal('write_off')]), lines: lineOf(Quantity) }),
]);
const FeedFault = Type.Enum(['sku_unknown', 'sku_twice', 'older_than_known', 'less_than_left_since']);

export const stockWrites: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/corrections/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'correctStock',
        description:
          'Books a count, an adjustment with its reason, damage, or a write-off of damaged units. The same correction again is a retry.',
        params: ById,
        body: CorrectionBody,
        response: {
          200: Done,
          ...problems(
            inventoryErrors.correction_differs,
            inventoryErrors.insufficient_stock,
            inventoryErrors.place_unknown,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      const correction: Correction = { ...(body as Static<typeof CorrectionBody>), id, ...actorOf(viewer) };
      await inTransaction(db, (tx) => correct(tx, correction, now()));
      return { id };
    },
  );

  app.put(
    '/feeds/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'tellStock',
        description:
          'What a location has, by SKU, as its partner or system knows it. Lines that can be taken are; each other one is told. The same feed again gets the same answer.',
        params: ById,
        body: exactly({
          locationId: Id,
          toldAt: Moment,
          lines: listOf(
            exactly({ sku: Type.String({ minLength: 1, maxLength: 64 }), quantity: Counted }),
            FEED_LINES_MAX,
          ),
        }),
        response: {
          200: Type.Object({
            taken: Type.Integer(),
            refused: Type.Array(
              Type.Object({
                line: Type.Integer({ description: 'from 1' }),
                sku: Type.String(),
                fault: FeedFault,
              }),
            ),
          }),
          ...problems(
            inventoryErrors.feed_differs,
            inventoryErrors.place_unknown,
            inventoryErrors.told_in_the_future,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body: { toldAt, ...body } }) => {
      const feed = { id, ...body, toldAt: new Date(toldAt), ...actorOf(viewer) };
      if (feed.toldAt > now()) throw inventoryErrors.told_in_the_future({});
      return inTransaction(db, (tx) => takeFeed(tx, feed));
    },
  );
};
