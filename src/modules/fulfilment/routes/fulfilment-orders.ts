import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { fulfilmentErrors } from '../errors.ts';
import { CURSOR, fulfilmentOrderById, fulfilmentOrders } from '../fulfilment-order.ts';
import { ById, READERS, STATES, Summary, told, Whole } from './schemas.ts';

const { fulfilment_order_not_found } = fulfilmentErrors;

export const fulfilmentOrderRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/fulfilment-orders',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listFulfilmentOrders',
        description: 'What locations have to send, those first that wait longest.',
        querystring: exactly({
          locationId: Type.Optional(Id),
          state: Type.Optional(Type.Enum([...STATES])),
          limit: Type.Integer({ minimum: 1, maximum: 100, default: 25 }),
          cursor: Type.Optional(Type.String({ pattern: CURSOR })),
        }),
        response: {
          200: Type.Object({
            fulfilmentOrders: Type.Array(Type.Object(Summary)),
            cursor: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async ({ query }) => told(await fulfilmentOrders(db, query)),
  );

  app.get(
    '/fulfilment-orders/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getFulfilmentOrder',
        params: ById,
        response: { 200: Whole, ...problems(fulfilment_order_not_found) },
      },
    },
    async ({ params: { id } }) => told(await fulfilmentOrderById(db, id)),
  );
};
