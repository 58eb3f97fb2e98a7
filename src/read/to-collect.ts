import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

const SEARCHED_MAX = 5000;

/** The orders of which something lies at a store, or is on its way there, to be collected by its buyer. */
export async function ordersToCollect(reads: Db, storeId: string): Promise<string[]> {
  const { rows } = await sql<{ orderId: string }>`
    select distinct order_id as "orderId" from fulfilment.fulfilment_order
    where pickup_location_id = ${storeId}
      and state in ('assigned', 'accepted', 'picked', 'packed', 'shipped', 'ready')
    limit ${SEARCHED_MAX}`.execute(reads);
  return rows.map(({ orderId }) => orderId);
}
