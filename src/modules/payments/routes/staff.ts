import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { paymentsErrors } from '../errors.ts';
import { creditMember, giftCardBy, refundByHand } from '../staff-acts.ts';

const ById = exactly({ id: Id });
const Amount = Type.Integer({ minimum: 1, maximum: 100_000_000 });
const Reason = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', description: 'names nobody' });
const Done = Type.Object({ id: Id });
const ISSUERS = ['staff:service', 'staff:operations'] as const;

/** What staff do with money that the shop owes. Each leaves an entry in the audit trail. */
export const staffRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.put(
    '/gift-cards/:id',
    {
      config: { access: ISSUERS },
      schema: {
        operationId: 'issueGiftCard',
        description: 'Issues a gift card. Its code is in the answer and nowhere else; a retry gets it again.',
        params: ById,
        body: exactly({
          amountMinor: Amount,
          currency: Currency,
          expiresAt: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
          reason: Reason,
        }),
        response: {
          200: Type.Object({ id: Id, code: Type.String() }),
          ...problems(paymentsErrors.account_differs, paymentsErrors.more_than_may_be_given),
        },
      },
    },
    async ({ viewer, params: { id }, body: { expiresAt, ...body } }) => {
      const card = { id, ...body, ...(expiresAt && { expiresAt: new Date(expiresAt) }) };
      const { code } = await inTransaction(deps.db, (tx) => giftCardBy(tx, viewer, card, deps));
      return { id, code };
    },
  );

  app.put(
    '/credits/:id',
    {
      config: { access: ISSUERS },
      schema: {
        operationId: 'grantCredit',
        description: 'Gives a member credit to spend here. The same id again is the same grant.',
        params: ById,
        body: exactly({ memberId: Id, amountMinor: Amount, currency: Currency, reason: Reason }),
        response: {
          200: Done,
          ...problems(
            paymentsErrors.account_differs,
            paymentsErrors.member_unknown,
            paymentsErrors.more_than_may_be_given,
            paymentsErrors.credit_to_oneself,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      await inTransaction(deps.db, (tx) => creditMember(tx, viewer, { id, ...body }, deps));
      return { id };
    },
  );
};

export const refundRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.put(
    '/refunds/:id',
    {
      config: { access: ISSUERS },
      schema: {
        operationId: 'refundByHand',
        description:
          'Gives back a part of what was paid for an order, beside what cancelling and returning give back. The same id again is a retry.',
        params: ById,
        body: exactly({ orderId: Id, amountMinor: Amount, reason: Reason }),
        response: {
          200: Done,
          ...problems(
            paymentsErrors.not_paid_here,
            paymentsErrors.more_than_is_left,
            paymentsErrors.under_way,
            paymentsErrors.refund_differs,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      await inTransaction(deps.db, (tx) => refundByHand(tx, viewer, { id, ...body }, deps.now()));
      return { id };
    },
  );
};
