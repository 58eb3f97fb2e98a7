import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** Of an order in exchange that is being paid for: the order that is given back, and what a guest proves it by. */
export async function askedInExchange(
  db: Db,
  { orderId, cartId }: { orderId: string; cartId: string },
): Promise<{ ofOrderId: string; ofCartId: string | null } | undefined> {
  const { rows } = await sql<{ ofOrderId: string; ofCartId: string | null }>`
    select o.id as "ofOrderId", cart.id as "ofCartId"
    from orders.checkout join orders.order o on o.id = (draft->'exchange'->>'ofOrderId')::uuid
    left join orders.cart on cart.id = o.cart_id and cart.member_id is null
    where checkout.order_id = ${orderId} and checkout.cart_id = ${cartId}`.execute(db);
  return rows[0];
}
