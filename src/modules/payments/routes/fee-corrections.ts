import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../../identity/index.ts';
import { paymentsErrors } from '../errors.ts';
import { correctFee, FEE_MINOR_MAX } from '../fee-corrections.ts';

/** Where a rate was wrong, or none was set in time. */
export const feeCorrectionRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/fee-corrections/:id',
    {
      config: { access: 'staff:operations' },
      schema: {
        operationId: 'correctFee',
        description:
          'Puts right what taking a payment’s money cost, or giving it back, where a rate said it. An entry of the difference is added; what was noted stays.',
        params: exactly({ id: Id }),
        body: exactly({
          paymentId: Id,
          isOfRefund: Type.Boolean({ description: 'Of giving money back; else of taking it' }),
          becomesMinor: Type.Integer({
            minimum: 0,
            maximum: FEE_MINOR_MAX,
            description: 'What all of it cost in the end, in the payment’s currency',
          }),
          reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
        }),
        response: {
          204: Type.Null(),
          ...problems(
            paymentsErrors.payment_unknown,
            paymentsErrors.fee_is_reported,
            paymentsErrors.fee_is_right,
            paymentsErrors.fee_correction_differs,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }, reply) => {
      const wish = { id, ...body, reason: body.reason.trim() };
      await inTransaction(db, (tx) => correctFee(tx, actorOf(viewer), wish, now()));
      return reply.code(204).send(null);
    },
  );
};
