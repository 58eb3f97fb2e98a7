import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../actor.ts';
import { inventoryErrors } from '../errors.ts';
import { receiveTransfer, sendTransfer } from '../transfers.ts';
import { ById, Day, Done, listOf, Quantity, WRITERS } from './schemas.ts';

export const transferRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/transfers/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'sendTransfer',
        description:
          'Goods leave one location for another, with what they cost. The same transfer again is a retry.',
        params: ById,
        body: exactly({
          fromLocationId: Id,
          toLocationId: Id,
          expectedOn: Day,
          note: Type.Optional(Type.String({ maxLength: 500 })),
          lines: listOf(exactly({ variantId: Id, quantity: Quantity })),
        }),
        response: {
          200: Done,
          ...problems(
            inventoryErrors.transfer_differs,
            inventoryErrors.insufficient_stock,
            inventoryErrors.place_unknown,
            inventoryErrors.same_place,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      await inTransaction(db, (tx) => sendTransfer(tx, { id, ...body, ...actorOf(viewer) }, now()));
      return { id };
    },
  );

  app.put(
    '/transfers/:id/arrival',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'receiveTransfer',
        description:
          'What arrived goes on hand; what did not was lost on the way. The same arrival again is a retry.',
        params: ById,
        body: exactly({
          lines: Type.Array(
            exactly({ variantId: Id, quantity: Type.Integer({ minimum: 0, maximum: 1_000_000 }) }),
            {
              maxItems: 1_000,
            },
          ),
        }),
        response: {
          200: Done,
          ...problems(
            inventoryErrors.transfer_not_found,
            inventoryErrors.transfer_differs,
            inventoryErrors.more_than_was_sent,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body: { lines } }) => {
      await inTransaction(db, (tx) => receiveTransfer(tx, id, lines, now(), actorOf(viewer).actorId));
      return { id };
    },
  );
};
