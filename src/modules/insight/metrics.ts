import { type Dimension, dimensionsOf, type FactName, factOf, FACTS } from './facts.ts';

/** What a figure is measured in. Money is in the currency's minor unit; a share is between 0 and 1 as a rule. */
export const UNITS = ['money', 'count', 'share', 'number', 'days'] as const;
type Unit = (typeof UNITS)[number];

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
  /** What is taken off it of another fact. */
  less?: Expression;
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
  /** What the quotient is taken so many times. */
  times?: number | 'days';
}

/** Added up over everything but time: at the end of each period, or on average over its days, each weighing the same. */
interface SemiAdditive extends Told {
  kind: 'semi_additive';
  of: Expression;
  overTime: 'closing' | 'average';
}

export type Metric = Additive | SemiAdditive | Ratio;

type MeasureOf<Name extends FactName> =
  | (keyof (typeof FACTS)[Name]['measures'] & string)
  | ((typeof FACTS)[Name] extends { positions: infer Positions } ? keyof Positions & string : never);
const expression =
  <Name extends FactName>(fact: Name) =>
  (plus: MeasureOf<Name>[], minus: MeasureOf<Name>[] = []): Expression => ({ fact, plus, minus });
const sales = expression('sales');
const credits = expression('credits');
const stock = expression('stock');

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

const STOCK_METRICS = {
  stock_units: {
    kind: 'semi_additive',
    title: 'Stock on hand',
    definition:
      'Pieces on hand at the end of the last day of the period, of all locations and variants together.',
    formula: 'Σ movements of units on hand up to the end',
    unit: 'count',
    of: stock(['closing_units']),
    overTime: 'closing',
  },
  stock_value: {
    kind: 'semi_additive',
    title: 'Stock at cost',
    definition: 'What the pieces on hand at the end of the last day of the period cost.',
    formula: 'Σ movements of the value on hand up to the end',
    unit: 'money',
    of: stock(['closing_value']),
    overTime: 'closing',
  },
  average_stock_value: {
    kind: 'semi_additive',
    title: 'Average stock at cost',
    definition:
      'What the pieces on hand cost on average over the days of the period, by what was there at the end of each day.',
    formula: 'Σ stock at cost of each day ÷ days',
    unit: 'money',
    of: stock(['value_days']),
    overTime: 'average',
  },
  cost_of_sales: {
    kind: 'additive',
    title: 'Cost of sales',
    definition:
      'What the pieces that were sent cost, less those that came back into stock, on the day they left or came and by the average cost of their location.',
    formula: 'Σ cost of units shipped − Σ cost of units returned',
    unit: 'money',
    of: stock(['cost']),
  },
  gross_margin: {
    kind: 'additive',
    title: 'Gross margin',
    definition:
      'Net sales less what they cost. Sales count when they are ordered and their cost when goods leave, so that in a short period the two may be of different orders.',
    formula: 'net sales − cost of sales',
    unit: 'money',
    of: { ...sales(['net']), less: stock(['cost']) },
  },
  gmroi: {
    kind: 'ratio',
    title: 'Margin on stock',
    definition:
      'Gross margin that the money in stock brings in a year (GMROI): that of the period, taken to 365 days.',
    formula: '(gross margin ÷ average stock at cost) × (365 ÷ days)',
    unit: 'number',
    numerator: { ...sales(['net']), less: stock(['cost']) },
    denominator: stock(['value_days']),
    times: 365,
  },
  stock_turn: {
    kind: 'ratio',
    title: 'Stock turn',
    definition: 'How many times the stock was sold in the period, at cost.',
    formula: 'cost of sales ÷ average stock at cost',
    unit: 'number',
    numerator: stock(['cost']),
    denominator: stock(['value_days']),
    times: 'days',
  },
  days_of_inventory: {
    kind: 'ratio',
    title: 'Days of inventory',
    definition: 'How many days the average stock lasts at the pace of the period, at cost (DIO).',
    formula: 'days × average stock at cost ÷ cost of sales',
    unit: 'days',
    numerator: stock(['value_days']),
    denominator: stock(['cost']),
  },
  sell_through: {
    kind: 'ratio',
    title: 'Sell through',
    definition:
      'The share of the pieces that were there or came in that was sent to buyers and stayed with them.',
    formula: '(units shipped − returned) ÷ (opening on hand + receipts + transfers in − transfers out)',
    unit: 'share',
    numerator: stock(['shipped'], ['returned']),
    denominator: stock(['opening_units', 'received', 'transferred_in'], ['transferred_out']),
  },
} as const satisfies Record<string, Metric>;

/** Every metric, declared once: the queries, the API, the screens and the docs read this. */
export const METRICS = { ...SALE_METRICS, ...CREDIT_METRICS, ...STOCK_METRICS } as const satisfies Record<
  string,
  Metric
>;

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

/** All that a metric is made of, fact by fact. */
export const partsOf = (name: MetricName): Expression[] =>
  expressionsOf(name).flatMap((each) => (each.less ? [each, each.less] : [each]));

/** Those that all of its expressions can be split by. */
export function metricDimensions(name: MetricName): Dimension[] {
  const [first, ...rest] = partsOf(name).map(({ fact, plus, minus }) =>
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
