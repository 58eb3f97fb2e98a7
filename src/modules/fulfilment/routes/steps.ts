import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { inventoryErrors } from '../../inventory/index.ts';
import { brokering } from '../broker-again.ts';
import { fulfilmentErrors } from '../errors.ts';
import { reject } from '../reject.ts';
import { takeStep, WORKED_STATES } from '../step.ts';
import { actorOf, Done, Note, Quantity, REASONS, WORKERS } from './schemas.ts';

const { fulfilment_order_not_found, step_not_open } = fulfilmentErrors;

export const stepRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
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
            fulfilmentErrors.cancelled_meanwhile,
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
};
