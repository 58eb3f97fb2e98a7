import assert from 'node:assert/strict';

/**
 * An arm of an experiment, summed up. A unit is one who was assigned, with one outcome: 0 or 1 for a conversion, an
 * amount in minor units for net sales; 0 also for who did nothing.
 */
export type ArmSummary = { units: number; sum: number; sumOfSquares: number };

/** What a variant does beside the control: the difference of means (variant less control), and how sure it is. */
export type Effect = {
  controlMean: number;
  variantMean: number;
  difference: number;
  low: number;
  high: number;
  /** Always valid, for these figures. It may rise again with later ones; who stopped at a low one was right to. */
  pValue: number;
  /** In shares of the control's mean: 0.05 is 5 % more. Null while that mean may be zero. */
  relative: { change: number; low: number; high: number } | null;
};

/** `plannedUnits`: of both arms together, where the interval is as narrow as it can be made. It binds nobody. */
export type ComparisonPlan = { alpha: number; plannedUnits: number };

export type GuardrailState = 'breached' | 'kept' | 'open';

export type Guard = ComparisonPlan & {
  /** Where harm lies: net sales do harm when the figure falls, returns when it rises. */
  harm: 'falls' | 'rises';
  /** What is borne, as a share of the control's mean: 0.02 is 2 %. */
  worstBorne: number;
};

/** The share of experiments without any effect that may ever seem to have one. */
export const ALPHA = 0.05;

/**
 * Fewer units in either arm tell nothing: the sequence rests on a central limit, and sums of few rare or skewed
 * outcomes are far from normal.
 */
export const UNITS_MIN = 100;

/** A spread below this share of the outcomes' mean square is what rounding leaves of equal outcomes. */
const ROUNDING = 1e-12;
const ROUNDS_TO_SETTLE = 40;

type Mean = { mean: number; /** Of the mean, not of the outcomes. */ variance: number };
type Arms = { control: Mean; variant: Mean; units: number };

/**
 * Alpha for each comparison where several variants stand against one control (Bonferroni): together they are wrong
 * no more often than `alpha`, however they hang together through the control they share.
 */
export function alphaOfEach(alpha: number, variants: number): number {
  assert(Number.isSafeInteger(variants) && variants > 0, 'an experiment has a variant');
  return alpha / variants;
}

/**
 * The difference of means with its asymptotic confidence sequence: with a chance of 1 - alpha the truth lies in the
 * interval of *every* look at once, so one may look daily and stop when one likes.
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), "Time-uniform central limit theory and asymptotic confidence
 * sequences", Annals of Statistics 52(6), theorem 2.2, with t units in both arms and V the variance of the difference:
 *
 *     difference ± √( V · (1 + 1/x) · ln((1 + x) / alpha²) ),   x = t·rho²
 */
export function effectOf(control: ArmSummary, variant: ArmSummary, plan: ComparisonPlan): Effect | null {
  assertPlan(plan);
  const arms = armsOf(control, variant);
  if (!arms) return null;
  const x = ageOf(arms.units, plan.alpha, plan.plannedUnits);
  const reach = (1 + 1 / x) * (Math.log1p(x) - 2 * Math.log(plan.alpha));
  const difference = arms.variant.mean - arms.control.mean;
  const variance = arms.control.variance + arms.variant.variance;
  const margin = Math.sqrt(variance * reach);
  return {
    controlMean: arms.control.mean,
    variantMean: arms.variant.mean,
    difference,
    low: difference - margin,
    high: difference + margin,
    pValue: pValueOf(difference ** 2 / variance, x),
    relative: relativeOf(arms, reach),
  };
}

/** The interval is free of zero; the same as a p-value below alpha. */
export const isDecided = ({ low, high }: Pick<Effect, 'low' | 'high'>): boolean => low > 0 || high < 0;

/**
 * Whether the variant does more harm than is borne. 'breached' and 'kept' are both sure, each with a chance of alpha to
 * be ever wrong, whenever one looks; only one of them can be wrong, since the truth lies on one side.
 *
 * The one-sided sequence of the same paper (its appendix) for variant - bound·control, so that the control's own noise
 * counts in: beyond √( V · (1 + 1/x) · 2·ln(1 + √(1 + x) / (2·alpha)) ) of zero.
 */
