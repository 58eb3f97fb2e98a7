import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import type { Order } from './order.ts';

/** What its parts are made from. */
export type OrderToSend = Pick<
  Order,
  | 'id'
  | 'regionCode'
  | 'touchpoint'
  | 'currency'
  | 'placedAt'
  | 'promisedFrom'
  | 'promisedTo'
  | 'pickupLocationId'
  | 'reservationId'
>;

export interface HeldOrder extends OrderToSend {
  /** By which an experiment knows it; null for one that came from no cart. */
  cartId: string | null;
  hasCancellations: boolean;
}

/**
 * Many orders, in the order of their ids. Their rows are ours from now on: until the transaction ends nobody cancels or sends
 * any of them.
 */
export async function holdOrders(tx: Tx, orderIds: readonly string[]): Promise<Map<string, HeldOrder>> {
  await sql`select from orders.order where id = any(${orderIds}::uuid[]) order by id for no key update`.execute(
    tx,
  );
  const { rows } = await sql<HeldOrder>`
    select id, region_code as "regionCode", touchpoint, currency, placed_at as "placedAt", promised_from as "promisedFrom",
      promised_to as "promisedTo", pickup_location_id as "pickupLocationId", reservation_id as "reservationId",
      cart_id as "cartId", exists (select from orders.cancellation where order_id = "order".id) as "hasCancellations"
    from orders.order where id = any(${orderIds}::uuid[])`.execute(tx);
  return new Map(rows.map((order) => [order.id, order]));
}
