import { expression, type Metric } from './declarations.ts';

const sales = expression('sales');
const goods = expression('goods_costs');
const serving = expression('serve_costs');
const spending = expression('spending');

/** Spoilt returns are a cost of serving, which the ledger of goods knows. */
const toServe = { ...serving(['cost']), less: [goods([], ['spoilt'])] };
const cm2 = { ...sales(['net']), less: [goods(['cost', 'spoilt']), serving(['cost'])] };
const cm3 = { ...cm2, less: [...cm2.less, spending(['spent'])] };

const IN_IT =
  'Work, labels and packaging at the rates of the locations that served, what payment providers took, the handling and labels of returns, the minutes of staff who answered about the order, and what returned goods lost that cannot be sold again';
const NOT_IN_IT = 'Commissions of marketplaces and creators and points are in no ledger yet';

export const COST_METRICS = {
  cost_to_serve: {
    kind: 'additive',
    title: 'Cost to serve',
    definition: `${IN_IT}. What was done for a sale counts on the day of its order, what was done for a return or a refund on its own, in the market of the order. ${NOT_IN_IT}.`,
    formula:
      'Σ minutes × rate + label + packaging + payment fees + minutes of answering × rate + return handling, labels and spoilt goods',
    unit: 'money',
    of: toServe,
  },
  serving: {
    kind: 'additive',
    title: 'Cost to serve by kind',
    definition:
      'What serving orders cost, without the goods that came back spoilt: by what it was for, and by the location that did it.',
    formula:
      'Σ minutes × rate + label + packaging + payment fees + minutes of answering × rate + return handling and labels',
    unit: 'money',
    of: serving(['cost']),
  },
  cost_to_serve_rate: {
    kind: 'ratio',
    title: 'Cost to serve of sales',
    definition:
      'Of each unit of net sales, how much serving it costs. For several days or regions the two sums are divided; shares are never averaged.',
    formula: 'cost to serve ÷ net sales',
    unit: 'share',
    numerator: toServe,
    denominator: sales(['net']),
  },
  cost_to_serve_per_order: {
    kind: 'ratio',
    title: 'Cost to serve an order',
    definition: 'What serving costs, for each order that was placed in the same days.',
    formula: 'cost to serve ÷ orders',
    unit: 'money',
    numerator: toServe,
    denominator: sales(['orders']),
  },
  cm2: {
    kind: 'additive',
    title: 'Contribution margin 2',
    definition:
      'What is left of net sales once the goods and the serving are paid for. Of what is not sent yet, or has no known cost, nothing is taken off.',
    formula: 'contribution margin 1 − cost to serve',
    unit: 'money',
    of: cm2,
  },
  cm2_rate: {
    kind: 'ratio',
    title: 'Contribution margin 2 of sales',
    definition:
      'The share of net sales that is left once the goods and the serving are paid for. For several days or regions the two sums are divided; shares are never averaged.',
    formula: 'contribution margin 2 ÷ net sales',
    unit: 'share',
    numerator: cm2,
    denominator: sales(['net']),
  },
  marketing: {
    kind: 'additive',
    title: 'Marketing',
    definition:
      'What was spent to bring buyers, on the days and in the markets that its sources name, as they stand by now: who restates the past changes its days.',
    formula: 'Σ spent',
    unit: 'money',
    of: spending(['spent']),
  },
  marketing_rate: {
    kind: 'ratio',
    title: 'Marketing of sales',
    definition:
      'Of each unit of net sales, how much was spent on marketing in the same days and markets. It says nothing of what marketing brought.',
    formula: 'marketing ÷ net sales',
    unit: 'share',
    numerator: spending(['spent']),
    denominator: sales(['net']),
  },
  cm3: {
    kind: 'additive',
    title: 'Contribution margin 3',
    definition: 'What is left of net sales once the goods, the serving and the marketing are paid for.',
    formula: 'contribution margin 2 − marketing',
    unit: 'money',
    of: cm3,
  },
  cm3_rate: {
    kind: 'ratio',
    title: 'Contribution margin 3 of sales',
    definition:
      'The share of net sales that is left once the goods, the serving and the marketing are paid for. For several days or regions the two sums are divided; shares are never averaged.',
    formula: 'contribution margin 3 ÷ net sales',
    unit: 'share',
    numerator: cm3,
    denominator: sales(['net']),
  },
} as const satisfies Record<string, Metric>;
