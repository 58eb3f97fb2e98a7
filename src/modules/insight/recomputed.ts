import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Dimension } from './facts.ts';

/**
 * The sums of sales from the payloads in PostgreSQL, written without regard to how the ledger has them: what tests hold
 * every answer against.
 */
const KEY: Partial<Record<Dimension, string>> = {
  region: `case when region ~ '^[A-Z]{2}-' then left(region, 2) else region end`,
  area: 'region',
  day: 'day::text',
  week: `date_trunc('week', day)::date::text`,
  month: `date_trunc('month', day)::date::text`,
  touchpoint: 'touchpoint',
  source: 'source',
  product: `coalesce(product, '00000000-0000-0000-0000-000000000000')`,
  customer: `case when customer is null then 'unknown' when order_id in (select order_id from first_order) then 'new' else 'returning' end`,
};

export interface RecomputedRow {
  key: string[];
  sums: Record<string, number>;
}

export async function recomputed(
  db: Db,
  { by, currency, from, to }: { by: readonly Dimension[]; currency: string; from: string; to: string },
  dated: 'own' | 'order' = 'own',
): Promise<RecomputedRow[]> {
  const key = by.map((name) => KEY[name] ?? 'null');
  const { rows } = await sql<RecomputedRow>`
    with document as (
      select id, payload, name = 'orders.return_recorded.v1' as is_return,
        name = 'orders.units_cancelled.v1' as is_cancelled
      from platform.event where payload ->> 'currency' = ${currency}
    ), own_line as (
      select document.is_return, is_cancelled, payload ->> 'orderId' as order_id, payload ->> 'regionCode' as region,
        (payload ->> 'businessDay')::date as own_day, payload ->> 'touchpoint' as touchpoint,
        payload ->> 'source' as source, coalesce(node.person_id::text, payload ->> 'customerId') as customer,
        (payload ->> 'occurredAt')::timestamptz as at, line ->> 'productId' as product, line ->> 'kind' as kind,
        (line ->> 'quantity')::bigint as quantity, (line ->> 'grossMinor')::bigint as gross,
        (line ->> 'discountMinor')::bigint as discount, (line ->> 'netMinor')::bigint as net
      from document cross join jsonb_array_elements(payload::jsonb -> 'lines') as line
      left join persons.node on node.kind = 'customer' and node.value = payload ->> 'customerId'
    ), line as (
      select own_line.*, coalesce(
        case when ${dated === 'order'} and (is_return or is_cancelled) then (
          select min((payload ->> 'businessDay')::date) from document
          where not document.is_return and not document.is_cancelled and payload ->> 'orderId' = own_line.order_id
        ) end, own_day) as day
      from own_line
    ), first_order as (
      select distinct on (customer) order_id from line
      where customer is not null and kind = 'goods' and not is_return and not is_cancelled order by customer, at
    ), told as (
      select *, kind = 'goods' and not is_return and not is_cancelled as is_sold,
        case when is_return or is_cancelled then -1 else 1 end as sign
      from line where day between ${from}::date and ${to}::date
    )
    select ${key.length > 0 ? sql`array[${sql.raw(key.join(', '))}]::text[]` : sql`'{}'::text[]`} as key,
      jsonb_build_object(
        'gross_sales', coalesce(sum(gross) filter (where is_sold), 0),
        'discounts', coalesce(sum(discount) filter (where is_sold), 0)
          - coalesce(sum(sign * net) filter (where kind = 'discount'), 0),
        'returns', coalesce(sum(net) filter (where kind = 'goods' and is_return), 0),
        'cancellations', coalesce(sum(net) filter (where kind = 'goods' and is_cancelled), 0),
        'net_sales', coalesce(sum(sign * net) filter (where kind in ('goods', 'discount')), 0),
        'orders', count(distinct order_id) filter (where is_sold),
        'units', coalesce(sum(quantity) filter (where is_sold), 0),
        'returned_units', coalesce(sum(quantity) filter (where kind = 'goods' and is_return), 0),
        'cancelled_units', coalesce(sum(quantity) filter (where kind = 'goods' and is_cancelled), 0),
        'postage', coalesce(sum(sign * net) filter (where kind = 'postage'), 0),
        'fees', coalesce(sum(sign * net) filter (where kind = 'fee'), 0),
        'vouchers', coalesce(sum(sign * net) filter (where kind = 'voucher'), 0),
        'adjustments', coalesce(sum(sign * net) filter (where kind = 'adjustment'), 0),
        'invoiced', coalesce(sum(sign * net), 0)
      ) as sums
    from told group by 1 order by 1`.execute(db);
  return rows;
}
