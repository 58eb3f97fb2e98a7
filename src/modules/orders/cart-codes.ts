import type { Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { cartOf } from './cart.ts';
import { ordersErrors } from './errors.ts';
import { lockOpenCart } from './held-cart.ts';
import { own } from './own.ts';

const CODES_MAX = 10;

/**
 * Remembers a code for the cart. One that can't do anything for any cart now is refused; one that only does nothing
 * for this cart is kept, since the cart may change. The same again is a retry.
 */
export async function addCode(
  tx: Tx,
  viewer: Viewer,
  cartId: string,
  entered: string,
  now: Date,
): Promise<void> {
  const code = entered.toUpperCase();
  const { codes } = await lockOpenCart(tx, viewer, cartId);
  if (codes.includes(code)) return;
  if (codes.length >= CODES_MAX) throw ordersErrors.code_refused({ code, reason: 'too_many' });
  await own(tx).insertInto('orders.cart_code').values({ cart_id: cartId, code }).execute();
  const cart = await cartOf(tx, viewer, cartId, now);
  const reason = cart.codes.find((each) => each.code === code)?.refusal ?? null;
  if (reason !== null && reason !== 'not_for_this_basket' && reason !== 'another_is_better') {
    throw ordersErrors.code_refused({ code, reason });
  }
}

/** Forgetting what is not there is a retry. */
export async function removeCode(tx: Tx, viewer: Viewer, cartId: string, code: string): Promise<void> {
  await lockOpenCart(tx, viewer, cartId);
  await own(tx)
    .deleteFrom('orders.cart_code')
    .where('cart_id', '=', cartId)
    .where('code', '=', code.toUpperCase())
    .execute();
}
