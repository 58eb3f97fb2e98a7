import { expression, type Metric } from './declarations.ts';

const stock = expression('stock');
const sales = expression('sales');

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
} as const satisfies Record<string, Metric>;
