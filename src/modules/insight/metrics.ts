/** What a figure is measured in. Money is in the currency's minor unit. */
type Unit = 'money' | 'count';

interface Told {
  title: string;
  /** What it says, in words that a shopkeeper would use. */
  definition: string;
  formula: string;
  unit: Unit;
}

interface Additive extends Told {
  kind: 'additive';
  /** A sum over the entries of the ledger. */
  sql: string;
}

/** Its two sums are added up each on its own, and divided last: ratios are never averaged. */
interface Ratio extends Told {
  kind: 'ratio';
  numerator: string;
  denominator: string;
}

export type Metric = Additive | Ratio;

const SOLD = `kind = 'goods' AND NOT is_return AND NOT is_cancellation`;
const GROSS = `sumIf(gross_minor, ${SOLD})`;
const DISCOUNTS = `sumIf(discount_minor, ${SOLD}) - sumIf(net_minor, kind = 'discount')`;
// An order has one region, one day, one touch point and one source, so counts of orders add up over all of them.
const ORDERS = `toInt64(uniqExactIf(order_id, ${SOLD}))`;

/** Every metric of sales, declared once: the queries, the API, the screens and the docs read this. */
export const METRICS = {
  net_sales: {
    kind: 'additive',
    title: 'Net sales',
    definition:
      'What goods brought in after discounts, returns and cancellations, without tax. Postage, fees, vouchers and adjustments are not in it. A return counts on the day it came back, a cancellation on the day it was made.',
    formula: 'gross sales − discounts − returns − cancellations',
    unit: 'money',
    sql: `sumIf(net_minor, kind IN ('goods', 'discount'))`,
  },
  gross_sales: {
    kind: 'additive',
    title: 'Gross sales',
    definition:
      'Goods ordered at the price of their line, before any discount and whatever came back or was cancelled later.',
    formula: 'Σ quantity × unit price of goods ordered',
    unit: 'money',
    sql: GROSS,
  },
  discounts: {
    kind: 'additive',
    title: 'Discounts',
    definition: 'What was taken off the price of goods, on their lines or as a line of its own.',
    formula: 'Σ discounts on lines + Σ discount lines',
    unit: 'money',
    sql: DISCOUNTS,
  },
  returns: {
    kind: 'additive',
    title: 'Returns',
    definition: 'Money given back for goods that came back, on the day they did.',
    formula: 'Σ amounts of returned goods',
    unit: 'money',
    sql: `-sumIf(net_minor, kind = 'goods' AND is_return)`,
  },
  cancellations: {
    kind: 'additive',
    title: 'Cancellations',
    definition:
      'Goods ordered and let go before they were sent, after discounts, on the day they were cancelled.',
    formula: 'Σ amounts of cancelled goods',
    unit: 'money',
    sql: `-sumIf(net_minor, kind = 'goods' AND is_cancellation)`,
  },
  orders: {
    kind: 'additive',
    title: 'Orders',
    definition:
      'Orders with at least one line of goods, each counted once, on the day it was placed, cancelled later or not.',
    formula: 'count of distinct orders with goods',
    unit: 'count',
    sql: ORDERS,
  },
  units: {
    kind: 'additive',
    title: 'Units',
    definition: 'Pieces of goods ordered, before returns and cancellations.',
    formula: 'Σ quantity of goods ordered',
    unit: 'count',
    sql: `sumIf(units, ${SOLD})`,
  },
  average_order: {
    kind: 'ratio',
    title: 'Average order',
    definition:
      'What an order brings on average: goods after discounts, before returns and cancellations, for each order. For several days or regions the two sums are divided; averages are never averaged.',
    formula: '(gross sales − discounts) ÷ orders',
    unit: 'money',
    numerator: `${GROSS} - (${DISCOUNTS})`,
    denominator: ORDERS,
  },
  returned_units: {
    kind: 'additive',
    title: 'Returned units',
    definition: 'Pieces of goods that came back, on the day they did.',
    formula: 'Σ quantity of returned goods',
    unit: 'count',
    sql: `-sumIf(units, kind = 'goods' AND is_return)`,
  },
  cancelled_units: {
    kind: 'additive',
    title: 'Cancelled units',
    definition: 'Pieces of goods that were let go before they were sent, on the day they were cancelled.',
    formula: 'Σ quantity of cancelled goods',
    unit: 'count',
    sql: `-sumIf(units, kind = 'goods' AND is_cancellation)`,
  },
  postage: {
    kind: 'additive',
    title: 'Postage',
    definition: 'Carriage charged to buyers, less carriage given back.',
    formula: 'Σ postage lines',
    unit: 'money',
    sql: `sumIf(net_minor, kind = 'postage')`,
  },
  fees: {
    kind: 'additive',
    title: 'Fees',
    definition: 'Charges booked on documents, such as bank and marketplace fees. Those we bore are negative.',
    formula: 'Σ fee lines',
    unit: 'money',
    sql: `sumIf(net_minor, kind = 'fee')`,
  },
  vouchers: {
    kind: 'additive',
    title: 'Vouchers',
    definition: 'Vouchers sold, less vouchers redeemed or given back.',
    formula: 'Σ voucher lines',
    unit: 'money',
    sql: `sumIf(net_minor, kind = 'voucher')`,
  },
  adjustments: {
    kind: 'additive',
    title: 'Adjustments',
    definition: 'Corrections by hand that are none of the other kinds, such as bad debt written off.',
    formula: 'Σ adjustment lines',
    unit: 'money',
    sql: `sumIf(net_minor, kind = 'adjustment')`,
  },
  invoiced: {
    kind: 'additive',
    title: 'Invoiced',
    definition:
      'Everything on paper: the sum of all lines of all orders less all returns and cancellations, of every kind.',
    formula: 'net sales + postage + fees + vouchers + adjustments',
    unit: 'money',
    sql: 'sum(net_minor)',
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
export const metricOf = (name: MetricName): Metric => METRICS[name];

/** From what was ordered to what was invoiced: each line is added (1) or taken off (-1); `sum` closes a part. */
export const BRIDGE: readonly { metric: MetricName; sign: 1 | -1; sum?: true }[] = [
  { metric: 'gross_sales', sign: 1 },
  { metric: 'discounts', sign: -1 },
  { metric: 'returns', sign: -1 },
  { metric: 'cancellations', sign: -1 },
  { metric: 'net_sales', sign: 1, sum: true },
  { metric: 'postage', sign: 1 },
  { metric: 'fees', sign: 1 },
  { metric: 'vouchers', sign: 1 },
  { metric: 'adjustments', sign: 1 },
  { metric: 'invoiced', sign: 1, sum: true },
];
