import { type Dimension, dimensionsOf, type FactName, factOf, FACTS } from './facts.ts';

/** What a figure is measured in. Money is in the currency's minor unit; a share is between 0 and 1 as a rule. */
type Unit = 'money' | 'count' | 'share' | 'number';

interface Told {
  title: string;
  /** What it says, in words that a shopkeeper would use. */
  definition: string;
  formula: string;
  unit: Unit;
}

/** Sums of a fact's measures, added and taken off. */
export interface Expression {
  fact: FactName;
  plus: readonly string[];
  minus: readonly string[];
}

interface Additive extends Told {
  kind: 'additive';
  of: Expression;
}

/**
 * Its two sums are added up each on its own, and divided last: ratios are never averaged. They may be of different facts:
 * each is summed over its own ledger, so that nothing is counted for each row of the other.
 */
interface Ratio extends Told {
  kind: 'ratio';
  numerator: Expression;
  denominator: Expression;
}

export type Metric = Additive | Ratio;

type MeasureOf<Name extends FactName> = keyof (typeof FACTS)[Name]['measures'] & string;
const expression =
  <Name extends FactName>(fact: Name) =>
  (plus: MeasureOf<Name>[], minus: MeasureOf<Name>[] = []): Expression => ({ fact, plus, minus });
const sales = expression('sales');
const credits = expression('credits');

const SALE_METRICS = {
  net_sales: {
    kind: 'additive',
    title: 'Net sales',
    definition:
      'What goods brought in after discounts, returns and cancellations, without tax. Postage, fees, vouchers and adjustments are not in it. A return counts on the day it came back, a cancellation on the day it was made.',
    formula: 'gross sales − discounts − returns − cancellations',
    unit: 'money',
    of: sales(['net']),
  },
  gross_sales: {
    kind: 'additive',
    title: 'Gross sales',
    definition:
      'Goods ordered at the price of their line, before any discount and whatever came back or was cancelled later.',
    formula: 'Σ quantity × unit price of goods ordered',
    unit: 'money',
    of: sales(['gross']),
  },
  discounts: {
    kind: 'additive',
    title: 'Discounts',
    definition: 'What was taken off the price of goods, on their lines or as a line of its own.',
    formula: 'Σ discounts on lines + Σ discount lines',
    unit: 'money',
    of: sales(['discounts']),
  },
  returns: {
    kind: 'additive',
    title: 'Returns',
    definition: 'Money given back for goods that came back, on the day they did.',
    formula: 'Σ amounts of returned goods',
    unit: 'money',
    of: sales(['returns']),
  },
  cancellations: {
    kind: 'additive',
    title: 'Cancellations',
    definition:
      'Goods ordered and let go before they were sent, after discounts, on the day they were cancelled.',
    formula: 'Σ amounts of cancelled goods',
    unit: 'money',
    of: sales(['cancellations']),
  },
  orders: {
    kind: 'additive',
    title: 'Orders',
    definition:
      'Orders with at least one line of goods, each counted once, on the day it was placed, cancelled later or not.',
    formula: 'count of distinct orders with goods',
    unit: 'count',
    of: sales(['orders']),
  },
  units: {
    kind: 'additive',
    title: 'Units',
    definition: 'Pieces of goods ordered, before returns and cancellations.',
    formula: 'Σ quantity of goods ordered',
    unit: 'count',
    of: sales(['units']),
  },
  average_order: {
    kind: 'ratio',
    title: 'Average order',
    definition:
      'What an order brings on average: goods after discounts, before returns and cancellations, for each order. For several days or regions the two sums are divided; averages are never averaged.',
    formula: '(gross sales − discounts) ÷ orders',
    unit: 'money',
    numerator: sales(['gross'], ['discounts']),
    denominator: sales(['orders']),
  },
  returned_units: {
    kind: 'additive',
    title: 'Returned units',
    definition: 'Pieces of goods that came back, on the day they did.',
    formula: 'Σ quantity of returned goods',
    unit: 'count',
    of: sales(['returned_units']),
  },
  cancelled_units: {
    kind: 'additive',
    title: 'Cancelled units',
    definition: 'Pieces of goods that were let go before they were sent, on the day they were cancelled.',
    formula: 'Σ quantity of cancelled goods',
    unit: 'count',
    of: sales(['cancelled_units']),
  },
  postage: {
    kind: 'additive',
    title: 'Postage',
    definition: 'Carriage charged to buyers, less carriage given back.',
    formula: 'Σ postage lines',
    unit: 'money',
    of: sales(['postage']),
  },
  fees: {
    kind: 'additive',
    title: 'Fees',
    definition: 'Charges booked on documents, such as bank and marketplace fees. Those we bore are negative.',
    formula: 'Σ fee lines',
    unit: 'money',
    of: sales(['fees']),
  },
  vouchers: {
    kind: 'additive',
    title: 'Vouchers',
    definition: 'Vouchers sold, less vouchers redeemed or given back.',
    formula: 'Σ voucher lines',
    unit: 'money',
    of: sales(['vouchers']),
  },
  adjustments: {
    kind: 'additive',
    title: 'Adjustments',
    definition: 'Corrections by hand that are none of the other kinds, such as bad debt written off.',
    formula: 'Σ adjustment lines',
    unit: 'money',
    of: sales(['adjustments']),
  },
  invoiced: {
    kind: 'additive',
    title: 'Invoiced',
    definition:
      'Everything on paper: the sum of all lines of all orders less all returns and cancellations, of every kind.',
    formula: 'net sales + postage + fees + vouchers + adjustments',
    unit: 'money',
    of: sales(['invoiced']),
  },
  average_price: {
    kind: 'ratio',
    title: 'Average price',
    definition: 'What a piece brings on average: goods after discounts, before returns and cancellations.',
    formula: '(gross sales − discounts) ÷ units',
    unit: 'money',
    numerator: sales(['gross'], ['discounts']),
    denominator: sales(['units']),
  },
  units_per_order: {
    kind: 'ratio',
    title: 'Units per order',
    definition: 'Pieces of goods that an order has on average, before returns and cancellations.',
    formula: 'units ÷ orders',
    unit: 'number',
    numerator: sales(['units']),
    denominator: sales(['orders']),
  },
  discount_rate: {
    kind: 'ratio',
    title: 'Discount rate',
    definition: 'The share of the price of goods that was taken off before anything came back.',
    formula: 'discounts ÷ gross sales',
    unit: 'share',
    numerator: sales(['discounts']),
    denominator: sales(['gross']),
  },
  return_rate: {
    kind: 'ratio',
    title: 'Return rate',
    definition:
      'Pieces that came back for each piece ordered. Each counts on its own day; dated to their orders, it says how much of what was bought in the period has come back by now.',
    formula: 'returned units ÷ units',
    unit: 'share',
    numerator: sales(['returned_units']),
    denominator: sales(['units']),
  },
  cancellation_rate: {
    kind: 'ratio',
    title: 'Cancellation rate',
    definition: 'Pieces that were let go before they were sent, for each piece ordered.',
    formula: 'cancelled units ÷ units',
    unit: 'share',
    numerator: sales(['cancelled_units']),
    denominator: sales(['units']),
  },
} as const satisfies Record<string, Metric>;

