import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { COUNTER } from './counter-sale.ts';

/** What is known of an order for who asks its buyer how it was. */
export interface AskedAbout {
  number: string;
  customerId: string | null;
  touchpoint: string;
  regionCode: string;
  /** Where it is collected; null: it goes to the buyer's door, or was carried away. */
  pickupLocationId: string | null;
  /** Carried away from a counter at once. */
  isCarriedAway: boolean;
  /** Of its address; null where it has none, and once it was erased. */
  email: string | null;
}

/** Undefined where there is no such order. */
export async function askedAbout(db: Db, orderId: string): Promise<AskedAbout | undefined> {
  const { rows } = await sql<AskedAbout>`
    select number, customer_id as "customerId", touchpoint, region_code as "regionCode",
      pickup_location_id as "pickupLocationId",
      coalesce(delivery_code = ${COUNTER}, false) as "isCarriedAway",
      (select email from orders.order_address where order_id = "order".id) as email
    from orders.order where id = ${orderId}`.execute(db);
  return rows[0];
}

/** The orders that went to somebody: those of a customer, and those with an address that is theirs for sure. */
export async function ordersOfBuyer(
  db: Db,
  { customerId, email }: { customerId?: string | undefined; email?: string | undefined },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from orders.order where customer_id = ${customerId ?? null}::uuid
    union select order_id as id from orders.order_address where lower(email) = ${email?.toLowerCase() ?? null}
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
}
