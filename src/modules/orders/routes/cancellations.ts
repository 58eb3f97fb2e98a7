import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { paymentsErrors } from '../../payments/index.ts';
import { cancelAsBuyer } from '../cancel-as-buyer.ts';
import { cancellationErrors, ordersErrors } from '../errors.ts';
import { orderOf } from '../order.ts';
import { ORDERS_PLACED } from './limits.ts';
import { ByCart, CancellationWish, Order, withTimes } from './schemas.ts';

export const cancellationRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/orders/:id/cancellations/:cancellationId',
    {
      config: { access: 'public', rateLimit: ORDERS_PLACED },
      schema: {
        operationId: 'cancelOrder',
        description:
          'Lets units go that were not sent yet: the buyer before anything is sent, staff at any time. The same id again is a retry.',
        params: exactly({ id: Id, cancellationId: Id }),
        querystring: ByCart,
        body: CancellationWish,
        response: {
          200: Order,
          ...problems(
            platformErrors.too_many_requests,
            platformErrors.not_allowed,
            ordersErrors.order_not_found,
            ...Object.values(cancellationErrors),
            paymentsErrors.under_way,
          ),
        },
      },
    },
    async ({ viewer, params, query: { cart }, body }) => {
      const wish = { id: params.cancellationId, orderId: params.id, reason: '', ...body };
      await inTransaction(db, (tx) => cancelAsBuyer(tx, viewer, wish, cart, now()));
      return withTimes(await orderOf(db, viewer, params.id, cart));
    },
  );
};
