import { TILL } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { orderOf, ordersErrors, returnById, returnErrors } from '../../orders/index.ts';
import { paymentsErrors } from '../../payments/index.ts';
import { tillErrors } from '../errors.ts';
import { takeBack, type Taken, takeIn } from '../take-back.ts';
import { TakeBackWish, TakeInWish, TakenIn } from '../taken-answers.ts';

type Routes = NonNullable<Module['routes']>;

const access = { config: { access: TILL } };
const Params = exactly({ returnId: Id });

const refusals = problems(
  tillErrors.register_not_found,
  tillErrors.no_open_shift,
  tillErrors.drawer_too_small,
  tillErrors.drawer_currency,
  tillErrors.taken_differs,
  ordersErrors.order_not_found,
  returnErrors.return_not_found,
  returnErrors.return_differs,
  returnErrors.return_of_past,
  returnErrors.return_line_unknown,
  returnErrors.return_line_twice,
  returnErrors.return_step_not_open,
  returnErrors.not_returnable,
  returnErrors.inspected_too_many,
  returnErrors.credit_for_members,
  paymentsErrors.under_way,
  paymentsErrors.more_than_is_left,
  paymentsErrors.not_paid_here,
);

export const takenRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/take-backs/:returnId',
    {
      ...access,
      schema: {
        operationId: 'takeBackAtTill',
        summary: 'Takes goods of any order back: received, looked at and paid back at once',
        params: Params,
        body: TakeBackWish,
        response: { 200: TakenIn, ...refusals },
      },
    },
    async ({ params: { returnId: id }, body, viewer }) => {
      await orderOf(db, viewer, body.orderId);
      const wish = { id, ...body, memberId: viewer.memberId ?? '' };
      return shown(db, id, await inTransaction(db, (tx) => takeBack(tx, wish, now())));
    },
  );

  app.put(
    '/take-ins/:returnId',
    {
      ...access,
      schema: {
        operationId: 'takeInAtTill',
        summary: 'Takes in what its buyer announced, by its own return',
        params: Params,
        body: TakeInWish,
        response: { 200: TakenIn, ...refusals },
      },
    },
    async ({ params: { returnId: requestId }, body, viewer }) => {
      const wish = { requestId, ...body, memberId: viewer.memberId ?? '' };
      return shown(db, requestId, await inTransaction(db, (tx) => takeIn(tx, wish, now())));
    },
  );
};

async function shown(db: Db, returnId: string, { cashMinor }: Taken) {
  const { orderId, state, currency, refundMinor, lines } = await returnById(db, returnId);
  return { returnId, orderId, state, currency, refundMinor, cashMinor, lines };
}
