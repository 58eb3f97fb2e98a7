import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { enterOrder, noteOutsidePayment } from '../enter-order.ts';
import { ordersErrors, outsideErrors } from '../errors.ts';
import { OutsideName, OutsideOrder, PaymentReference } from './schemas.ts';

const { not_sold, not_enough_stock, not_deliverable, delivery_unknown, country_unknown } = ordersErrors;
const { outside_order_unknown, ...enteringErrors } = outsideErrors;

export const outsideOrderRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;

  app.put(
    '/orders/outside/:source/:externalRef',
    {
      config: { access: 'scope:orders:enter' },
      schema: {
        operationId: 'enterOutsideOrder',
        description:
          'Enters an order that another system took: at its prices, and in all else as one of our own checkout. The same source and reference with the same content again is a retry.',
        params: OutsideName,
        body: OutsideOrder,
        response: {
          200: Type.Object({ orderId: Id, number: Type.String() }),
          ...problems(
            platformErrors.sign_in_required,
            not_sold,
            not_enough_stock,
            not_deliverable,
            delivery_unknown,
            country_unknown,
            ...Object.values(enteringErrors),
          ),
        },
      },
    },
    ({ params, body }) => enterOrder(deps, { ...params, ...body }),
  );

  app.put(
    '/orders/outside/:source/:externalRef/payment',
    {
      config: { access: 'scope:orders:enter' },
      schema: {
        operationId: 'noteOutsidePayment',
        description: 'Says that the source has taken the money of an order that it entered unpaid.',
        params: OutsideName,
        body: exactly({ reference: PaymentReference }),
        response: { 204: Type.Null(), ...problems(outside_order_unknown) },
      },
    },
    async ({ params, body: { reference } }, reply) => {
      await inTransaction(db, (tx) => noteOutsidePayment(tx, params, reference, now()));
      return reply.code(204).send(null);
    },
  );
};
