import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { cartOf, removeLine, setQuantity } from '../cart.ts';
import { ordersErrors } from '../errors.ts';
import { CART_WRITES } from './limits.ts';
import { Cart, Quantity } from './schemas.ts';

const LineParams = exactly({ id: Id, variantId: Id });
const { too_many_requests } = platformErrors;
const { cart_not_found, cart_is_being_ordered, cart_full, not_sold } = ordersErrors;

export const cartLineRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/carts/:id/lines/:variantId',
    {
      config: { access: 'public', rateLimit: CART_WRITES },
      schema: {
        operationId: 'setCartLine',
        params: LineParams,
        body: exactly({ quantity: Quantity }),
        response: {
          200: Cart,
          ...problems(too_many_requests, cart_not_found, cart_is_being_ordered, cart_full, not_sold),
        },
      },
    },
    async ({ viewer, params: { id, variantId }, body: { quantity } }) => {
      await inTransaction(db, (tx) => setQuantity(tx, viewer, id, { variantId, quantity }, now()));
      return cartOf(db, viewer, id, now());
    },
  );

  app.delete(
    '/carts/:id/lines/:variantId',
    {
      config: { access: 'public', rateLimit: CART_WRITES },
      schema: {
        operationId: 'removeCartLine',
        params: LineParams,
        response: { 200: Cart, ...problems(too_many_requests, cart_not_found, cart_is_being_ordered) },
      },
    },
    async ({ viewer, params: { id, variantId } }) => {
      await inTransaction(db, (tx) => removeLine(tx, viewer, id, variantId));
      return cartOf(db, viewer, id, now());
    },
  );
};
