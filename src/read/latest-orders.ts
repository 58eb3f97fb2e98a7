import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface LatestOrder {
  id: string;
  number: string;
  placedAt: Date;
  regionName: string;
  touchpoint: string;
  state: string;
  units: number;
  totalMinor: number;
  currency: string;
}

/** The orders placed last, for the desk. */
export async function latestOrders(reads: Db, currency: string, limit: number): Promise<LatestOrder[]> {
  const { rows } = await sql<LatestOrder>`
    select latest.id, latest.number, latest.placed_at as "placedAt", region.name as "regionName",
      latest.touchpoint, latest.state, latest.total_minor as "totalMinor", latest.currency,
      coalesce((
        select sum(line.quantity) from orders.order_line as line
        where line.order_id = latest.id and line.kind = 'goods'
      ), 0)::integer as units
    from (
      select * from orders.order where currency = ${currency} order by placed_at desc limit ${limit}
    ) as latest
    join market.region as region on region.code = latest.region_code
    order by latest.placed_at desc`.execute(reads);
  return rows;
}
