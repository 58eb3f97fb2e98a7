import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

const ORDERS_MAX = 200;

/** The newest orders of this number, or of the buyer of this e-mail address: as guest or as member. */
export async function ordersByWords(reads: Db, words: string): Promise<string[]> {
  const text = words.trim();
  const fitting = text.includes('@')
    ? sql`(
        (select order_id as id from orders.order_address where lower(email) = lower(${text}))
        union
        (select sale.id from identity.member join identity.customer on customer.member_id = member.id
          join orders."order" sale on sale.customer_id = customer.id where member.email = lower(${text}))
      )`
    : sql`(select id from orders."order" where reverse(upper(number)) = reverse(upper(${text})))`;
  const { rows } = await sql<{ id: string }>`
    select sale.id from ${fitting} as fitting join orders."order" sale on sale.id = fitting.id
    order by placed_at desc, sale.id desc limit ${ORDERS_MAX}`.execute(reads);
  return rows.map(({ id }) => id);
}
