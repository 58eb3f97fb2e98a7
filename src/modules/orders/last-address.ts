import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { knownCustomerOf } from '../identity/index.ts';
import type { OrderAddress } from './order.ts';

export interface LastAddress {
  address: OrderAddress;
  /** The way that was chosen; null where it was collected. */
  deliveryCode: string | null;
}

/** Where the member had the last thing sent that they bought for themselves: a gift goes to somebody else. */
export async function lastAddressOf(db: Db, memberId: string): Promise<LastAddress | undefined> {
  const customerId = await knownCustomerOf(db, memberId);
  if (customerId === undefined) return undefined;
  const { rows } = await sql<LastAddress>`
    select json_build_object('email', email, 'name', name, 'street', street, 'postcode', postcode, 'city', city,
        'countryCode', country_code, 'phone', phone) as address,
      case when pickup_location_id is null then delivery_code end as "deliveryCode"
    from orders.order join orders.order_address on order_id = "order".id
    where customer_id = ${customerId} and gift_note is null
    order by placed_at desc, "order".id desc limit 1`.execute(db);
  return rows[0];
}
