import type { ClickHouseClient } from '@clickhouse/client';
import type { Asked } from './funnel.ts';
import { type Period } from './periods.ts';
import { assertFit } from './questions.ts';

/** An order with more products than these is a wholesaler's: it would say of all its pairs that they belong together. */
const PRODUCTS_MAX = 50;

export interface CoPurchaseQuestion extends Period {
  productId?: string | undefined;
  region?: string | undefined;
  top: number;
}

/** Two products of the same orders. Shares and lift divide these; nobody has to add up ratios. */
export interface CoPurchase {
  productId: string;
  otherId: string;
  /** With both. */
  orders: number;
  ordersOfProduct: number;
  ordersOfOther: number;
  /** (both ÷ orders of the one) ÷ (orders of the other ÷ all orders): above 1, they meet more often than by chance. */
  lift: number;
}

export interface CoPurchaseAnswer {
  orders: number;
  rows: CoPurchase[];
  sql: Asked;
}

/** The products that were bought together most, in any currency; those of one product, or the pairs of all. */
export async function coPurchases(
  clickhouse: ClickHouseClient,
  { from, to, productId, region, top }: CoPurchaseQuestion,
): Promise<CoPurchaseAnswer> {
  assertFit({ from, to });
  const params = { from, to, top, productId, region };
  const text = `
    with baskets as (
      select order_id, arraySort(groupUniqArray(${PRODUCTS_MAX + 1})(product)) as products
      from (
        select order_id, toString(product_id) as product from sale_entry final
        where kind = 'goods' and not is_return and product_id != toUUID('00000000-0000-0000-0000-000000000000')
          and business_day >= {from: Date32}
          ${region === undefined ? '' : 'and region = {region: String}'}
        group by order_id, product
        having sum(units) > 0 and minIf(business_day, not is_cancellation) between {from: Date32} and {to: Date32}
      ) group by order_id having length(products) <= ${PRODUCTS_MAX}
    ), of_product as (
      select arrayJoin(products) as product, count() as placed from baskets group by product
    ), pairs as (
      select pair.1 as product, pair.2 as other, count() as met from (
        select arrayJoin(arrayFlatten(arrayMap(
          one -> arrayMap(two -> (one, two), arrayFilter(two -> ${productId === undefined ? 'one < two' : 'one = {productId: String} and one != two'}, products)),
          products))) as pair
        from baskets ${productId === undefined ? '' : 'where has(products, {productId: String})'}
      ) group by product, other
    )
    select pairs.product as productId, pairs.other as otherId, pairs.met as orders,
      one.placed as ordersOfProduct, two.placed as ordersOfOther, (select count() from baskets) as allOrders
    from pairs join of_product as one on one.product = pairs.product join of_product as two on two.product = pairs.other
    order by pairs.met desc, productId, otherId limit {top: UInt32}`;
  const found = await clickhouse.query({ query: text, query_params: params, format: 'JSONEachRow' });
  const rows = await found.json<
    Record<'orders' | 'ordersOfProduct' | 'ordersOfOther' | 'allOrders', number> & {
      productId: string;
      otherId: string;
    }
  >();
  const all = Number(rows[0]?.allOrders ?? 0);
  return {
    orders: all,
    rows: rows.map(({ productId: id, otherId, ...counts }) => {
      const [orders, ordersOfProduct, ordersOfOther] = [
        Number(counts.orders),
        Number(counts.ordersOfProduct),
        Number(counts.ordersOfOther),
      ];
      const lift = (orders * all) / (ordersOfProduct * ordersOfOther);
      return { productId: id, otherId, orders, ordersOfProduct, ordersOfOther, lift };
    }),
    sql: { text, params },
  };
}
