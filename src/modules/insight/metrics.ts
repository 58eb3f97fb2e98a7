import { COST_METRICS } from './cost-metrics.ts';
import { CREDIT_METRICS } from './credit-metrics.ts';
import type { Expression, Metric } from './declarations.ts';
import { type Dimension, dimensionsOf, factOf } from './facts.ts';
import { MARGIN_METRICS } from './margin-metrics.ts';
import { SALE_METRICS } from './sale-metrics.ts';
import { CONTACT_METRICS, SATISFACTION_METRICS } from './satisfaction-metrics.ts';
import { SERVICE_METRICS } from './service-metrics.ts';
import { STOCK_METRICS } from './stock-metrics.ts';

/** Every metric, declared once: the queries, the API, the screens and the docs read this. */
export const METRICS = {
  ...SALE_METRICS,
  ...MARGIN_METRICS,
  ...COST_METRICS,
  ...CREDIT_METRICS,
  ...STOCK_METRICS,
  ...SERVICE_METRICS,
  ...SATISFACTION_METRICS,
  ...CONTACT_METRICS,
} as const satisfies Record<string, Metric>;

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
export const partsOf = (name: MetricName): Expression[] => {
  const squares = squaresOf(name);
  return [...expressionsOf(name), ...(squares ? [squares] : [])].flatMap((each) => [
    each,
    ...(each.less ?? []),
  ]);
};

export const squaresOf = (name: MetricName): Expression | undefined => {
  const metric = metricOf(name);
  return metric.kind === 'ratio' ? metric.squares : undefined;
};

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
