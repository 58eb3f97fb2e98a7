import { withPersons } from '../persons/index.ts';
import { GOODS_COST_MEASURES } from './goods-cost-facts.ts';
import { CONTACT_MEASURES, OPINION_MEASURES } from './satisfaction-facts.ts';
import {
  AVAILABILITY,
  AVAILABILITY_MEASURES,
  AVAILABILITY_POSITIONS,
  MARKET_STOCK,
  MARKET_STOCK_MEASURES,
  MARKET_STOCK_POSITIONS,
} from './stock-facts.ts';
import { ORDER_MEASURES, ORDERS_SERVED, SERVICE_MEASURES } from './service-facts.ts';

/** What rows can be made of, and what a question can be narrowed to. */
export const DIMENSION_NAMES = [
  'region',
  'area',
  'day',
  'week',
  'month',
  'touchpoint',
  'source',
  'customer',
  'product',
  'variant',
  'category',
  'department',
  'brand',
  'store',
  'location',
  'occasion',
  'matter',
  'cost_kind',
  'campaign',
] as const;
export type Dimension = (typeof DIMENSION_NAMES)[number];

/** Those of time: a question has one at most, and its rows have no gaps. */
export const TIME_DIMENSIONS = ['day', 'week', 'month'] as const satisfies Dimension[];
export type TimeDimension = (typeof TIME_DIMENSIONS)[number];

export type FilterName = Exclude<Dimension, TimeDimension | 'area'>;

interface DimensionOf {
  title: string;
  sql: string;
  /** Whether the roll-up has it. What it has not is asked of the ledger. */
  isRolledUp: boolean;
}

interface Measure {
  /** So many of what is summed are one: shares of pieces are counted in whole millionths of them. */
  per?: number;
  /** Of one entry of the ledger; of a distinct measure, whether the entry counts. */
  sql: string;
  /** Counts different values of a column. It adds up only over what each of them has one of. */
  distinct?: string;
}

/** A ledger in ClickHouse with the sums of its entries that are kept by day. */
export interface Fact {
  grain: string;
  owner: string;
  freshness: string;
  /** Always read with FINAL: what arrived twice is one entry. */
  ledger: string;
  /** What is counted is made of the ledger by this statement, of the days from `from` to `to` and the currency asked for. */
  source?: string;
  /** Its sums by currency, day and the dimensions that are rolled up: see `rollups.ts`. Without, the ledger is always asked. */
  rollup?: string;
  /** What is due is decided by the moment of asking: its measures have the parameter `today`. */
  isJudged?: boolean;
  /** Of what is in no currency: it is the same whichever is asked for. */
  hasNoCurrency?: boolean;
  dimensions: Partial<Record<Dimension, DimensionOf>>;
  measures: Record<string, Measure>;
  /** Of a ledger whose sums are what is there: what was there at the beginning or the end, and its sum over the days. */
  positions?: Record<string, { of: string; at: 'opening' | 'closing' | 'each_day' }>;
}

/** An area counts in its country, whose code its own begins with: the rows of a map are then countries. */
const COUNTRY = `if(match(region, '^[A-Z]{2}-'), substring(region, 1, 2), region)`;
const NOBODY = `toUUID('00000000-0000-0000-0000-000000000000')`;
const SOLD = `kind = 'goods' AND NOT is_return AND NOT is_cancellation`;

/** Days are bent by `dayOf` where periods are laid over each other. */
export const timeSql = (name: TimeDimension, day: string): string =>
  ({
    day: `toString(${day})`,
    week: `toString(addDays(${day}, 1 - toDayOfWeek(${day})))`,
    month: `concat(substring(toString(${day}), 1, 7), '-01')`,
  })[name];

const TIME = {
  day: { title: 'Business day', sql: timeSql('day', 'business_day'), isRolledUp: true },
  week: { title: 'Week, by its Monday', sql: timeSql('week', 'business_day'), isRolledUp: true },
  month: { title: 'Month, by its first day', sql: timeSql('month', 'business_day'), isRolledUp: true },
} satisfies Fact['dimensions'];
const PLACE = {
  region: { title: 'Country, or what no country claims', sql: COUNTRY, isRolledUp: true },
  area: { title: 'Region as the ledger has it', sql: 'region', isRolledUp: true },
} satisfies Fact['dimensions'];

