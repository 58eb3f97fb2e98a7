import type { ClickHouseClient } from '@clickhouse/client';
import { type Against, answerAgainst, type PlainQuestion } from './against.ts';
import { insightErrors } from './errors.ts';
import { type Dimension, factOf, TIME_DIMENSIONS } from './facts.ts';
import { metricDimensions, metricOf, type MetricName, partsOf } from './metrics.ts';
import type { Clock } from './questions.ts';

/** What one value of a dimension brings to the change of a figure. */
export interface Driver {
  /** The product's id, the store's, …; empty where nobody knows it, and of the rest. */
  key: string;
  isRest?: true;
  now: number;
  before: number;
  change: number;
}

/** A change taken apart: its drivers add up to it, the rest among them. */
export interface Drivers {
  dimension: Dimension;
  title: string;
  rows: Driver[];
  change: number;
}

/** Places are what is compared, and a touch point explains nothing until somebody diagnoses. A variant is its product again. */
const NO_DRIVERS: readonly Dimension[] = [...TIME_DIMENSIONS, 'region', 'area', 'touchpoint', 'variant'];

/** By what a change can be taken apart so that the parts add up to it: of a ratio, by nothing. */
export function driverDimensions(metric: MetricName): Dimension[] {
  if (metricOf(metric).kind !== 'additive') return [];
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
  const { rows } = await answerAgainst(clickhouse, question, against, clock);
  const all = rows
    .map(({ keys, figures, before }): Driver => {
      const [now, then] = [figures[metric]?.value ?? 0, before?.[metric]?.value ?? 0];
      return { key: keys[dimension] ?? '', now, before: then, change: now - then };
    })
    .filter(({ now, before }) => now !== 0 || before !== 0)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.key < b.key ? -1 : 1));
  const rest = all.slice(most);
  const added = (of: (driver: Driver) => number) => rest.reduce((sum, driver) => sum + of(driver), 0);
  const [now, before] = [added((driver) => driver.now), added((driver) => driver.before)];
  return {
    dimension,
    title: titleOf(metric, dimension),
    rows: [
      ...all.slice(0, most),
      ...(rest.length > 0 ? [{ key: '', isRest: true as const, now, before, change: now - before }] : []),
    ],
    change: all.reduce((sum, { change }) => sum + change, 0),
  };
}

function titleOf(metric: MetricName, dimension: Dimension): string {
  const [first] = partsOf(metric);
  return (first && factOf(first.fact).dimensions[dimension]?.title) ?? dimension;
}
