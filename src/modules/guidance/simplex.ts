/** Steps enough for a hundred columns; the gap ends the search long before. */
const STEPS_MAX = 5_000;
/** How far from the best the answer may be, beside the size of what is resembled. */
const GAP_MOST = 1e-8;

/** The point nearest to this one whose parts are not negative and add up to one (Held, Wolfe & Crowder 1974). */
export function nearestOnSimplex(point: readonly number[]): number[] {
  let sum = 0;
  let level = 0;
  for (const [index, value] of point.toSorted((a, b) => b - a).entries()) {
    sum += value;
    const next = (sum - 1) / (index + 1);
    if (value > next) level = next;
  }
  return point.map((value) => Math.max(0, value - level));
}

/**
 * Weights, none negative and together one, with which the columns resemble the target best by least squares: projected
 * gradient steps with Nesterov's momentum. The search ends by a bound of what is left to gain (Frank & Wolfe's gap), so
 * the answer is the best one whatever the way to it.
 */
export function simplexWeights(columns: readonly (readonly number[])[], target: readonly number[]): number[] {
  // As weights add up to one, what is left of the target is made of what each column is off it: what all share falls away.
  const off = columns.map((column) => column.map((value, index) => value - (target[index] ?? 0)));
  const gram = off.map((a) => off.map((b) => dot(a, b)));
  const slopeAt = (point: readonly number[]) => gram.map((row) => dot(row, point));
  // No step is too long that is shorter than one over the largest eigenvalue; a row's sum of sizes is never below it.
  const steepest = Math.max(...gram.map((row) => row.reduce((sum, each) => sum + Math.abs(each), 0)));
  let weights = columns.map(() => 1 / columns.length);
  if (!(steepest > 0)) return weights;
  const enough = GAP_MOST * Math.max(dot(target, target), Number.MIN_VALUE);
  let ahead = weights;
  let momentum = 1;
  for (let step = 0; step < STEPS_MAX; step++) {
    const slope = slopeAt(ahead);
    const next = nearestOnSimplex(ahead.map((value, index) => value - (slope[index] ?? 0) / steepest));
    const from = weights;
    weights = next;
    const here = slopeAt(weights);
    if (dot(here, weights) - Math.min(...here) <= enough) break;
    // Going uphill, the momentum is of another direction: it begins anew.
    const isUphill = dot(slope, subtract(next, from)) > 0;
    const later = isUphill ? 1 : (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const carried = isUphill ? 0 : (momentum - 1) / later;
    ahead = next.map((value, index) => value + carried * (value - (from[index] ?? 0)));
    momentum = later;
  }
  return weights;
}

const subtract = (a: readonly number[], b: readonly number[]) =>
  a.map((value, index) => value - (b[index] ?? 0));

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
