import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** An order as it is told to somebody at a counter who was given an address: not who it is. */
export interface BuyersOrder {
  id: string;
  number: string;
  placedAt: Date;
  totalMinor: number;
  currency: string;
  units: number;
  /** Returns that were asked for and have not been looked at. */
  announced: number;
}

const ORDERS_SHOWN = 30;

/** The latest orders that were placed with an address or by its member, those with an announced return first. */
export async function buyersOrders(reads: Db, email: string): Promise<BuyersOrder[]> {
  const { rows } = await sql<BuyersOrder>`
    select * from (select o.id, o.number, o.placed_at as "placedAt", o.total_minor as "totalMinor", o.currency,
      (select coalesce(sum(quantity), 0)::integer from orders.order_line
        where order_id = o.id and kind = 'goods') as units,
      (select count(*)::integer from orders.return_request where order_id = o.id and kind = 'return'
        and state in ('requested', 'approved', 'received')) as announced
    from orders.order o
    where o.id in (
      select order_id from orders.order_address where lower(email) = lower(${email})
      union
      select bought.id from orders.order bought
      join identity.customer c on c.id = bought.customer_id
      join identity.member m on m.id = c.member_id and m.email = lower(${email}))
      order by o.placed_at desc, o.id limit ${ORDERS_SHOWN}
    ) as latest order by announced > 0 desc, "placedAt" desc, id`.execute(reads);
  return rows;
}
