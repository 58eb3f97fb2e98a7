import type { ClickHouseClient } from '@clickhouse/client';
import type { OrderAmounts } from './customer-value.ts';
import { withPersons } from '../persons/index.ts';
import { dayCount, shiftDay } from './periods.ts';
import type { PurchaseHistory } from './purchase-model.ts';

const YEAR_DAYS = 365;
const WEEK_DAYS = 7;

/** A person's purchases in one currency, as the ledger of sales has them. */
export interface CustomerPurchases {
  /** All customers of the person who bought in it, sorted. */
  customers: string[];
  currency: string;
  recencyDays: number;
  orders: number;
  netMinor: number;
  /** Net sales less what the goods and serving them cost, as far as it is known. */
  marginMinor: number;
  ordersEver: number;
  history: PurchaseHistory;
  amounts: OrderAmounts;
}

interface Row {
  customers: string[];
  currency: string;
  firstDay: string;
  lastDay: string;
  days: number | string;
  orders: number | string;
  ordersEver: number | string;
  netMinor: number | string;
  costMinor: number | string;
  repeatMinor: number | string;
}

/**
 * An order that was cancelled to its last unit is none. For the models, the orders of one day are one purchase, and what came
 * back is off the order that it came from; net sales and costs of the year are the metrics', with what came back on its own day.
 */
const HISTORIES = `
  with orders as (
    select customer_id, currency, order_id,
      minIf(business_day, not is_return and not is_cancellation) as day,
      sumIf(units, kind = 'goods' and not is_return) > 0 as is_order,
      sum(net_minor) as net,
      sumIf(net_minor, business_day >= {since: Date32}) as year_net
    from sale_entry final
    where customer_id != toUUID('00000000-0000-0000-0000-000000000000') and business_day <= {today: Date32}
      and kind in ('goods', 'discount')
    group by customer_id, currency, order_id
  ), days as (
    select customer_id, currency, is_order, if(is_order, day, toDate32('1970-01-01')) as on_day,
      count() as placed, sum(net) as day_net, sum(year_net) as day_year_net
    from orders group by customer_id, currency, is_order, on_day
  ), person_days as (
    select person_id, currency, is_order, on_day, sum(placed) as orders_then, sum(day_net) as net_then,
      sum(day_year_net) as year_net_then, groupUniqArray(toString(customer_id)) as who
    from ${withPersons('select * from days')} group by person_id, currency, is_order, on_day
  ), costs as (
    select customer_id, currency, sum(minor) as cost from (
      select customer_id, currency, business_day, value_minor as minor from goods_cost_entry final
      union all
      select customer_id, currency, business_day, amount_minor as minor from serve_cost_entry final
    ) where customer_id != toUUID('00000000-0000-0000-0000-000000000000')
      and business_day between {since: Date32} and {today: Date32}
    group by customer_id, currency
  ), person_costs as (
    select person_id, currency, sum(cost) as cost from ${withPersons('select * from costs')}
    group by person_id, currency
  )
  select arraySort(groupUniqArrayArray(who)) as customers, currency,
    toString(minIf(on_day, is_order)) as firstDay, toString(maxIf(on_day, is_order)) as lastDay,
    countIf(is_order) as days, sumIf(orders_then, is_order) as ordersEver,
    sumIf(orders_then, is_order and on_day >= {since: Date32}) as orders,
    sum(year_net_then) as netMinor, any(spent.cost) as costMinor,
    sumIf(net_then, is_order) - argMinIf(net_then, on_day, is_order) as repeatMinor
  from person_days left join person_costs as spent using (person_id, currency)
  group by person_id, currency having days > 0
  order by currency, cityHash64(person_id), person_id`;

/** Everybody in all currencies, in an order that has nothing to do with what they did: any beginning is a sample. */
export async function purchasesOfAll(
  clickhouse: ClickHouseClient,
  today: string,
): Promise<CustomerPurchases[]> {
  const found = await clickhouse.query({
    query: HISTORIES,
    query_params: { today, since: shiftDay(today, 1 - YEAR_DAYS) },
    format: 'JSONEachRow',
  });
  return (await found.json<Row>()).map((row) => purchasesIn(row, today));
}

function purchasesIn(row: Row, today: string): CustomerPurchases {
  const daysTo = (from: string, to: string) => dayCount({ from, to }) - 1;
  const repeats = Number(row.days) - 1;
  return {
    customers: row.customers,
    currency: row.currency,
    recencyDays: daysTo(row.lastDay, today),
    orders: Number(row.orders),
    netMinor: Number(row.netMinor),
    marginMinor: Number(row.netMinor) - Number(row.costMinor),
    ordersEver: Number(row.ordersEver),
    history: {
      repeats,
      lastAt: daysTo(row.firstDay, row.lastDay) / WEEK_DAYS,
      age: daysTo(row.firstDay, today) / WEEK_DAYS,
    },
    // More came back than was bought: no amount, not a negative one.
    amounts: { repeats, meanMinor: repeats === 0 ? 0 : Math.max(0, Number(row.repeatMinor) / repeats) },
  };
}
