import { Type } from 'typebox';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { paymentsErrors } from '../../payments/index.ts';
import { pricingErrors } from '../../pricing/index.ts';
import { ordersErrors } from '../errors.ts';
import { orderOf } from '../order.ts';
import { placeOrder } from '../place-order.ts';
import { ORDERS_PLACED } from './limits.ts';
import { ByCart, Order, OrderWish, withTimes } from './schemas.ts';

const OrderParams = exactly({ id: Id });
const {
  order_not_found,
  code_refused: _code,
  days_reversed: _days,
  rate_twice: _rate,
  ...placingErrors
} = ordersErrors;

export const orderRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;

  app.put(
    '/orders/:id',
    {
      config: { access: 'public', rateLimit: ORDERS_PLACED },
      schema: {
        operationId: 'placeOrder',
        description: 'Orders what a cart holds. The same id again is a retry: the money is taken once.',
        params: OrderParams,
        body: OrderWish,
        response: {
          200: Type.Object({ orderId: Id, number: Type.String() }),
          202: Type.Object(
            { orderId: Id, redirectUrl: Type.String() },
            { description: 'the buyer has to go there first; the order is placed when they have' },
          ),
          ...problems(
            platformErrors.too_many_requests,
            paymentsErrors.gift_card_unknown,
            paymentsErrors.credit_too_small,
            paymentsErrors.currency_not_taken,
            ...Object.values(placingErrors),
            pricingErrors.promotion_used_up,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }, reply) => {
      const answer = await placeOrder(deps, viewer, { orderId: id, ...body });
      return 'number' in answer ? answer : reply.code(202).send(answer);
    },
  );

  app.get(
    '/orders/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getOrder',
        params: OrderParams,
        querystring: ByCart,
        response: { 200: Order, ...problems(order_not_found) },
      },
    },
    async ({ viewer, params: { id }, query: { cart } }) => withTimes(await orderOf(db, viewer, id, cart)),
  );
};
