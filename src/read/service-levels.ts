import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** Shares are 0 to 1, null where there is nothing to measure yet; hours are the median and the 90th percentile. */
export interface ServiceLevel {
  id: string;
  name: string;
  /** store, warehouse, supplier, or carrier */
  kind: string;
  parts: number;
  fillRate: number | null;
  rejectionRate: number | null;
  onTime: number | null;
  inFull: number | null;
  perfect: number | null;
  acceptHours: Hours;
  pickHours: Hours;
  shipHours: Hours;
  deliverHours: Hours;
}
type Hours = [number, number] | null;

interface Period {
  from: Date;
  to: Date;
  now: Date;
}

/**
 * One definition for all: what a location, or a carrier, was given in the period and what became of it. A part counts for
 * service when it is delivered, or when its first promise has passed without that; what is still under way does not.
 * Perfect is on time, in full, and nothing of it given back as damaged or as another thing than its papers say.
 */
export const locationService = (reads: Db, period: Period): Promise<ServiceLevel[]> =>
  service(reads, period, {
    key: sql`place.id::text`,
    name: sql`place.name`,
    kind: sql`place.kind::text`,
    joined: sql`join inventory.location place on place.id = part.location_id`,
  });

export const carrierService = (reads: Db, period: Period): Promise<ServiceLevel[]> =>
  service(reads, period, {
    key: sql`shipment.carrier`,
    name: sql`shipment.carrier`,
    kind: sql`'carrier'`,
    joined: sql`join fulfilment.shipment shipment
      on shipment.fulfilment_order_id = part.id and shipment.state <> 'failed'`,
  });

type Grouping = Record<'key' | 'name' | 'kind' | 'joined', RawBuilder<unknown>>;

async function service(
  reads: Db,
  { from, to, now }: Period,
  { key, name, kind, joined }: Grouping,
): Promise<ServiceLevel[]> {
  const { rows } = await sql<ServiceLevel>`
    with part as (
      select each.*, line.*, gone_at, -- a store has done its part when it lies ready, whenever its buyer comes
        done_at is not null or (now_at at time zone 'UTC')::date > first_promised_to as is_due,
        done_at is not null and (done_at at time zone 'UTC')::date <= first_promised_to as is_on_time,
        rejected_units = 0 and done_at is not null as is_in_full,
        exists (select from fulfilment.complaint join fulfilment.fulfilment_order_line using (order_line_id)
          where fulfilment_order_id = each.id and remaining > 0) as is_complained_of
      from fulfilment.fulfilment_order each
      cross join (select ${now}::timestamptz as now_at) clock
      cross join lateral (
        select coalesce(ready_at, delivered_at) as done_at, coalesce(ready_at, shipped_at) as gone_at) as ends
      cross join lateral (
        select count(*) as lines, count(*) filter (where rejected > 0 and each.state <> 'expired') as rejected_lines,
          sum(quantity) as units, sum(rejected) as rejected_units, sum(remaining) as remaining_units
        from fulfilment.fulfilment_order_line where fulfilment_order_id = each.id
      ) line
      where assigned_at >= ${from} and assigned_at < ${to}
        -- what was let go while it waited for goods was never its location's to send
        and not (state = 'cancelled' and waits_in is not null and accepted_at is null)
    )
    select ${key} as id, ${name} as name, ${kind} as kind, count(*)::integer as parts,
      (coalesce(sum(remaining_units) filter (where is_first and part.gone_at is not null
          and (part.gone_at at time zone 'UTC')::date <= first_promised_to), 0)
        / nullif(sum(units) filter (where is_first and (part.gone_at is not null or is_due or rejected_units > 0)), 0)
      )::float8 as "fillRate",
      (sum(rejected_lines) / nullif(sum(lines), 0))::float8 as "rejectionRate",
      ${share(sql`is_on_time`)} as "onTime", ${share(sql`is_in_full`)} as "inFull",
      ${share(sql`is_on_time and is_in_full and not is_complained_of`)} as perfect,
      ${hours('assigned_at', 'accepted_at')} as "acceptHours", ${hours('accepted_at', 'picked_at')} as "pickHours",
      ${hours('picked_at', 'part.shipped_at')} as "shipHours",
      ${hours('part.shipped_at', 'part.delivered_at')} as "deliverHours"
    from part ${joined}
    group by 1, 2, 3 order by 3, 2`.execute(reads);
  return rows;
}

const share = (claim: RawBuilder<unknown>) =>
  sql`(count(*) filter (where is_due and ${claim})::float8 / nullif(count(*) filter (where is_due), 0))`;

const hours = (from: string, to: string) =>
  sql`percentile_cont(array[0.5, 0.9]) within group (
    order by extract(epoch from ${sql.ref(to)} - ${sql.ref(from)})::float8 / 3600)`;