/** The same dimensions of a ledger without sums that are kept. */
const asked = <Dimensions extends Fact['dimensions']>(dimensions: Dimensions) =>
  Object.fromEntries(
    Object.entries(dimensions).map(([name, dimension]) => [name, { ...dimension, isRolledUp: false }]),
  ) as Dimensions;

/**
 * An order is somebody's first by the time it was placed; what is taken off it goes with it. Customers are one where the graph
 * says so at the moment of asking.
 */
const FIRST_ORDERS = `
  SELECT argMin(first_order, first_at) FROM ${withPersons(`
    SELECT customer_id, argMin(order_id, (occurred_at, order_id)) AS first_order, min((occurred_at, order_id)) AS first_at
    FROM sale_entry FINAL WHERE ${SOLD} AND customer_id != ${NOBODY} GROUP BY customer_id`)}
  GROUP BY person_id`;
const CUSTOMER = `multiIf(customer_id = ${NOBODY}, 'unknown', order_id IN (${FIRST_ORDERS}), 'new', 'returning')`;

/** Those of a line of goods, whichever document it is of. */
const SALE = {
  touchpoint: { title: 'Touchpoint, for diagnosis', sql: 'touchpoint', isRolledUp: true },
  source: { title: 'Source of the document', sql: 'source', isRolledUp: true },
  customer: { title: 'New, returning or unknown customer', sql: CUSTOMER, isRolledUp: false },
  product: { title: 'Product', sql: 'toString(product_id)', isRolledUp: false },
  variant: { title: 'Variant', sql: 'toString(variant_id)', isRolledUp: false },
  // Slugs from the top of the tree with / between; empty where a product stands in none.
  category: {
    title: 'Category, as products now stand',
    sql: 'shelf_path',
    isRolledUp: false,
  },
  department: {
    title: 'Department, as products now stand',
    sql: `splitByChar('/', shelf_path)[1]`,
    isRolledUp: false,
  },
  // The maker, a partner of the marketplace; all zeros where a product is nobody's.
  brand: { title: 'Brand, as products now are', sql: 'toString(shelf_brand)', isRolledUp: false },
} satisfies Fact['dimensions'];

const when = (column: string, condition: string): string => `if(${condition}, ${column}, 0)`;

