import { sql } from 'kysely';
import type { ServeCostKind } from '#modules/orders/index.ts';
import type { Db } from '#platform/db.ts';

/** What an order brings and what its goods cost, in its own currency. */
export interface OrderMargin {
  /** Goods after discounts, cancellations and returns, without tax. */
  netMinor: number;
  /** Of what left less what came back for sale. */
  costMinor: number;
  spoiltMinor: number;
  /** Pieces ordered and not cancelled, and those of them that left with a known cost. */
  units: number;
  costedUnits: number;
  /** What serving it cost, by what it was for, without what is spoilt. */
  served: { kind: ServeCostKind; minor: number }[];
}

/** Undefined where stock is worth something in another currency than the order's: what it cost there nobody says. */
export async function orderMargin(reads: Db, orderId: string): Promise<OrderMargin | undefined> {
  const { rows } = await sql<OrderMargin>`
    select sold.net - let_go.net - back.net as "netMinor", cost.minor as "costMinor", cost.spoilt as "spoiltMinor",
      (sold.units - let_go.units)::integer as units, cost.units as "costedUnits",
      coalesce(serving.parts, '[]') as served
    from orders.order o
    join catalog.marketplace on marketplace.currency = o.currency
    cross join lateral (
      select coalesce(sum(net_minor), 0)::bigint as net,
        coalesce(sum(quantity) filter (where kind = 'goods'), 0)::integer as units
      from orders.order_line where order_id = o.id and kind in ('goods', 'discount')
    ) sold
    cross join lateral (
      select coalesce(sum(gone.net_minor), 0)::bigint as net, coalesce(sum(gone.quantity), 0)::integer as units
      from orders.cancellation_line gone join orders.order_line line on line.id = order_line_id
      where line.order_id = o.id and line.kind = 'goods'
    ) let_go
    cross join lateral (
      select coalesce(sum(amount_minor), 0)::bigint as net
      from orders.return join orders.return_line line on line.return_id = "return".id
      where "return".order_id = o.id and line.kind = 'goods'
    ) back
    cross join lateral (
      select coalesce(sum(value_minor) filter (where kind in ('sent', 'back')), 0)::bigint as minor,
        coalesce(sum(value_minor) filter (where kind = 'spoilt'), 0)::bigint as spoilt,
        coalesce(sum(units) filter (where kind = 'sent' and value_minor > 0), 0)::integer as units
      from orders.goods_cost_entry where order_id = o.id
    ) cost
    cross join lateral (
      select json_agg(json_build_object('kind', part.kind, 'minor', part.minor) order by part.kind) as parts from (
        select kind, sum(amount_minor) as minor from orders.serve_cost_entry
        where order_id = o.id and currency = o.currency group by kind having sum(amount_minor) <> 0
      ) part
    ) serving
    where o.id = ${orderId}`.execute(reads);
  return rows[0];
}
