import { sql } from 'kysely';
import { GUEST } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { addLine, openCart } from './cart.ts';
import { ordersErrors } from './errors.ts';
import { lockOpenCart } from './held-cart.ts';
import { own } from './own.ts';

export interface Advice {
  /** Whose cart it is put in. */
  memberId: string;
  associateId: string;
  /** The store. */
  locationId: string;
  variantId: string;
}

/**
 * Puts a thing that a member was shown in a store into their own cart, with who showed it. What is in the cart already
 * stays as many as it is, so the same scan again changes nothing.
 */
export async function advise(
  tx: Tx,
  { memberId, associateId, locationId, variantId }: Advice,
  currency: string,
  now: Date,
): Promise<void> {
  if (memberId === associateId) throw ordersErrors.advises_oneself({});
  const member = { ...GUEST, kind: 'member' as const, memberId };
  const cartId = await openCart(tx, member, undefined, currency);
  await lockOpenCart(tx, member, cartId);
  const held = await own(tx)
    .selectFrom('orders.cart_line')
    .select('variant_id')
    .where('cart_id', '=', cartId)
    .where('variant_id', '=', variantId)
    .executeTakeFirst();
  if (!held) await addLine(tx, member, cartId, { variantId, quantity: 1 }, now);
  const noted = { associate_id: associateId, location_id: locationId, noted_at: now };
  await own(tx)
    .insertInto('orders.cart_advice')
    .values({ cart_id: cartId, variant_id: variantId, ...noted })
    .onConflict((conflict) => conflict.columns(['cart_id', 'variant_id']).doUpdateSet(noted))
    .execute();
}

/** What stores have put into a member's open cart, the latest first; of what the member put there nothing. */
export async function advisedVariants(db: Db, memberId: string): Promise<string[]> {
  const rows = await own(db)
    .selectFrom('orders.cart_advice as advice')
    .innerJoin('orders.cart as cart', 'cart.id', 'advice.cart_id')
    .select('variant_id as variantId')
    .where('cart.member_id', '=', memberId)
    .where('cart.ordered_at', 'is', null)
    .orderBy('noted_at', 'desc')
    .orderBy('variant_id')
    .execute();
  return rows.map(({ variantId }) => variantId);
}

const DAY_MS = 86_400_000;

/** From when on advice counts: later than so many days after it the store had no part in the decision. */
export const adviceSince = (days: number, now: Date): Date => new Date(now.getTime() - days * DAY_MS);

/** Who advised on a cart last, for a statement that reads the cart. */
export const latestAdviser = (since: Date) =>
  sql<string | null>`(
  select associate_id from orders.cart_advice
  where cart_id = cart.id and noted_at > ${since} order by noted_at desc, variant_id limit 1)`.as(
    'adviserId',
  );
