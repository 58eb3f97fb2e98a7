import { sql } from 'kysely';
import { boughtGoods } from '#modules/orders/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { planRequest } from './requests.ts';

interface Delivered {
  orderId: string;
  lines: readonly { lineId: string }[];
  occurredAt: string;
}

/** Subscriber. Goods are with their buyer: delivered, collected or taken away. */
export async function noteReceived(tx: Tx, { orderId, lines, occurredAt }: Delivered): Promise<void> {
  const bought = await boughtGoods(
    tx,
    orderId,
    lines.map(({ lineId }) => lineId),
  );
  await sql`
    insert into reviews.received (order_line_id, order_id, product_id, customer_id, received_at)
    select line_id, ${orderId}, product_id, ${bought.customerId}::uuid, ${occurredAt}::timestamptz
    from unnest(${bought.lines.map(({ lineId }) => lineId)}::uuid[], ${bought.lines.map(({ productId }) => productId)}::uuid[])
      as t (line_id, product_id)
    on conflict (order_line_id) do nothing`.execute(tx);
  if (bought.lines.length > 0) await planRequest(tx, orderId, occurredAt);
}

/** What of an order is with its buyer, by product: reviewed when nothing of it is left to say. */
export async function receivedOf(
  db: Db,
  orderId: string,
): Promise<{ productId: string; isReviewed: boolean }[]> {
  const { rows } = await sql<{ productId: string; isReviewed: boolean }>`
    select product_id as "productId", bool_and(exists (
      select from reviews.review where review.order_line_id = received.order_line_id)) as "isReviewed"
    from reviews.received where order_id = ${orderId} group by product_id order by product_id`.execute(db);
  return rows;
}
