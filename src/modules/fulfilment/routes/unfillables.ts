import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { inventoryErrors } from '../../inventory/index.ts';
import { brokering } from '../broker-again.ts';
import { brokerAllAgain } from '../broker-waiting.ts';
import { fulfilmentErrors } from '../errors.ts';
import { tryAgain, unfillables } from '../unfillable.ts';
import { ById, READERS, told, WORKERS } from './schemas.ts';

const UNFILLABLES_MAX = 500;

export const unfillableRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/unfillables',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listUnfillables',
        description: 'Units of orders that no location can give, those first that wait longest.',
        response: {
          200: Type.Object({
            unfillables: Type.Array(
              Type.Object({
                id: Id,
                orderId: Id,
                orderLineId: Id,
                variantId: Id,
                quantity: Type.Integer(),
                reason: Type.String(),
                since: Type.String({ format: 'date-time' }),
              }),
            ),
          }),
        },
      },
    },
    async () => told({ unfillables: await unfillables(db, UNFILLABLES_MAX) }),
  );

  app.post(
    '/unfillables/search',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'searchAllAgain',
        description:
          'Looks for all that wait once more, in the background, who has waited longest first: every location is asked, by the rules in force. Goods that come in are offered to who waits without it. Answers how many wait.',
        response: { 202: Type.Object({ waiting: Type.Integer() }) },
      },
    },
    async (_, reply) => {
      const waiting = await inTransaction(db, (tx) => brokerAllAgain(tx, now()));
      return reply.status(202).send({ waiting });
    },
  );

  app.post(
    '/unfillables/:id/search',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'searchAgain',
        description:
          'Asks every location once more: goods may have come in. Answers how many units were found.',
        params: ById,
        response: {
          200: Type.Object({ found: Type.Integer() }),
          ...problems(fulfilmentErrors.unfillable_not_found, inventoryErrors.insufficient_stock),
        },
      },
    },
    async ({ params: { id } }) => ({ found: await brokering(db, (tx) => tryAgain(tx, id, now())) }),
  );
};
