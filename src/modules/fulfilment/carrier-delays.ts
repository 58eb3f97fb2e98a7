import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { MANUAL } from './carriers.ts';

/** What a carrier was given for a country in time, and how much of it came late. */
export interface CarrierDelays {
  carrier: string;
  countryCode: string;
  /** Shipments that have arrived, or whose promise is over. */
  due: number;
  late: number;
}

/**
 * Shipments that left in the period, no later than the day on which they were to leave: what came late of those came late on the
 * way. Those whose numbers people typed went with nobody knows whom.
 */
export async function carrierDelays(
  db: Db,
  { from, to, now }: { from: Date; to: Date; now: Date },
): Promise<CarrierDelays[]> {
  const { rows } = await sql<CarrierDelays>`
    with sent as (
      select carrier, case when region_code ~ '^[A-Z]{2}-' then left(region_code, 2) else region_code end as country,
        (coalesce(shipment.delivered_at, ${now}) at time zone 'UTC')::date > promised_to as is_late,
        shipment.delivered_at is not null as has_arrived
      from fulfilment.shipment
      join fulfilment.fulfilment_order part on part.id = fulfilment_order_id
      where shipment.state in ('shipped', 'delivered') and carrier <> ${MANUAL}
        and shipment.shipped_at >= ${from} and shipment.shipped_at < ${to}
        and (shipment.shipped_at at time zone 'UTC')::date <= leaves_on
    )
    select carrier, country as "countryCode", count(*)::integer as due,
      count(*) filter (where is_late)::integer as late
    from sent where has_arrived or is_late
    group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}
