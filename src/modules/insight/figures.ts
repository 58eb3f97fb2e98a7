import { divideHalfEven } from '#platform/money.ts';
import { factOf, perOf } from './facts.ts';
import type { Expression } from './declarations.ts';
import { expressionsOf, metricOf, type MetricName, squaresOf } from './metrics.ts';
import type { MeasureAt } from './questions.ts';

/** `value` is null for a day that has not begun, and for a ratio over nothing. */
export interface Figure {
  value: number | null;
  /** Of a ratio: what its value was divided from. */
  numerator?: number;
  denominator?: number;
  /** Of a mean of what single answers bring, in its own unit; null over nothing. */
  standardError?: number | null;
}

export type Figures = Partial<Record<MetricName, Figure>>;

/** The figures of a row from its sums, which stand in the order of the measures. */
export function figuresOf(
  metrics: readonly MetricName[],
  measures: readonly MeasureAt[],
  sums: readonly number[] | undefined,
  { isBegun, days }: { isBegun: boolean; days: number },
): Figures {
  return Object.fromEntries(
    metrics.map((name) => {
      const [numerator = 0, denominator] = sumsOf(name, measures, sums, days);
      const value = isBegun ? valueFrom(name, measures, sums, days) : null;
      if (denominator === undefined) return [name, { value }];
      const squares = squaresOf(name);
      const error = squares && {
        standardError: isBegun
          ? errorOf(name, [numerator, denominator], sumOf(squares, measures, sums))
          : null,
      };
      return [name, { value, numerator, denominator, ...error }];
    }),
  );
}

/** Null for a ratio over nothing. Money is rounded to the minor unit, half to even. */
export function valueFrom(
  name: MetricName,
  measures: readonly MeasureAt[],
  sums: readonly number[] | undefined,
  days: number,
): number | null {
  const [numerator = 0, denominator] = sumsOf(name, measures, sums, days);
  return denominator === undefined ? numerator : quotientOf(name, numerator, denominator, days);
}

/** Of a ratio from its two sums; of one that is taken so many times as there are days, from these too. */
export function quotientOf(
  name: MetricName,
  numerator: number,
  denominator: number,
  days = 1,
): number | null {
  if (denominator === 0) return null;
  const metric = metricOf(name);
  if (metric.unit === 'money') return quotient(numerator, denominator);
  const times = metric.kind === 'ratio' ? (metric.times ?? 1) : 1;
  return (numerator * (times === 'days' ? days : times)) / denominator;
}

/** √((Σx²/n − (Σx/n)²) / n): of a share its binomial error, of NPS that of promoters less detractors. */
function errorOf(name: MetricName, [sum, n]: [number, number], squares: number): number | null {
  if (n === 0) return null;
  const metric = metricOf(name);
  const times = metric.kind === 'ratio' && typeof metric.times === 'number' ? metric.times : 1;
  return times * Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / n);
}

/** One sum, or two to be divided. What is averaged over time is divided by its days. */
function sumsOf(
  name: MetricName,
  measures: readonly MeasureAt[],
  sums: readonly number[] | undefined,
  days: number,
): number[] {
  const metric = metricOf(name);
  const found = expressionsOf(name).map((each) => sumOf(each, measures, sums));
  return metric.kind === 'semi_additive' && metric.overTime === 'average' ? [...found, days] : found;
}

function sumOf(
  { fact, plus, minus, less }: Expression,
  measures: readonly MeasureAt[],
  sums: readonly number[] | undefined,
): number {
  const at = (name: string) =>
    (sums?.[measures.findIndex((each) => each.fact === fact && each.measure === name)] ?? 0) /
    perOf(factOf(fact), name);
  const added = plus.reduce((sum, name) => sum + at(name), 0);
  const own = minus.reduce((sum, name) => sum - at(name), added);
  return (less ?? []).reduce((sum, each) => sum - sumOf(each, measures, sums), own);
}

/** The denominator of a sum of money may be below zero where more came back than was sold. */
function quotient(numerator: number, denominator: number): number {
  const sign = denominator < 0 ? -1 : 1;
  const value = Number(divideHalfEven(BigInt(sign * numerator), BigInt(sign * denominator)));
  return value === 0 ? 0 : value;
}
