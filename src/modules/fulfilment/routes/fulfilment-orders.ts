import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { inventoryErrors } from '../../inventory/index.ts';
import { brokering } from '../broker-again.ts';
import { fulfilmentErrors } from '../errors.ts';
import { CURSOR, fulfilmentOrderById, fulfilmentOrders } from '../fulfilment-order.ts';
import { packingSlip } from '../papers.ts';
import { reject } from '../reject.ts';
import { takeStep, WORKED_STATES } from '../step.ts';
import { tryAgain, unfillables } from '../unfillable.ts';
import {
  actorOf,
  ById,
  Done,
  Note,
  Quantity,
  READERS,
  REASONS,
  STATES,
  Summary,
  told,
  Whole,
  WORKERS,
} from './schemas.ts';

const UNFILLABLES_MAX = 500;
const { fulfilment_order_not_found, step_not_open } = fulfilmentErrors;

export const fulfilmentOrderRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now, config } = deps;

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

  app.put(
    '/fulfilment-orders/:id/steps/:stepId',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'takeFulfilmentStep',
        description: 'A location accepts, has picked or has packed. The same step again is a retry.',
        params: exactly({ id: Id, stepId: Id }),
        body: exactly({ state: Type.Enum([...WORKED_STATES]), note: Note }),
        response: {
          200: Done,
          ...problems(fulfilment_order_not_found, step_not_open, fulfilmentErrors.step_differs),
        },
      },
    },
    async ({ viewer, params: { id, stepId }, body: { state, note = '' } }) => {
      const step = { id: stepId, fulfilmentOrderId: id, to: state, note, ...actorOf(viewer) };
      await inTransaction(db, (tx) => takeStep(tx, step, now()));
      return { id: stepId };
    },
  );

  app.put(
    '/fulfilment-orders/:id/rejections/:rejectionId',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'rejectFulfilment',
        description:
          'A location can’t give some units, or any: what it found is booked, and others are asked. The same rejection again is a retry.',
        params: exactly({ id: Id, rejectionId: Id }),
        body: exactly({
          lines: Type.Array(
            exactly({
              orderLineId: Id,
              quantity: Quantity,
              reason: Type.Enum([...REASONS]),
              counted: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
            }),
            { minItems: 1, maxItems: 500 },
          ),
          note: Note,
        }),
        response: {
          200: Done,
          ...problems(
            fulfilment_order_not_found,
            step_not_open,
            fulfilmentErrors.rejection_differs,
            fulfilmentErrors.more_than_is_left,
            fulfilmentErrors.reason_and_count,
            inventoryErrors.insufficient_stock,
          ),
        },
      },
    },
    async ({ viewer, params: { id, rejectionId }, body: { lines, note = '' } }) => {
      const wish = { id: rejectionId, fulfilmentOrderId: id, lines, note, ...actorOf(viewer) };
      await brokering(db, (tx) => reject(tx, wish, now()));
      return { id: rejectionId };
    },
  );

  app.get(
    '/fulfilment-orders/:id/packing-slip',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPackingSlip',
        params: ById,
        response: {
          200: {
            description: 'A PDF',
            content: { 'application/pdf': { schema: Type.Unsafe<Buffer>({ type: 'string' }) } },
          },
          ...problems(fulfilment_order_not_found),
        },
      },
    },
    async ({ params: { id } }, reply) =>
      reply.type('application/pdf').send(await packingSlip(db, id, config.shopName)),
  );

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
