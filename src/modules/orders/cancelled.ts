import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { OrdersLineKind } from './tables.ts';

/** What became of a line's units so far, and of its money. */
export interface LineCounts {
  lineId: string;
  kind: OrdersLineKind;
  productId: string | null;
  variantId: string | null;
  ordered: number;
  cancelled: number;
  shipped: number;
  /** What all of it costs, without tax, and the tax on it. */
  netMinor: number;
  taxMinor: number;
  cancelledNetMinor: number;
  cancelledTaxMinor: number;
  /** Of the shipped ones. */
  returned: number;
  returnedNetMinor: number;
  returnedTaxMinor: number;
}

export async function lineCountsOf(db: Db, orderId: string): Promise<LineCounts[]> {
  const { rows } = await sql<LineCounts>`
    select line.id as "lineId", kind, product_id as "productId", variant_id as "variantId", quantity as ordered,
      net_minor as "netMinor", tax_minor as "taxMinor", cancelled, "cancelledNetMinor", "cancelledTaxMinor", shipped,
      returned, "returnedNetMinor", "returnedTaxMinor"
    from orders.order_line as line
    cross join lateral (
      select coalesce(sum(quantity), 0)::integer as cancelled,
        coalesce(sum(net_minor), 0)::bigint as "cancelledNetMinor", coalesce(sum(tax_minor), 0)::bigint as "cancelledTaxMinor"
      from orders.cancellation_line where order_line_id = line.id) as cancellation
    cross join lateral (
      select coalesce(sum(quantity), 0)::integer as shipped from orders.shipped_line where order_line_id = line.id
    ) as shipment
    cross join lateral (
      select coalesce(sum(quantity), 0)::integer as returned,
        coalesce(sum(amount_minor), 0)::bigint as "returnedNetMinor", coalesce(sum(tax_minor), 0)::bigint as "returnedTaxMinor"
      from orders.return_line where order_line_id = line.id) as return
    where order_id = ${orderId} order by position`.execute(db);
  return rows;
}
