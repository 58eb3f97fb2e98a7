import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A place that had none left of a variant on some day, with what it sent and how long deliveries took. */
export interface RanOut {
  variantId: string;
  locationId: string;
  countryCode: string;
  safety: number;
  /** Of each day, the first one first: what lay there in the morning, and what left for buyers. */
  days: { atFirst: number; shipped: number }[];
  /** Days from each order to its first delivery, of the suppliers that the place has the variant from. */
  leadDays: number[];
}

interface Asked {
  /** The first day and the day after the last one. */
  from: Date;
  to: Date;
  days: number;
  leadFrom: Date;
  shippedLeast: number;
  limit: number;
}

/** Places that ran out of what they send, those that sent the most first. Places of suppliers are left out. */
export async function ranOut(
  db: Db,
  { from, to, days, leadFrom, shippedLeast, limit }: Asked,
): Promise<RanOut[]> {
  const { rows } = await sql<RanOut>`
    with moved as (
      select variant_id, location_id, floor(extract(epoch from moved_at - ${from}) / 86400)::integer as nth,
        sum(on_hand_delta) as delta, coalesce(-sum(on_hand_delta) filter (where kind = 'ship'), 0) as shipped
      from inventory.stock_movement where moved_at >= ${from} and on_hand_delta <> 0
      group by variant_id, location_id, nth
    ), busy as (
      select variant_id, location_id, country_code, level.on_hand, safety, sum(shipped) as sent
      from moved join inventory.stock_level level using (variant_id, location_id)
      join inventory.location location on location.id = location_id and is_active and location.kind <> 'supplier'
      where nth < ${days}
      group by variant_id, location_id, country_code, level.on_hand, safety having sum(shipped) >= ${shippedLeast}
    ), morning as (
      select busy.*, day.nth,
        busy.on_hand - coalesce((
          select sum(delta) from moved later where later.variant_id = busy.variant_id
            and later.location_id = busy.location_id and later.nth >= day.nth), 0) as at_first,
        coalesce((select shipped from moved where moved.variant_id = busy.variant_id
          and moved.location_id = busy.location_id and moved.nth = day.nth), 0) as shipped
      from busy cross join generate_series(0, ${days} - 1) as day (nth)
    )
    select variant_id as "variantId", location_id as "locationId", country_code as "countryCode", safety,
      json_agg(json_build_object('atFirst', at_first, 'shipped', shipped) order by nth) as days,
      array(
        select (extract(epoch from min(received_at) - purchase.created_at) / 86400)::float8
        from inventory.purchase purchase join inventory.receipt receipt on receipt.purchase_id = purchase.id
        where purchase.location_id = morning.location_id and purchase.created_at >= ${leadFrom}
          and received_at < ${to} and received_at >= purchase.created_at
          and purchase.supplier in (
            select other.supplier from inventory.purchase other
            join inventory.purchase_line line on line.purchase_id = other.id
            where other.location_id = morning.location_id and line.variant_id = morning.variant_id)
        group by purchase.id order by purchase.id) as "leadDays"
    from morning
    group by variant_id, location_id, country_code, safety, sent
    having bool_or(at_first <= 0)
    order by sent desc, variant_id, location_id limit ${limit}`.execute(db);
  return rows;
}
