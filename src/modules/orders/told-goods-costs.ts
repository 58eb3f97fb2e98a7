import type pg from 'pg';
import { type LedgerPlace, toldLedger } from '#platform/told-ledger.ts';

export const { reachesTo: goodsCostsReachTo, waitingSince: goodsCostsWaitingSince } = toldLedger({
  table: 'orders.goods_cost_entry',
  at: 'written_at',
});

/** What units of a line cost, as the numbers keep it: a row of theirs. */
export interface ToldGoodsCost {
  entry_id: string;
  currency: string;
  business_day: string;
  region: string;
  [column: string]: string | number;
}

/**
 * Those between two places. What left counts on the day of its order, as the sale does; what came back, on the day that it
 * did. Stock has its value in one currency: what it cost an order in another, nobody says.
 */
export async function goodsCostsBetween(
  connection: pg.ClientBase,
  after: LedgerPlace,
  to: LedgerPlace,
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
