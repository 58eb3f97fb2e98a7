import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface RefundOrder {
  orderId: string;
  number: string;
  /** Who may have it as store credit: nobody, where the buyer has no account. */
  memberId: string | null;
}

/** The orders that refunds are of, with the members who bought. */
export async function refundOrders(
  reads: Db,
  orderIds: readonly string[],
): Promise<Map<string, RefundOrder>> {
  const { rows } = await sql<RefundOrder>`
    select sale.id as "orderId", number, member_id as "memberId"
    from orders."order" sale left join identity.customer on customer.id = customer_id
    where sale.id = any(${orderIds}::uuid[])`.execute(reads);
  return new Map(rows.map((row) => [row.orderId, row]));
}
