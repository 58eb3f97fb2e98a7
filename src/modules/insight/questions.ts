import {
  type Dimension,
  type FactName,
  factOf,
  type FilterName,
  TIME_DIMENSIONS,
  type TimeDimension,
} from './facts.ts';
import { insightErrors } from './errors.ts';
import { metricDimensions, type MetricName, partsOf } from './metrics.ts';
import { dayCount, type Period } from './periods.ts';

export type Comparison = 'previous' | 'year';
export type Filters = Partial<Record<FilterName, readonly string[] | undefined>>;

export interface Question extends Period {
  metrics: readonly MetricName[];
  /** What rows are made of; without any there is the total alone. */
  by: readonly Dimension[];
  currency: string;
  filters?: Filters | undefined;
  /** With the period of the same length before, or with the same days a year earlier. */
  compare?: Comparison | undefined;
  /** Each day's figures are of so many days up to it. */
  rolling?: number | undefined;
  /** So many rows with the most of a metric, and one of all the others. */
  top?: { count: number; metric?: MetricName | undefined } | undefined;
  /** `order`: what is taken off an order counts on the day of that order. */
  dated?: 'own' | 'order' | undefined;
}

/** The moment of asking, in the retailer's time zone. */
export interface Clock {
  now: Date;
  timeZone: string;
}

const DAYS_MAX = 20 * 366;

export function assertFit(period: Period): void {
  const days = dayCount(period);
  if (!(days >= 1 && days <= DAYS_MAX))
    throw insightErrors.period_unfit({ from: period.from, to: period.to });
}

const isTime = (name: Dimension): name is TimeDimension =>
  (TIME_DIMENSIONS as readonly Dimension[]).includes(name);

export const timeOf = ({ by }: Question): TimeDimension | undefined => by.find(isTime);
export const othersOf = ({ by }: Question): Dimension[] => by.filter((name) => !isTime(name));

/** Refuses what would be answered with a figure that means something else than it says. */
export function assertAnswerable(question: Question): void {
  assertFit(question);
  const { metrics, by, filters = {}, rolling, dated, top } = question;
  if (by.filter(isTime).length > 1) throw insightErrors.question_unfit({ reason: 'two_time_dimensions' });
  if (new Set(by).size < by.length) throw insightErrors.question_unfit({ reason: 'dimension_twice' });
  if (rolling !== undefined && timeOf(question) !== 'day')
    throw insightErrors.question_unfit({ reason: 'rolling_needs_days' });
  if (top?.metric && !metrics.includes(top.metric))
    throw insightErrors.question_unfit({ reason: 'top_metric_not_asked' });
  if (top && othersOf(question).length === 0)
    throw insightErrors.question_unfit({ reason: 'top_needs_a_dimension' });
  for (const metric of metrics) {
    const fit = metricDimensions(metric);
    const unfit = by.find((name) => !fit.includes(name));
    if (unfit) throw insightErrors.dimension_unfit({ metric, dimension: unfit });
    assertFiltersFit(metric, filters);
    if (rolling !== undefined && partsOf(metric).some(({ fact }) => factOf(fact).positions))
      throw insightErrors.question_unfit({ reason: 'rolling_is_of_flows' });
    if (dated === 'order' && partsOf(metric).some(({ fact }) => fact !== 'sales'))
      throw insightErrors.question_unfit({ reason: 'dated_is_of_sales' });
  }
}

const GOODS: readonly FilterName[] = ['product', 'variant', 'category', 'department', 'brand'];

function assertFiltersFit(metric: MetricName, filters: Filters): void {
  for (const name of Object.keys(filters) as FilterName[]) {
    if (filters[name] === undefined) continue;
    // Products of a filter are one set: an order counts once in it, so that orders may be narrowed where they may not be split.
    const fits = GOODS.includes(name)
      ? partsOf(metric).every(({ fact }) => factOf(fact).dimensions[name] && !factOf(fact).positions)
      : metricDimensions(metric).includes(name);
    if (!fits) throw insightErrors.dimension_unfit({ metric, dimension: name });
  }
}

export interface MeasureAt {
  fact: FactName;
  measure: string;
}

/** The measures that metrics are made of, each once. */
export function measuresOf(metrics: readonly MetricName[]): MeasureAt[] {
  const found = new Map<string, MeasureAt>();
  for (const metric of metrics) {
    for (const { fact, plus, minus } of partsOf(metric)) {
      for (const measure of [...plus, ...minus]) found.set(`${fact}.${measure}`, { fact, measure });
    }
  }
  return [...found.values()];
}
