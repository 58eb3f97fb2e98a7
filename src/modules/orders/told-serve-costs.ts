import type pg from 'pg';
import { type LedgerPlace, toldLedger } from '#platform/told-ledger.ts';

export const { reachesTo: serveCostsReachTo, waitingSince: serveCostsWaitingSince } = toldLedger({
  table: 'orders.serve_cost_entry',
  at: 'written_at',
});

/** A part of what serving an order cost, as the numbers keep it: a row of theirs. */
export interface ToldServeCost {
  entry_id: string;
  currency: string;
  business_day: string;
  region: string;
  [column: string]: string;
}

/**
 * Those between two places. What was done for a sale counts on the day of its order, what was done for a return or a refund on
 * the day that it was. A cost in another currency than the order's is not known in the order's.
 */
export async function serveCostsBetween(
  connection: pg.ClientBase,
  after: LedgerPlace,
  to: LedgerPlace,
  timeZone: string,
): Promise<ToldServeCost[]> {
  const { rows } = await connection.query<ToldServeCost>(
    `select entry.id::text as entry_id, entry.kind::text, entry.cause_id::text, entry.order_id::text,
       ordered.region_code as region, ordered.touchpoint::text, ordered.source, ordered.currency,
       (case when entry.kind in ('return_work', 'return_label', 'refund_fee')
         then (entry.at at time zone $5)::date else ordered.business_day end)::text as business_day,
       coalesce(ordered.customer_id, $6)::text as customer_id, coalesce(entry.location_id, $6)::text as location_id,
       (case when ordered.currency = entry.currency then entry.amount_minor else 0 end)::text as amount_minor
     from orders.serve_cost_entry entry
     join orders.order ordered on ordered.id = entry.order_id
     where (entry.committed_by, entry.id) > ($1::xid8, $2::bigint)
       and (entry.committed_by, entry.id) <= ($3::xid8, $4::bigint)
     order by entry.committed_by, entry.id`,
    [after.position, after.number, to.position, to.number, timeZone, NOBODY],
  );
  return rows;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