export const FACTS = {
  sales: {
    grain: 'line of an order, a return or a cancellation',
    owner: 'sales',
    freshness: 'seconds after the commit',
    ledger: 'sale_entry',
    rollup: 'sale_day',
    dimensions: {
      ...PLACE,
      ...TIME,
      ...SALE,
    },
    measures: {
      net: { sql: when('net_minor', `kind IN ('goods', 'discount')`) },
      gross: { sql: when('gross_minor', SOLD) },
      discounts: { sql: `${when('discount_minor', SOLD)} - ${when('net_minor', `kind = 'discount'`)}` },
      returns: { sql: when('-net_minor', `kind = 'goods' AND is_return`) },
      cancellations: { sql: when('-net_minor', `kind = 'goods' AND is_cancellation`) },
      // An order has one region, one day, one touchpoint, one source and one customer, but many products.
      orders: { sql: SOLD, distinct: 'order_id' },
      units: { sql: when('units', SOLD) },
      returned_units: { sql: when('-units', `kind = 'goods' AND is_return`) },
      cancelled_units: { sql: when('-units', `kind = 'goods' AND is_cancellation`) },
      postage: { sql: when('net_minor', `kind = 'postage'`) },
      fees: { sql: when('net_minor', `kind = 'fee'`) },
      vouchers: { sql: when('net_minor', `kind = 'voucher'`) },
      adjustments: { sql: when('net_minor', `kind = 'adjustment'`) },
      invoiced: { sql: 'net_minor' },
    },
  },
  goods_costs: {
    grain: 'units of a line of an order that left, came back or were spoilt',
    owner: 'orders',
    freshness: 'seconds after the commit',
    ledger: 'goods_cost_entry',
    rollup: 'goods_cost_day',
    dimensions: { ...PLACE, ...TIME, ...SALE },
    measures: GOODS_COST_MEASURES,
  },
  serve_costs: {
    grain: 'part of what serving an order cost: work, a label, a fee',
    owner: 'orders',
    freshness: 'seconds after the commit; fees of payments within minutes',
    ledger: 'serve_cost_entry',
    rollup: 'serve_cost_day',
    dimensions: {
      ...PLACE,
      ...TIME,
      touchpoint: SALE.touchpoint,
      source: SALE.source,
      customer: SALE.customer,
      location: {
        title: 'Location that served, empty where none did',
        sql: `if(location_id = ${NOBODY}, '', toString(location_id))`,
        isRolledUp: false,
      },
      cost_kind: { title: 'What it was for', sql: 'kind', isRolledUp: true },
    },
    measures: { cost: { sql: 'amount_minor' } },
  },
  spending: {
    grain: 'line of what was spent to bring buyers, as its source told it',
    owner: 'marketing',
    freshness: 'seconds after it was told',
    ledger: 'spend_entry',
    dimensions: {
      ...asked(PLACE),
      ...asked(TIME),
      campaign: { title: 'Campaign', sql: 'campaign', isRolledUp: false },
    },
    measures: { spent: { sql: 'amount_minor' } },
  },
  credits: {
    grain: 'credit of a line of an order, a return or a cancellation',
    owner: 'stores',
    freshness: 'seconds after the commit',
    ledger: 'credit_entry',
    rollup: 'credit_day',
    dimensions: {
      ...PLACE,
      ...TIME,
      store: {
        title: 'Credited location, empty where no territory claims the region',
        sql: `if(location_id = ${NOBODY}, '', toString(location_id))`,
        isRolledUp: true,
      },
    },
    measures: {
      regional: { sql: when('amount_minor', `kind = 'regional'`) },
      assigned: { sql: when('amount_minor', `kind = 'regional' AND location_id != ${NOBODY}`) },
      fulfilment: { sql: when('amount_minor', `kind = 'fulfilment'`) },
      associate: { sql: when('amount_minor', `kind = 'associate'`) },
    },
  },
  stock: {
    grain: 'movement of a variant’s units on hand at a location',
    owner: 'inventory',
    freshness: 'seconds after the commit',
    ledger: 'stock_entry',
    rollup: 'stock_day',
    dimensions: {
      ...TIME,
      location: { title: 'Location that holds the stock', sql: 'toString(location_id)', isRolledUp: true },
      variant: { title: 'Variant', sql: 'toString(variant_id)', isRolledUp: false },
    },
    measures: {
      moved: { sql: 'on_hand' },
      valued: { sql: 'value_minor' },
      received: { sql: when('on_hand', `kind = 'receive'`) },
      transferred_in: { sql: when('on_hand', `kind = 'transfer_in'`) },
      transferred_out: { sql: when('-on_hand', `kind = 'transfer_out'`) },
      shipped: { sql: when('-on_hand', `kind = 'ship'`) },
      returned: { sql: when('on_hand', `kind = 'return_in'`) },
      cost: { sql: when('-value_minor', `kind IN ('ship', 'return_in')`) },
    },
    positions: {
      opening_units: { of: 'moved', at: 'opening' },
      closing_units: { of: 'moved', at: 'closing' },
      closing_value: { of: 'valued', at: 'closing' },
      value_days: { of: 'valued', at: 'each_day' },
    },
  },
  market_stock: {
    grain: 'movement of stock, shared among the markets that its location sends to',
    owner: 'inventory',
    freshness: 'seconds after the commit',
    ledger: 'stock_day',
    source: MARKET_STOCK,
    dimensions: {
      ...asked(PLACE),
      ...asked(TIME),
      location: { title: 'Location that holds the stock', sql: 'toString(location_id)', isRolledUp: false },
    },
    measures: MARKET_STOCK_MEASURES,
    positions: MARKET_STOCK_POSITIONS,
  },
  availability: {
    grain: 'day of a variant at a location',
    owner: 'inventory',
    freshness: 'seconds after the commit',
    ledger: 'stock_entry',
    source: AVAILABILITY,
    dimensions: {
      ...asked(PLACE),
      ...asked(TIME),
      location: { title: 'Location', sql: 'toString(location_id)', isRolledUp: false },
      variant: { title: 'Variant', sql: 'toString(variant_id)', isRolledUp: false },
    },
    measures: AVAILABILITY_MEASURES,
    positions: AVAILABILITY_POSITIONS,
  },
  service: {
    grain: 'line of the part of an order that one location fulfils',
    owner: 'fulfilment',
    freshness: 'seconds after the commit',
    ledger: 'service_entry',
    isJudged: true,
    dimensions: {
      ...asked(PLACE),
      ...asked(TIME),
      touchpoint: { title: 'Touchpoint, for diagnosis', sql: 'touchpoint', isRolledUp: false },
      location: { title: 'Location that fulfils', sql: 'toString(location_id)', isRolledUp: false },
      variant: { title: 'Variant', sql: 'toString(variant_id)', isRolledUp: false },
    },
    measures: SERVICE_MEASURES,
  },
  served_orders: {
    grain: 'order with all of its parts',
    owner: 'fulfilment',
    freshness: 'seconds after the commit',
    ledger: 'service_entry',
    source: ORDERS_SERVED,
    isJudged: true,
    dimensions: {
      ...asked(PLACE),
      ...asked(TIME),
      touchpoint: { title: 'Touchpoint, for diagnosis', sql: 'touchpoint', isRolledUp: false },
    },
    measures: ORDER_MEASURES,
  },
  opinions: {
    grain: 'question after a purchase, a delivery, a pick-up, a return or a case',
    owner: 'satisfaction',
    freshness: 'seconds after the commit',
    ledger: 'opinion_entry',
    hasNoCurrency: true,
    dimensions: {
      ...asked(PLACE),
      ...asked(TIME),
      touchpoint: { title: 'Touchpoint, for diagnosis', sql: 'touchpoint', isRolledUp: false },
      store: {
        title: 'Store or warehouse that had to do with it, empty where none had',
        sql: `if(location_id = ${NOBODY}, '', toString(location_id))`,
        isRolledUp: false,
      },
      occasion: { title: 'Occasion', sql: 'occasion', isRolledUp: false },
    },
    measures: OPINION_MEASURES,
  },
  contacts: {
    grain: 'contact of a customer with staff, beside those about the same matter',
    owner: 'satisfaction',
    freshness: 'seconds after the commit',
    ledger: 'contact_entry',
    isJudged: true,
    hasNoCurrency: true,
    dimensions: {
      ...asked(PLACE),
      ...asked(TIME),
      touchpoint: { title: 'Touch point of the first contact', sql: 'touchpoint', isRolledUp: false },
      store: {
        title: 'Store that had to do with it, empty where none had',
        sql: `if(location_id = ${NOBODY}, '', toString(location_id))`,
        isRolledUp: false,
      },
      matter: { title: 'What it was about', sql: 'matter', isRolledUp: false },
    },
    measures: CONTACT_MEASURES,
  },
} as const satisfies Record<string, Fact>;

