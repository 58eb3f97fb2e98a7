import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { inventoryErrors } from '../../inventory/index.ts';
import { brokering } from '../broker-again.ts';
import { handOver, makeReady } from '../collect.ts';
import { fulfilmentErrors } from '../errors.ts';
import { reject } from '../reject.ts';
import { takeStep, WORKED_STATES } from '../step.ts';
import { actorOf, Done, Note, Quantity, REASONS, WORKERS } from './schemas.ts';

const { fulfilment_order_not_found, step_not_open } = fulfilmentErrors;

export const stepRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/fulfilment-orders/:id/steps/:stepId',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'takeFulfilmentStep',
        description:
          'A location accepts, has picked or has packed; a store has it ready to collect, packed there or arrived from elsewhere. The same step again is a retry.',
        params: exactly({ id: Id, stepId: Id }),
        body: exactly({ state: Type.Enum([...WORKED_STATES, 'ready']), note: Note }),
        response: {
          200: Done,
          ...problems(fulfilment_order_not_found, step_not_open, fulfilmentErrors.step_differs),
        },
      },
    },
    async ({ viewer, params: { id, stepId }, body: { state, note = '' } }) => {
      const step = { id: stepId, fulfilmentOrderId: id, note, ...actorOf(viewer) };
      await inTransaction(db, async (tx) => {
        if (state === 'ready') await makeReady(tx, step, now());
        else await takeStep(tx, { ...step, to: state }, now());
      });
      return { id: stepId };
    },
  );

  app.put(
    '/fulfilment-orders/:id/collections/:stepId',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'handOver',
        description:
          'Hands what is ready to whoever knows the order’s number or its code. The same id again is a retry.',
        params: exactly({ id: Id, stepId: Id }),
        body: exactly({ proof: Type.String({ minLength: 1, maxLength: 40 }), note: Note }),
        response: {
          200: Done,
          ...problems(
            fulfilment_order_not_found,
            step_not_open,
            fulfilmentErrors.step_differs,
            fulfilmentErrors.proof_wrong,
            fulfilmentErrors.too_many_attempts,
            fulfilmentErrors.cancelled_meanwhile,
          ),
        },
      },
    },
    async ({ viewer, params: { id, stepId }, body: { proof, note = '' } }) => {
      await handOver(deps, { id: stepId, fulfilmentOrderId: id, proof, note, ...actorOf(viewer) });
      return { id: stepId };
    },
  );
};

export const rejectionRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
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
