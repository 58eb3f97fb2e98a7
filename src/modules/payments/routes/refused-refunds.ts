import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { paymentsErrors } from '../errors.ts';
import { answerRefusal, refusedRefunds } from '../refused-refunds.ts';

const ACCESS = ['staff:service', 'staff:operations'] as const;
const LISTED_MAX = 100;
const Reference = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });

const Refused = Type.Object({
  operationId: Id,
  orderId: Id,
  provider: Type.String(),
  amountMinor: Type.Integer(),
  currency: Type.String(),
  reason: Type.String(),
  refusedAt: Type.String({ format: 'date-time' }),
});

/** Refunds that a provider refused for good, and what staff do about them. */
export const refusedRefundRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/refused-refunds',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listRefusedRefunds',
        description: 'Refunds that a provider refused and nobody has seen to, the oldest first.',
        querystring: exactly({ after: Type.Optional(Id) }),
        response: { 200: Type.Object({ refunds: Type.Array(Refused) }) },
      },
    },
    async ({ query: { after } }) => {
      const found = await refusedRefunds(db, { after, limit: LISTED_MAX });
      return { refunds: found.map((each) => ({ ...each, refusedAt: each.refusedAt.toISOString() })) };
    },
  );

  app.put(
    '/refused-refunds/:id/answer',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'answerRefusedRefund',
        description:
          'Asks the provider again, makes it a member’s store credit, or notes that it was paid by hand. Once; the same again is a retry.',
        params: exactly({ id: Id }),
        body: Type.Union([
          exactly({ answer: Type.Literal('again') }),
          exactly({ answer: Type.Literal('credit'), memberId: Id }),
          exactly({ answer: Type.Literal('by_hand'), reference: Reference }),
        ]),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            paymentsErrors.refund_not_refused,
            paymentsErrors.refund_answered,
            paymentsErrors.member_unknown,
            paymentsErrors.more_than_is_left,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      await inTransaction(db, (tx) => answerRefusal(tx, viewer, id, body, now()));
      return { id };
    },
  );
};