export type FactName = keyof typeof FACTS;
export const factOf = (name: FactName): Fact => FACTS[name];

/** What nobody can be told apart by: a product's rows of orders would count an order several times. */
const MANY_OF_AN_ORDER: readonly Dimension[] = ['product', 'variant', 'category', 'department', 'brand'];

/** Those that are asked of where products now stand. */
export const SHELF_DIMENSIONS: readonly Dimension[] = ['category', 'department', 'brand'];

/** The dimensions that the measures can be split by. */
export function dimensionsOf(fact: FactName, measures: readonly string[]): Dimension[] {
  const { dimensions, measures: known } = factOf(fact);
  const isDistinct = measures.some((name) => known[name]?.distinct !== undefined);
  return DIMENSION_NAMES.filter(
    (name) => dimensions[name] && !(isDistinct && MANY_OF_AN_ORDER.includes(name)),
  );
}

/** Sums of a measure: over the ledger's entries, or over the sums that are kept. */
export function sumSql(fact: Fact, name: string, of: 'ledger' | 'rollup'): string {
  const measure = fact.measures[name];
  if (!measure) throw new RangeError(`${fact.ledger} has no measure ${name}`);
  if (of === 'rollup') return `sum(${name})`;
  return measure.distinct
    ? `toInt64(uniqExactIf(${measure.distinct}, ${measure.sql}))`
    : `toInt64(sum(${measure.sql}))`;
}

/** How many of what a measure sums are one. */
export const perOf = ({ measures, positions }: Fact, name: string): number =>
  measures[positions?.[name]?.of ?? name]?.per ?? 1;
