import assert from 'node:assert/strict';

import { lnBeta, lnGamma } from '#platform/ln-gamma.ts';
import { minimize } from './minimize.ts';

/** A customer's orders, told from the first one on, in one unit of time (weeks). */
export interface PurchaseHistory {
  /** Orders after the first. */
  repeats: number;
  /** From the first order to the last; 0 when there is only one. */
  lastAt: number;
  /** From the first order to the end of what was watched. */
  age: number;
}

/**
 * BG/NBD: each customer buys at a steady rate, and after any order may be gone for good. Rates are gamma-distributed
 * (r, alpha), the chances to go beta-distributed (a, b).
 * Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2).
 */
export interface PurchaseModel {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

export interface PurchaseFit {
  model: PurchaseModel;
  logLikelihood: number;
  customers: number;
}

/** Too few came back, or the likelihood has no highest point within reach: then there is no model, and no figure. */
export type NoFit = 'too_few_repeats' | 'not_settled';

export const REPEATERS_MIN = 30;
/** Parameters beyond e^±10 are a likelihood that still climbs, not an answer. */
const LN_BOUND = 10;
const NUDGE = 1e-7;
const SERIES_TERMS_MAX = 100_000;

export function assertHistory({ repeats, lastAt, age }: PurchaseHistory): void {
  assert(Number.isSafeInteger(repeats) && repeats >= 0, 'repeats are a count');
  assert(Number.isFinite(age) && lastAt >= 0 && lastAt <= age, 'the last order is within the age');
  assert(repeats === 0 ? lastAt === 0 : lastAt > 0, 'a last order after the first, and only then');
}

export function fitPurchases(histories: readonly PurchaseHistory[]): PurchaseFit | NoFit {
  for (const history of histories) assertHistory(history);
  const repeaters = histories.filter((history) => history.repeats > 0).length;
  if (repeaters < REPEATERS_MIN) return 'too_few_repeats';
  const meanAge = histories.reduce((sum, history) => sum + history.age, 0) / histories.length;
  const found = minimize(
    (at) => {
      if (at.some((ln) => Math.abs(ln) > LN_BOUND)) return Infinity;
      return -logLikelihood(modelAt(at), histories) / histories.length;
    },
    [0, Math.log(meanAge), 0, 0],
  );
  const isAtBound = found.at.some((ln) => Math.abs(ln) > LN_BOUND - 0.01);
  if (!found.settled || isAtBound) return 'not_settled';
  const logTotal = -found.cost * histories.length;
  return { model: modelAt(found.at), logLikelihood: logTotal, customers: histories.length };
}

function modelAt([r = 0, alpha = 0, a = 0, b = 0]: readonly number[]): PurchaseModel {
  return { r: Math.exp(r), alpha: Math.exp(alpha), a: Math.exp(a), b: Math.exp(b) };
}

/** The paper's equation 6, in logarithms; what depends on the count alone is computed once a count. */
export function logLikelihood(model: PurchaseModel, histories: readonly PurchaseHistory[]): number {
  const { r, alpha, a, b } = model;
  const ofCount = new Map<number, number>();
  const base = r * Math.log(alpha) - lnGamma(r) - lnBeta(a, b);
  let total = 0;
  for (const history of histories) {
    const x = history.repeats;
    let counted = ofCount.get(x);
    if (counted === undefined) {
      counted = base + lnGamma(r + x) + lnBeta(a, b + x);
      ofCount.set(x, counted);
    }
    total += counted - (r + x) * Math.log(alpha + history.age) + lnOnePlusExp(lnGoneOdds(model, history));
  }
  return total;
}

/** The logarithm of how much likelier it is that the customer went with the last order than that they are still here. */
function lnGoneOdds({ r, alpha, a, b }: PurchaseModel, { repeats, lastAt, age }: PurchaseHistory): number {
  if (repeats === 0) return -Infinity;
  const silence = Math.log((alpha + age) / (alpha + lastAt));
  return Math.log(a / (b + repeats - 1)) + (r + repeats) * silence;
}

/** ln(1 + e^x), also where e^x is beyond any number: who bought thousands of times and went quiet. */
function lnOnePlusExp(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The chance that the customer will still buy. By the model nobody is gone before a second order. */
export function stillHere(model: PurchaseModel, history: PurchaseHistory): number {
  assertHistory(history);
  return 1 / (1 + Math.exp(lnGoneOdds(model, history)));
}

/**
 * Orders to be expected in the next `span` of time: the paper's equation 10. Its hypergeometric series is taken after
 * Euler's transformation, with which nothing grows without bound for those who buy much.
 */
export function expectedPurchases(model: PurchaseModel, history: PurchaseHistory, span: number): number {
  assertHistory(history);
  assert(Number.isFinite(span) && span >= 0, 'a span of time');
  if (span === 0) return 0;
  const { r, alpha, b } = model;
  const x = history.repeats;
  const a = asideOfPoles(model.a, b + x);
  const end = alpha + history.age + span;
  const third = a + b + x - 1;
  const series = hypergeometric(a + b - 1 - r, a - 1, third, span / end);
  const bought = Math.exp((a - 1) * Math.log((alpha + history.age) / end)) * series;
  return ((third / (a - 1)) * (1 - bought)) / (1 + Math.exp(lnGoneOdds(model, history)));
}

/** At a = 1 and a + b + x = 1 the formula is 0 ÷ 0, though its limit is there: a step beside, it is told. */
function asideOfPoles(a: number, bAndCount: number): number {
  const isAtPole = Math.abs(a - 1) < NUDGE || Math.abs(a + bAndCount - 1) < NUDGE;
  return isAtPole ? a + 2 * NUDGE : a;
}

/** Gauss's 2F1(p, q; c; z) for 0 ≤ z < 1. */
function hypergeometric(p: number, q: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < SERIES_TERMS_MAX; n += 1) {
    term *= (((p + n) * (q + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) <= 1e-16 * Math.abs(sum)) return sum;
  }
  return sum;
}
