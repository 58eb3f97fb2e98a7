import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { PromotionCode } from '../../pricing/index.ts';
import { addCode, removeCode } from '../cart-codes.ts';
import { cartOf } from '../cart.ts';
import { ordersErrors } from '../errors.ts';
import { CART_WRITES } from './limits.ts';
import { Cart } from './schemas.ts';

const CodeParams = exactly({ id: Id, code: PromotionCode });
const { too_many_requests } = platformErrors;
const { cart_not_found, cart_is_being_ordered, code_refused } = ordersErrors;

export const cartCodeRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/carts/:id/codes/:code',
    {
      config: { access: 'public', rateLimit: CART_WRITES },
      schema: {
        operationId: 'addCartCode',
        description:
          'A code that does nothing for this cart is kept and says why; one that does nothing at all is refused.',
        params: CodeParams,
        response: {
          200: Cart,
          ...problems(too_many_requests, cart_not_found, cart_is_being_ordered, code_refused),
        },
      },
    },
    async ({ viewer, params: { id, code } }) => {
      await inTransaction(db, (tx) => addCode(tx, viewer, id, code, now()));
      return cartOf(db, viewer, id, now());
    },
  );

  app.delete(
    '/carts/:id/codes/:code',
    {
      config: { access: 'public', rateLimit: CART_WRITES },
      schema: {
        operationId: 'removeCartCode',
        params: CodeParams,
        response: { 200: Cart, ...problems(too_many_requests, cart_not_found, cart_is_being_ordered) },
      },
    },
    async ({ viewer, params: { id, code } }) => {
      await inTransaction(db, (tx) => removeCode(tx, viewer, id, code));
      return cartOf(db, viewer, id, now());
    },
  );
};
