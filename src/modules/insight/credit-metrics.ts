import { expression, type Metric } from './declarations.ts';

const credits = expression('credits');
const sales = expression('sales');

export const CREDIT_METRICS = {
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
