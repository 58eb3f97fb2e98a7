import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { paymentsErrors } from '../../payments/index.ts';
import { ordersErrors } from '../errors.ts';
import { exchange, quoteExchange } from '../exchange.ts';
import { chargeExchange } from '../exchange-end.ts';
import { returnErrors } from '../return-errors.ts';
import { ORDERS_PLACED } from './limits.ts';
import { ReturnWish, UNITS_MAX } from './return-schemas.ts';
import { ByCart, CreditWishes } from './schemas.ts';

const Params = exactly({ id: Id });
const { orderId, lines, touchpoint } = ReturnWish.properties;
const Offer = {
  orderId,
  lines,
  touchpoint,
  wanted: Type.Array(exactly({ variantId: Id, quantity: Type.Integer({ minimum: 1, maximum: UNITS_MAX }) }), {
    minItems: 1,
    maxItems: 100,
    description: 'another option of the same product costs what was paid',
  }),
  deliveryCode: Type.Optional(
    Type.String({ maxLength: 60, description: 'the order’s, where it is left out' }),
  ),
  pickupLocationId: Type.Optional(Id),
  currency: Type.Optional({
    ...Currency,
    description: 'in which the buyer reckons: the order’s, or it is refused',
  }),
};
const Amount = Type.Integer({ minimum: 0, maximum: 10 ** 12 });
const Wish = exactly({
  ...ReturnWish.properties,
  ...Offer,
  toPayMinor: { ...Amount, description: 'what the buyer saw that is to be paid beside the goods' },
  payments: Type.Optional(CreditWishes),
  paymentToken: Type.Optional(Type.String({ maxLength: 200 })),
  paidElsewhere: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: '^[^\\p{Cc}]*$',
      description: 'of who works on returns: what they call the payment that they took',
    }),
  ),
});

const REFUSALS = [
  platformErrors.too_many_requests,
  platformErrors.not_allowed,
  ordersErrors.order_not_found,
  ordersErrors.not_sold,
  ordersErrors.not_enough_stock,
  ordersErrors.not_deliverable,
  ordersErrors.delivery_unknown,
  ordersErrors.not_collectable,
  returnErrors.return_of_past,
  returnErrors.return_line_unknown,
  returnErrors.return_line_twice,
  returnErrors.not_returnable,
  returnErrors.return_too_late,
  returnErrors.exchange_currency,
  returnErrors.exchange_unpaid,
  returnErrors.exchange_without_address,
] as const;

export const exchangeRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  await quoteRoutes(app, deps);
  await placingRoutes(app, deps);
  await payingRoutes(app, deps);
};

const quoteRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.post(
    '/exchanges/quotes',
    {
      config: { access: 'public', rateLimit: ORDERS_PLACED },
      schema: {
        operationId: 'quoteExchange',
        description: 'What an exchange would cost. Nothing is written.',
        querystring: ByCart,
        body: exactly(Offer),
        response: {
          200: Type.Object({
            currency: Type.String(),
            worthMinor: Type.Integer({ description: 'of the goods that come back' }),
            totalMinor: Type.Integer({ description: 'of what is wanted' }),
            toPayMinor: Type.Integer(),
            backMinor: Type.Integer(),
          }),
          ...problems(...REFUSALS),
        },
      },
    },
    async ({ viewer, query: { cart }, body }) => quoteExchange(deps, viewer, body, cart),
  );
};

const placingRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.put(
    '/exchanges/:id',
    {
      config: { access: 'public', rateLimit: ORDERS_PLACED },
      schema: {
        operationId: 'putExchange',
        description:
          'Asks for goods to be taken back and orders others in their place, in one act. The return has the same id. A repeat is a retry.',
        params: Params,
        querystring: ByCart,
        body: Wish,
        response: {
          200: Type.Object({
            id: Id,
            orderId: Id,
            number: Type.Optional(Type.String()),
            redirectUrl: Type.Optional(Type.String({ description: 'where the buyer pays the rest first' })),
          }),
          ...problems(
            ...REFUSALS,
            ordersErrors.total_changed,
            ordersErrors.payment_declined,
            ordersErrors.order_given_up,
            returnErrors.return_differs,
            returnErrors.credit_for_members,
            paymentsErrors.gift_card_unknown,
            paymentsErrors.credit_too_small,
            paymentsErrors.currency_not_taken,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, query: { cart }, body }) => ({
      id,
      ...(await exchange(deps, viewer, { ...body, id }, cart)),
    }),
  );
};

const payingRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  app.put(
    '/exchanges/:id/payments/:paymentId',
    {
      config: { access: ['staff:operations', 'staff:service', 'scope:orders:write'] },
      schema: {
        operationId: 'payExchange',
        description:
          'The buyer has paid what goods that did not come were to pay. It is sent, where it was not.',
        params: exactly({ id: Id, paymentId: Id }),
        body: exactly({ reference: Type.String({ maxLength: 100, pattern: '^[^\\p{Cc}]*$' }) }),
        response: {
          204: Type.Null(),
          ...problems(
            returnErrors.return_not_found,
            returnErrors.exchange_nothing_owed,
            platformErrors.not_allowed,
          ),
        },
      },
    },
    async ({ viewer, params: { id: requestId, paymentId: id }, body: { reference } }, reply) => {
      await inTransaction(deps.db, (tx) =>
        chargeExchange(tx, viewer, { id, requestId, reference }, deps.now()),
      );
      return reply.code(204).send(null);
    },
  );
};
