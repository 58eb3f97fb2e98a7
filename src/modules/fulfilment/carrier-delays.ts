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

interface Sent {
  from: Date;
  to: Date;
  now: Date;
}

/**
 * Shipments that left in the period, no later than the day on which they were to leave: what came late of those came late on the
 * way. Those whose numbers people typed went with nobody knows whom.
 */
const cameOf = ({ from, to, now }: Sent) => sql`
  select carrier, day, country, is_late from (
    select carrier, (shipment.shipped_at at time zone 'UTC')::date as day,
      case when region_code ~ '^[A-Z]{2}-' then left(region_code, 2) else region_code end as country,
      (coalesce(shipment.delivered_at, ${now}) at time zone 'UTC')::date > promised_to as is_late,
      shipment.delivered_at is not null as has_arrived
    from fulfilment.shipment
    join fulfilment.fulfilment_order part on part.id = fulfilment_order_id
    where shipment.state in ('shipped', 'delivered') and carrier <> ${MANUAL}
      and shipment.shipped_at >= ${from} and shipment.shipped_at < ${to}
      and (shipment.shipped_at at time zone 'UTC')::date <= leaves_on
  ) as sent where has_arrived or is_late`;

export async function carrierDelays(db: Db, period: Sent): Promise<CarrierDelays[]> {
  const { rows } = await sql<CarrierDelays>`
    select carrier, country as "countryCode", count(*)::integer as due,
      (count(*) filter (where is_late))::integer as late
    from (${cameOf(period)}) as came group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

/** The same of each day on which they left, by UTC. */
export async function carrierDelayDays(db: Db, period: Sent): Promise<(CarrierDelays & { day: string })[]> {
  const { rows } = await sql<CarrierDelays & { day: string }>`
    select carrier, country as "countryCode", day::text as day, count(*)::integer as due,
      (count(*) filter (where is_late))::integer as late
    from (${cameOf(period)}) as came group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows;
}
