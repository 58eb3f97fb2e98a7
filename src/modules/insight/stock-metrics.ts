import { SHIPPED_DAYS } from './stock-facts.ts';
import { expression, type Metric } from './declarations.ts';

const stock = expression('stock');
const sales = expression('sales');
const goods = expression('goods_costs');
const marketStock = expression('market_stock');
const availability = expression('availability');
/** Weeks in 91 days. */
const WEEKS = SHIPPED_DAYS / 7;

export const STOCK_METRICS = {
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
    of: { ...sales(['net']), less: [stock(['cost'])] },
  },
  gross_margin_rate: {
    kind: 'ratio',
    title: 'Gross margin of sales',
    definition:
      'The share of net sales that is left when the cost of goods is taken off. What left without a known cost counts as having cost nothing. For several days the two sums are divided; shares are never averaged.',
    formula: 'gross margin ÷ net sales',
    unit: 'share',
    numerator: { ...sales(['net']), less: [stock(['cost'])] },
    denominator: sales(['net']),
  },
  gmroi: {
    kind: 'ratio',
    title: 'Margin on stock',
    definition:
      'Gross margin that the money in stock brings in a year (GMROI): that of the period, taken to 365 days.',
    formula: '(gross margin ÷ average stock at cost) × (365 ÷ days)',
    unit: 'number',
    numerator: { ...sales(['net']), less: [stock(['cost'])] },
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
  in_stock_rate: {
    kind: 'ratio',
    title: 'In stock',
    definition:
      'Of the days on which a variant was meant to be at a location, the share on which it was there: at the beginning of the day, or because it came. It is meant to be while it is there and for 90 days after. By region of the location.',
    formula: 'in-stock days ÷ active days of variants at locations',
    unit: 'share',
    numerator: availability(['in_stock_days']),
    denominator: availability(['active_days']),
  },
  out_of_stock_days: {
    kind: 'additive',
    title: 'Days out of stock',
    definition:
      'Days on which a variant was meant to be at a location and was not, all variants and locations together. By region of the location.',
    formula: 'active days − in-stock days of variants at locations',
    unit: 'count',
    of: availability(['active_days'], ['in_stock_days']),
  },
  lost_units: {
    kind: 'additive',
    title: 'Lost units',
    definition:
      'Pieces that would have been sent on days on which a variant was meant to be at a location and was not, at the pace of the 91 days before it ran out: pieces sent ÷ days in stock.',
    formula: 'Σ out-of-stock days × (units sent ÷ in-stock days of 91 days before)',
    unit: 'number',
    of: availability(['lost_units']),
  },
  market_units: {
    kind: 'semi_additive',
    title: 'Stock for a market',
    definition:
      'Pieces on hand at the end of the last day of the period, each location’s shared among markets by what it sent to each in the 13 weeks before. A location that sent nothing serves the region it lies in.',
    formula: 'Σ stock of location × share of its units sent to the market',
    unit: 'number',
    of: marketStock(['closing_held']),
    overTime: 'closing',
  },
  market_stock_value: {
    kind: 'semi_additive',
    title: 'Stock for a market at cost',
    definition:
      'What the pieces cost that stand ready for a market at the end of the last day of the period.',
    formula: 'Σ stock at cost of location × share of its units sent to the market',
    unit: 'money',
    of: marketStock(['closing_worth']),
    overTime: 'closing',
  },
  market_cover: {
    kind: 'ratio',
    title: 'Weeks of supply, looking back',
    definition:
      'How many weeks the stock that stands ready for a market lasts at the pace of the 13 weeks before the end of the period.',
    formula: 'stock for the market ÷ (units sent to it in 13 weeks ÷ 13)',
    unit: 'number',
    numerator: marketStock(['closing_held']),
    denominator: marketStock(['sent_lately']),
    times: WEEKS,
  },
  market_turn: {
    kind: 'ratio',
    title: 'Stock turn of a market',
    definition:
      'How many times the stock that stands ready for a market was sold there in the period, at cost.',
    formula: 'cost of goods sold ÷ average stock for the market at cost',
    unit: 'number',
    numerator: goods(['cost']),
    denominator: marketStock(['worth_days']),
    times: 'days',
  },
  market_days_of_inventory: {
    kind: 'ratio',
    title: 'Days of inventory of a market',
    definition:
      'How many days the average stock for a market lasts at the pace of the period, at cost (DIO).',
    formula: 'days × average stock for the market at cost ÷ cost of goods sold',
    unit: 'days',
    numerator: marketStock(['worth_days']),
    denominator: goods(['cost']),
  },
  market_gmroi: {
    kind: 'ratio',
    title: 'Margin on stock of a market',
    definition:
      'Contribution margin 1 that the money in the stock for a market brings in a year (GMROI): that of the period, taken to 365 days.',
    formula: '(contribution margin 1 ÷ average stock for the market at cost) × (365 ÷ days)',
    unit: 'number',
    numerator: { ...sales(['net']), less: [goods(['cost'])] },
    denominator: marketStock(['worth_days']),
    times: 365,
  },
} as const satisfies Record<string, Metric>;
