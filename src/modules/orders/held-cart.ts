import { sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { GOES_AHEAD } from '#platform/late-begin.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';

/** A guest's cart belongs to whoever knows its id; a member's to the member. */
export const isHeldBy = (viewer: Viewer, memberId: string | null): boolean =>
  memberId === null || memberId === viewer.memberId;

/** The codes that were entered for a cart, in that order. */
export const enteredCodes = sql<string[]>`array(
  select code from orders.cart_code where cart_id = cart.id order by added_at, code)`.as('codes');

/** What a cart holds, as it was put in. */
export const heldLines = sql<{ variantId: string; quantity: number }[]>`(
  select coalesce(json_agg(json_build_object('variantId', variant_id, 'quantity', quantity)
    order by added_at, variant_id), '[]')
  from orders.cart_line where cart_id = cart.id)`.as('lines');

/**
 * The viewer's cart, locked. Whoever changes a cart, its lines or its checkout locks it first and takes no
 * other lock before, so two of them never wait for each other.
 */
export async function lockCart(tx: Tx, viewer: Viewer, cartId: string) {
  const cart = await own(tx)
    .selectFrom('orders.cart')
    .select(['id', 'member_id as memberId', 'currency', 'ordered_at as orderedAt'])
    .select(enteredCodes)
    .where('id', '=', cartId)
    .forUpdate()
    .executeTakeFirst();
  if (!cart || !isHeldBy(viewer, cart.memberId)) throw ordersErrors.cart_not_found({ cartId });
  return cart;
}

/** Locks whatever there is of this id, with the next statement: that one sees the cart as it is then, and says who holds it. */
export async function lockCartAhead(tx: Tx, cartId: string): Promise<void> {
  await sql`select from orders.cart where id = ${cartId} for update`.execute(tx.withPlugin(GOES_AHEAD));
}

/** The viewer's cart, locked, and sure to take changes. */
export async function lockOpenCart(tx: Tx, viewer: Viewer, cartId: string) {
  const cart = await lockCart(tx, viewer, cartId);
  if (cart.orderedAt) throw ordersErrors.cart_not_found({ cartId });
  if (await isBeingOrdered(tx, cartId)) throw ordersErrors.cart_is_being_ordered({ cartId });
  return cart;
}

export async function isBeingOrdered(tx: Tx, cartId: string): Promise<boolean> {
  const checkout = await own(tx)
    .selectFrom('orders.checkout')
    .select('order_id')
    .where('cart_id', '=', cartId)
    .executeTakeFirst();
  return checkout !== undefined;
}

/** What a cart that is ordered became. */
export async function orderOfCart(tx: Tx, cartId: string): Promise<string> {
  const { id } = await own(tx)
    .selectFrom('orders.order')
    .select('id')
    .where('cart_id', '=', cartId)
    .executeTakeFirstOrThrow();
  return id;
}