const CREDIT_METRICS = {
  regional_credit: {
    kind: 'additive',
    title: 'Regional credit',
    definition:
      'Net sales as they are credited to the stores whose territories they fall in. What no territory claims is in it, under no store, so that all of it is the net sales.',
    formula: 'Σ net sales × share of the store in the region',
    unit: 'money',
    of: credits(['regional']),
  },
  unassigned: {
    kind: 'additive',
    title: 'Unassigned',
    definition: 'Net sales in regions that no territory claims on the day of the sale.',
    formula: 'net sales − regional credit of all stores',
    unit: 'money',
    of: credits(['regional'], ['assigned']),
  },
  assigned_share: {
    kind: 'ratio',
    title: 'Assigned share',
    definition: 'The share of net sales that is credited to a store.',
    formula: 'regional credit of all stores ÷ net sales',
    unit: 'share',
    numerator: credits(['assigned']),
    denominator: sales(['net']),
  },
  fulfilment_credit: {
    kind: 'additive',
    title: 'Fulfilment credit',
    definition:
      'What locations are credited with for sending goods: the measured cost to serve. It is never added to regional credit.',
    formula: 'Σ (minutes × rate + label + packaging) of shipments',
    unit: 'money',
    of: credits(['fulfilment']),
  },
  associate_credit: {
    kind: 'additive',
    title: 'Associate credit',
    definition: 'Net sales of orders that an associate helped with. It is never added to regional credit.',
    formula: 'Σ net sales of orders with an associate',
    unit: 'money',
    of: credits(['associate']),
  },
} as const satisfies Record<string, Metric>;

/** Every metric, declared once: the queries, the API, the screens and the docs read this. */
export const METRICS = { ...SALE_METRICS, ...CREDIT_METRICS } as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
/** Those that can be split and narrowed in the same ways: a screen of sales shows them beside each other. */
export const SALE_METRIC_NAMES = Object.keys(SALE_METRICS) as MetricName[];
export const metricOf = (name: MetricName): Metric => METRICS[name];

/** One for an additive metric, two for a ratio: what it is divided from, and by what. */
export const expressionsOf = (name: MetricName): [Expression] | [Expression, Expression] => {
  const metric = metricOf(name);
  return metric.kind === 'ratio' ? [metric.numerator, metric.denominator] : [metric.of];
};

/** Those that all of its expressions can be split by. */
export function metricDimensions(name: MetricName): Dimension[] {
  const [first, ...rest] = expressionsOf(name).map(({ fact, plus, minus }) =>
    dimensionsOf(fact, [...plus, ...minus]),
  );
  return (first ?? []).filter((dimension) => rest.every((others) => others.includes(dimension)));
}

/** The whole declaration of a metric, with what it has from its fact. */
export function definitionOf(name: MetricName) {
  const [{ fact }] = expressionsOf(name);
  const { grain, owner, freshness } = factOf(fact);
  const { kind, title, definition, formula, unit } = metricOf(name);
  return {
    name,
    title,
    definition,
    formula,
    unit,
    kind,
    grain,
    owner,
    freshness,
    dimensions: metricDimensions(name),
  };
}
export type Definition = ReturnType<typeof definitionOf>;

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
