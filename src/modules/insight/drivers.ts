import type { ClickHouseClient } from '@clickhouse/client';
import { type Against, answerAgainst, type PlainQuestion } from './against.ts';
import { topDrivers } from './decompose.ts';
import { insightErrors } from './errors.ts';
import { type Dimension, factOf, TIME_DIMENSIONS } from './facts.ts';
import type { Figures } from './figures.ts';
import { metricDimensions, metricOf, type MetricName, partsOf } from './metrics.ts';
import type { Clock } from './questions.ts';
import { isRatioOfSums, type RatioDriver, ratioDrivers } from './ratio-drivers.ts';

/** What one value of a dimension brings to the change of a sum. */
interface SumDriver {
  /** The product's id, the store's, …; empty where nobody knows it, and of the rest. */
  key: string;
  isRest?: true;
  now: number;
  before: number;
  change: number;
}
export type Driver = SumDriver | RatioDriver;

/** A change taken apart: its drivers add up to it, the rest among them. */
export interface Drivers {
  dimension: Dimension;
  title: string;
  rows: Driver[];
  /** Null of a ratio that had nothing to divide by in one of the periods. */
  change: number | null;
}

/**
 * Places are what is compared, and a touch point explains nothing until somebody diagnoses. A variant is its product again, and a
 * department its categories.
 */
const NO_DRIVERS: readonly Dimension[] = [
  ...TIME_DIMENSIONS,
  'region',
  'area',
  'touchpoint',
  'variant',
  'department',
];

/** By what a change can be taken apart so that the parts add up to it: of sums, and of ratios of sums. */
export function driverDimensions(metric: MetricName): Dimension[] {
  if (metricOf(metric).kind !== 'additive' && !isRatioOfSums(metric)) return [];
  return metricDimensions(metric).filter((name) => !NO_DRIVERS.includes(name));
}

interface DriversQuestion extends Omit<PlainQuestion, 'by' | 'metrics'> {
  metric: MetricName;
  dimension: Dimension;
  /** So many rows of the largest changes, up or down, and one of all the others. */
  most: number;
}

export async function driversOf(
  clickhouse: ClickHouseClient,
  { metric, dimension, most, ...asked }: DriversQuestion,
  against: Against,
  clock: Clock,
): Promise<Drivers> {
  if (!driverDimensions(metric).includes(dimension))
    throw insightErrors.dimension_unfit({ metric, dimension });
  const question = { ...asked, metrics: [metric], by: [dimension] };
  const { rows, total } = await answerAgainst(clickhouse, question, against, clock);
  const keyed = rows.map(({ keys, ...row }) => ({ ...row, key: keys[dimension] ?? '' }));
  const found =
    metricOf(metric).kind === 'ratio'
      ? ratioDrivers(metric, keyed, total, most)
      : sumDrivers(metric, keyed, most);
  return { dimension, title: titleOf(metric, dimension), ...found };
}

function sumDrivers(
  metric: MetricName,
  rows: readonly { key: string; figures: Figures; before?: Figures }[],
  most: number,
): { rows: SumDriver[]; change: number } {
  const changed = rows
    .map(({ key, figures, before }) => ({
      key,
      now: figures[metric]?.value ?? 0,
      before: before?.[metric]?.value ?? 0,
    }))
    .filter(({ now, before }) => now !== 0 || before !== 0);
  const { drivers, rest } = topDrivers(changed, most);
  const { count, ...others } = rest;
  return {
    rows: [...drivers, ...(count > 0 ? [{ key: '', isRest: true as const, ...others }] : [])],
    change: drivers.reduce((sum, { change }) => sum + change, rest.change),
  };
}

function titleOf(metric: MetricName, dimension: Dimension): string {
  const [first] = partsOf(metric);
  return (first && factOf(first.fact).dimensions[dimension]?.title) ?? dimension;
}
