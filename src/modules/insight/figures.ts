import { divideHalfEven } from '#platform/money.ts';
import { type Expression, expressionsOf, metricOf, type MetricName } from './metrics.ts';
import type { MeasureAt } from './questions.ts';

/** `value` is null for a day that has not begun, and for a ratio over nothing. */
export interface Figure {
  value: number | null;
  /** Of a ratio: what its value was divided from. */
  numerator?: number;
  denominator?: number;
}

export type Figures = Partial<Record<MetricName, Figure>>;

/** The figures of a row from its sums, which stand in the order of the measures. */
export function figuresOf(
  metrics: readonly MetricName[],
  measures: readonly MeasureAt[],
  sums: readonly number[] | undefined,
  isBegun: boolean,
): Figures {
  return Object.fromEntries(
    metrics.map((name) => {
      const [numerator = 0, denominator] = partsOf(name, measures, sums);
      const value = isBegun ? valueFrom(name, measures, sums) : null;
      return [name, denominator === undefined ? { value } : { value, numerator, denominator }];
    }),
  );
}

/** Null for a ratio over nothing. Money is rounded to the minor unit, half to even. */
export function valueFrom(
  name: MetricName,
  measures: readonly MeasureAt[],
  sums: readonly number[] | undefined,
): number | null {
  const [numerator = 0, denominator] = partsOf(name, measures, sums);
  if (denominator === undefined) return numerator;
  if (denominator === 0) return null;
  return metricOf(name).unit === 'money' ? quotient(numerator, denominator) : numerator / denominator;
}

const partsOf = (name: MetricName, measures: readonly MeasureAt[], sums: readonly number[] | undefined) =>
  expressionsOf(name).map((each) => sumOf(each, measures, sums));

function sumOf(
  { fact, plus, minus }: Expression,
  measures: readonly MeasureAt[],
  sums?: readonly number[],
): number {
  const at = (name: string) =>
    sums?.[measures.findIndex((each) => each.fact === fact && each.measure === name)] ?? 0;
  const added = plus.reduce((sum, name) => sum + at(name), 0);
  return minus.reduce((sum, name) => sum - at(name), added);
}

/** The denominator of a sum of money may be below zero where more came back than was sold. */
function quotient(numerator: number, denominator: number): number {
  const sign = denominator < 0 ? -1 : 1;
  const value = Number(divideHalfEven(BigInt(sign * numerator), BigInt(sign * denominator)));
  return value === 0 ? 0 : value;
}
