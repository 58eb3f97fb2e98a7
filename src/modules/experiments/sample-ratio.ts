import assert from 'node:assert/strict';
import { lnGamma } from '#platform/ln-gamma.ts';

/** A least p-value below this is suspect: one experiment in a thousand that divides fairly ever gets there. */
export const SUSPECT_BELOW = 0.001;

/**
 * How firmly the other hypothesis holds to the plan: it is drawn from a Dirichlet distribution of this weight around
 * the planned shares. At 1000 a half is off by one or two percentage points, which is how assignment is wrong in practice.
 */
const CONCENTRATION = 1_000;

/**
 * How likely the units are divided so when they are assigned by `weights`, always valid: at any number of looks, the chance
 * that the least p-value ever seen comes below p is no more than p. It is the inverse of the Bayes factor.
 * Lindon & Malek (2022), "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 35.
 */
export function ratioPValue(counts: readonly number[], weights: readonly number[]): number {
  assert(counts.length === weights.length, 'each arm has a count and a weight');
  const planned = weights.reduce((sum, weight) => sum + weight, 0);
  assert(Number.isFinite(planned) && planned > 0, 'some arm has a weight');
  let lnFactor = 0;
  let units = 0;
  for (const [arm, count] of counts.entries()) {
    const share = (weights[arm] ?? 0) / planned;
    assert(Number.isSafeInteger(count) && count >= 0, 'units are a count');
    assert(share >= 0, 'a weight is zero or more');
    if (count === 0) continue;
    if (share === 0) return 0;
    const prior = CONCENTRATION * share;
    lnFactor += lnGamma(prior + count) - lnGamma(prior) - count * Math.log(share);
    units += count;
  }
  lnFactor += lnGamma(CONCENTRATION) - lnGamma(CONCENTRATION + units);
  return Math.min(1, Math.exp(-lnFactor));
}

/** The least p-value ever seen, which is what the threshold is for; `null` before the first look. */
export function leastSeen(before: number | null, now: number): number {
  return before === null ? now : Math.min(before, now);
}

export const isSuspect = (least: number | null): boolean => least !== null && least < SUSPECT_BELOW;
