import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A part of an order that was sent to the store in which its buyer collects it, and has not been received there. */
export interface ArrivingPart {
  /** Of the fulfilment order. */
  id: string;
  orderNumber: string;
  storeCode: string;
  storeName: string;
  /** Who sent it. */
  fromName: string;
  units: number;
  /** The carrier and the numbers of the parcels; null where another gave none. */
  carrier: string | null;
  trackingNumbers: string[];
  shippedAt: Date;
  /** The day by which the buyer was promised it. */
  promisedTo: string;
}

interface Question {
  /** The code of a store; without one, all that is on its way to any. */
  store: string | undefined;
  limit: number;
}

/** What is on its way to a store to be collected there, the longest under way first. */
export async function arrivingParts(reads: Db, { store, limit }: Question): Promise<ArrivingPart[]> {
  const { rows } = await sql<ArrivingPart>`
    select part.id, o.number as "orderNumber", store.code as "storeCode", store.name as "storeName",
      giver.name as "fromName", part.shipped_at as "shippedAt", part.promised_to as "promisedTo", sent.carrier,
      (select sum(remaining)::integer from fulfilment.fulfilment_order_line line
        where line.fulfilment_order_id = part.id) as units,
      array(select tracking_number from fulfilment.parcel
        where shipment_id = sent.id and tracking_number is not null order by position) as "trackingNumbers"
    from fulfilment.fulfilment_order part
    join inventory.location store on store.id = part.pickup_location_id
    join inventory.location giver on giver.id = part.location_id
    join orders.order o on o.id = part.order_id
    left join fulfilment.shipment sent on sent.fulfilment_order_id = part.id and sent.state <> 'failed'
    where part.pickup_location_id is not null and part.state = 'shipped'
      and (${store ?? null}::text is null or store.code = ${store ?? null})
    order by part.shipped_at, part.id limit ${limit}`.execute(reads);
  return rows;
}
