import { expression, type Metric } from './declarations.ts';

const sales = expression('sales');
const goods = expression('goods_costs');

export const MARGIN_METRICS = {
  goods_cost: {
    kind: 'additive',
    title: 'Cost of goods sold',
    definition:
      'What the goods of orders cost where they left, on the day of their order and in its market; what came back for sale takes it off again, on the day it came. Goods that are not sent yet, and those whose cost nobody knows, are not in it.',
    formula: 'Σ cost of units sent − Σ cost of units that came back',
    unit: 'money',
    of: goods(['cost']),
  },
  cm1: {
    kind: 'additive',
    title: 'Contribution margin 1',
    definition:
      'Net sales less what the goods cost, of the same orders in the same market. Of what is not sent yet, or has no known cost, nothing is taken off: the share of units with a known cost says how much that is.',
    formula: 'net sales − cost of goods sold',
    unit: 'money',
    of: { ...sales(['net']), less: [goods(['cost'])] },
  },
  cm1_rate: {
    kind: 'ratio',
    title: 'Contribution margin 1 of sales',
    definition:
      'The share of net sales that is left when the cost of goods is taken off. For several days or regions the two sums are divided; shares are never averaged.',
    formula: 'contribution margin 1 ÷ net sales',
    unit: 'share',
    numerator: { ...sales(['net']), less: [goods(['cost'])] },
    denominator: sales(['net']),
  },
  cost_known: {
    kind: 'ratio',
    title: 'Units with a known cost',
    definition:
      'Of the pieces ordered, the share that was sent and has a known cost. What waits, was cancelled, or left without anybody knowing its cost is missing from it.',
    formula: 'units sent with a known cost ÷ units ordered',
    unit: 'share',
    numerator: goods(['costed_units']),
    denominator: sales(['units']),
  },
  spoilt_returns: {
    kind: 'additive',
    title: 'Spoilt returns',
    definition:
      'What goods cost that came back and cannot be sold again, on the day they were looked at. It is not in the cost of goods sold.',
    formula: 'Σ cost of units that came back damaged',
    unit: 'money',
    of: goods(['spoilt']),
  },
} as const satisfies Record<string, Metric>;
