import { median as medianOf } from 'd3-array';

/** Figures of a sample that a few wild values do not move; no number of none. */
export const median = (values: readonly number[]): number => medianOf(values) ?? Number.NaN;

/** What the median of absolute deviations is multiplied with to be the deviation of a normal sample. */
const NORMAL = 1.4826;

/** The spread of values around zero, by the median of their sizes. */
export const spreadAroundZero = (values: readonly number[]): number => NORMAL * median(values.map(Math.abs));

/**
 * The slope of values one apart, by Theil and Sen: the median of all slopes between two of them; zero unless more pairs
 * rise than fall, or fall than rise, by `surplus` (the statistic of Mann and Kendall): a slope that chance would make is none.
 */
export function steadySlope(values: readonly number[], surplus: number): number {
  const slopes = values.flatMap((from, index) =>
    values.slice(index + 1).map((to, distance) => (to - from) / (distance + 1)),
  );
  const rising = slopes.filter((slope) => slope > 0).length - slopes.filter((slope) => slope < 0).length;
  return Math.abs(rising) < surplus ? 0 : median(slopes);
}

/** How likely a value of Student's distribution lies further from zero, on either side. `freedom` is even. */
export function tailsBeyond(distance: number, freedom: number): number {
  // The closed form for even degrees of freedom (Abramowitz & Stegun 26.7.4).
  const share = freedom / (freedom + distance * distance);
  let term = 1;
  let sum = 1;
  for (let step = 1; step < freedom / 2; step++) {
    term *= ((2 * step - 1) / (2 * step)) * share;
    sum += term;
  }
  const within = Math.sqrt(1 - share) * sum;
  return Math.max(1e-15, 1 - within);
}
