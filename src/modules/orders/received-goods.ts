import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface BoughtGoods {
  orderId: string;
  customerId: string | null;
  lines: { lineId: string; productId: string }[];
}

/** What goods of an order are whose: those of the lines that were asked for. */
export async function boughtGoods(
  db: Db,
  orderId: string,
  lineIds?: readonly string[],
): Promise<BoughtGoods> {
  const asked = lineIds ? sql`and line.id = any(${[...lineIds]}::uuid[])` : sql``;
  const { rows } = await sql<{ customerId: string | null; lineId: string; productId: string }>`
    select ordered.customer_id as "customerId", line.id as "lineId", line.product_id as "productId"
    from orders.order_line as line join orders.order as ordered on ordered.id = line.order_id
    where line.order_id = ${orderId} and line.kind = 'goods' and line.product_id is not null ${asked}
    order by line.position`.execute(db);
  return {
    orderId,
    customerId: rows[0]?.customerId ?? null,
    lines: rows.map(({ lineId, productId }) => ({ lineId, productId })),
  };
}