export function guardrailState(control: ArmSummary, variant: ArmSummary, guard: Guard): GuardrailState {
  assertPlan(guard);
  assert(guard.worstBorne >= 0, 'what is borne is a share of zero or more');
  const arms = armsOf(control, variant);
  if (!arms) return 'open';
  const x = ageOf(arms.units, 2 * guard.alpha, guard.plannedUnits);
  const reach = (1 + 1 / x) * 2 * Math.log1p(Math.sqrt(1 + x) / (2 * guard.alpha));
  const towardsHarm = guard.harm === 'falls' ? -1 : 1;
  // A control below zero (more came back than was sold) is worse when it is further below.
  const bound = 1 + towardsHarm * guard.worstBorne * Math.sign(arms.control.mean);
  const harm = towardsHarm * (arms.variant.mean - bound * arms.control.mean);
  const margin = Math.sqrt((arms.variant.variance + bound ** 2 * arms.control.variance) * reach);
  if (harm > margin) return 'breached';
  return harm < -margin ? 'kept' : 'open';
}

/** The alpha at which the interval would just touch zero. */
function pValueOf(squaredDistance: number, x: number): number {
  return Math.min(1, Math.sqrt(1 + x) * Math.exp((-squaredDistance * x) / (1 + x) / 2));
}

/**
 * Fieller's interval at the same reach: all ratios r at which variant - r·control may be zero. It holds at every look as
 * the difference's does, and leaves out 0 % exactly when that leaves out 0. While the control's own sequence holds zero
 * there is no such interval.
 */
function relativeOf({ control, variant }: Arms, reach: number): Effect['relative'] {
  const sure = control.mean ** 2 - reach * control.variance;
  if (control.mean <= 0 || sure <= 0) return null;
  const middle = control.mean * variant.mean;
  const margin = Math.sqrt(reach * (variant.variance * sure + control.variance * variant.mean ** 2));
  return {
    change: variant.mean / control.mean - 1,
    low: (middle - margin) / sure - 1,
    high: (middle + margin) / sure - 1,
  };
}

/**
 * How far along the units are: t·rho², with rho such that the interval is narrowest at the planned units. Setting the
 * derivative of (1 + 1/x)·ln((1 + x)/alpha²) to zero gives x = ln(1 + x) - 2·ln(alpha).
 */
function ageOf(units: number, alpha: number, plannedUnits: number): number {
  let x = 1;
  for (let round = 0; round < ROUNDS_TO_SETTLE; round += 1) x = Math.log1p(x) - 2 * Math.log(alpha);
  return (units / plannedUnits) * x;
}

/** No arms while one is too small, or nobody's outcome differs from anybody's. */
function armsOf(control: ArmSummary, variant: ArmSummary): Arms | null {
  assertSummary(control);
  assertSummary(variant);
  if (Math.min(control.units, variant.units) < UNITS_MIN) return null;
  const together = {
    units: control.units + variant.units,
    sum: control.sum + variant.sum,
    sumOfSquares: control.sumOfSquares + variant.sumOfSquares,
  };
  const shared = varianceOf(together);
  if (shared === 0) return null;
  // A small arm that missed the few large outcomes has a low mean and a low spread at once, and would be too sure of both:
  // no arm is surer than with the spread of all.
  const meanOf = (arm: ArmSummary): Mean => ({
    mean: arm.sum / arm.units,
    variance: Math.max(varianceOf(arm), shared) / arm.units,
  });
  return { control: meanOf(control), variant: meanOf(variant), units: together.units };
}

function varianceOf({ units, sum, sumOfSquares }: ArmSummary): number {
  const variance = (sumOfSquares - sum ** 2 / units) / (units - 1);
  return variance > (ROUNDING * sumOfSquares) / units ? variance : 0;
}

function assertPlan({ alpha, plannedUnits }: ComparisonPlan): void {
  assert(alpha > 0 && alpha < 0.5, 'alpha is a small share');
  assert(Number.isFinite(plannedUnits) && plannedUnits > 0, 'some units are planned');
}

function assertSummary({ units, sum, sumOfSquares }: ArmSummary): void {
  assert(Number.isSafeInteger(units) && units >= 0, 'units are a count');
  assert(Number.isFinite(sum) && Number.isFinite(sumOfSquares) && sumOfSquares >= 0, 'sums are numbers');
}
