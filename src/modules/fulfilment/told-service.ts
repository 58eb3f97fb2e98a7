import type pg from 'pg';
import { type LedgerPlace, toldLedger } from '#platform/told-ledger.ts';

export const { reachesTo: serviceReachesTo, waitingSince: serviceWaitingSince } = toldLedger({
  table: 'fulfilment.service_entry',
  at: 'written_at',
});

/** A line of a part as it was when a transaction ended, as the numbers keep it: a row of theirs. */
export interface ToldService {
  version: string;
  part_id: string;
  order_line_id: string;
  business_day: string;
  /** The part is on another day now: this row takes it off this one. */
  is_void: boolean;
}

/**
 * The lines of the parts that entries between two places tell of. A part that waited for goods is assigned on another day
 * than it was opened: then its rows of the days before are told too, as void. Entries of a part are numbered in the order
 * of their transactions, so whatever came before one is there when it is.
 */
export async function serviceBetween(
  connection: pg.ClientBase,
  after: LedgerPlace,
  to: LedgerPlace,
  timeZone: string,
): Promise<ToldService[]> {
  const { rows } = await connection.query<ToldService>(
    `with dated as (
       select *, (assigned_at at time zone $5)::date as business_day from fulfilment.service_entry
     ), told as (
       select * from dated
       where (committed_by, id) > ($1::xid8, $2::bigint) and (committed_by, id) <= ($3::xid8, $4::bigint)
     ), entry as (
       select id as version, false as is_void, told.* from told
       union all
       select told.id, true, earlier.* from told
       join dated earlier on earlier.fulfilment_order_id = told.fulfilment_order_id
       where earlier.id < told.id and earlier.business_day <> told.business_day
     )
     select version::text, is_void, fulfilment_order_id::text as part_id, line ->> 'orderLineId' as order_line_id,
       order_id::text, line ->> 'variantId' as variant_id, location_id::text, region_code as region, touchpoint::text,
       currency, business_day::text, (order_at at time zone $5)::date::text as order_day, is_counted, is_first,
       state = 'expired' as is_expired, first_promised_to::text, promised_to::text,
       gone_at is not null as is_gone, coalesce((gone_at at time zone 'UTC')::date, '2299-12-31')::text as gone_day,
       done_at is not null as is_done, coalesce((done_at at time zone 'UTC')::date, '2299-12-31')::text as done_day,
       is_damaged, is_wrong, waiting_units, short_units,
       (select sum((each ->> 'rejected')::integer) from jsonb_array_elements(lines) each)::integer as part_rejected,
       (line ->> 'quantity')::integer as quantity, (line ->> 'rejected')::integer as rejected,
       (line ->> 'cancelled')::integer as cancelled, (line ->> 'remaining')::integer as remaining
     from entry cross join jsonb_array_elements(lines) line
     order by version, business_day, part_id, order_line_id`,
    [after.position, after.number, to.position, to.number, timeZone],
  );
  return rows;
}
