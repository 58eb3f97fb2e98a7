import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '#platform/db.ts';

/** A place in the order of committed transactions. */
export interface GoodsCostPlace {
  position: string;
  number: string;
}

/** What units of a line cost, as the numbers keep it: a row of theirs. */
export interface ToldGoodsCost {
  entry_id: string;
  currency: string;
  business_day: string;
  region: string;
  [column: string]: string | number;
}

/** Where so many entries after a place reach to; undefined when there are none. Only of transactions that nothing can come before. */
export async function goodsCostsReachTo(
  connection: pg.ClientBase,
  after: GoodsCostPlace,
  count: number,
): Promise<GoodsCostPlace | undefined> {
  const { rows } = await connection.query<GoodsCostPlace>(
    `select committed_by::text as position, id::text as number from (
       select committed_by, id from orders.goods_cost_entry
       where (committed_by, id) > ($1::xid8, $2::bigint) and committed_by < pg_snapshot_xmin(pg_current_snapshot())
       order by committed_by, id limit $3
     ) as next order by committed_by desc, id desc limit 1`,
    [after.position, after.number, count],
  );
  return rows[0];
}

/**
 * Those between two places. What left counts on the day of its order, as the sale does; what came back, on the day that it
 * did. Stock has its value in one currency: what it cost an order in another, nobody says.
 */
export async function goodsCostsBetween(
  connection: pg.ClientBase,
  after: GoodsCostPlace,
  to: GoodsCostPlace,
  timeZone: string,
  currency: string,
): Promise<ToldGoodsCost[]> {
  const { rows } = await connection.query<ToldGoodsCost>(
    `select entry.id::text as entry_id, entry.kind::text, entry.document_id::text, entry.order_id::text,
       ordered.region_code as region, ordered.touchpoint::text, ordered.source, ordered.currency,
       (case entry.kind when 'sent' then ordered.business_day else (entry.at at time zone $5)::date end)::text
         as business_day,
       coalesce(line.product_id, $7)::text as product_id, coalesce(line.variant_id, $7)::text as variant_id,
       coalesce(ordered.customer_id, $7)::text as customer_id, coalesce(entry.location_id, $7)::text as location_id,
       entry.units, (case when ordered.currency = $6 then entry.value_minor else 0 end)::text as value_minor
     from orders.goods_cost_entry entry
     join orders.order ordered on ordered.id = entry.order_id
     join orders.order_line line on line.id = entry.order_line_id
     where (entry.committed_by, entry.id) > ($1::xid8, $2::bigint)
       and (entry.committed_by, entry.id) <= ($3::xid8, $4::bigint)
     order by entry.committed_by, entry.id`,
    [after.position, after.number, to.position, to.number, timeZone, currency, NOBODY],
  );
  return rows;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Since when an entry waits to be taken; undefined when none does. */
export async function goodsCostsWaitingSince(db: Db, after: GoodsCostPlace): Promise<Date | undefined> {
  const { rows } = await sql<{ since: Date }>`
    select written_at as since from orders.goods_cost_entry
    where (committed_by, id) > (${after.position}::xid8, ${after.number}::bigint)
    order by committed_by, id limit 1`.execute(db);
  return rows[0]?.since;
}
