import { sql } from 'kysely';
import { boughtGoods } from '#modules/orders/index.ts';
import type { Tx } from '#platform/db.ts';
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
