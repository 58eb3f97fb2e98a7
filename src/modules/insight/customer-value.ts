import assert from 'node:assert/strict';

import { lnGamma } from '#platform/ln-gamma.ts';
import { minimize } from './minimize.ts';
import {
  expectedPurchases,
  type NoFit,
  type PurchaseHistory,
  type PurchaseModel,
  REPEATERS_MIN,
} from './purchase-model.ts';

/** What a customer's repeat orders came to, on average; both are of the same orders. */
export interface OrderAmounts {
  repeats: number;
  meanMinor: number;
}

/**
 * Gamma-gamma: each order's amount varies about the customer's own mean, and the means vary between customers (p, q,
 * gamma). It takes for granted that who buys often does not spend more on each order.
 * Fader, Hardie & Lee (2005), RFM and CLV: Using Iso-Value Curves, Journal of Marketing Research 42(4).
 */
export interface AmountModel {
  p: number;
  q: number;
  gamma: number;
}

export interface AmountFit {
  model: AmountModel;
  logLikelihood: number;
  customers: number;
  /** Pearson's, of number and amount: far from 0, the model's ground is not there. Null where either never varies. */
  correlation: number | null;
}

export interface Horizon {
  weeks: number;
  /** What money a year later is worth less: 0.1 is ten percent. */
  yearlyDiscount: number;
}

const WEEKS_A_YEAR = 365.25 / 7;
const STEP_WEEKS = 1;
const WEEKS_MAX = 520;
const LN_BOUND = 25;

/** Customers without a repeat order, or whose repeat orders came to nothing, say nothing of amounts and are left out. */
export function fitAmounts(customers: readonly OrderAmounts[]): AmountFit | NoFit {
  const telling = customers.filter(({ repeats, meanMinor }) => repeats > 0 && meanMinor > 0);
  if (telling.length < REPEATERS_MIN) return 'too_few_repeats';
  const mean = telling.reduce((sum, one) => sum + one.meanMinor, 0) / telling.length;
  const found = minimize(
    (at) => {
      if (at.some((ln) => Math.abs(ln) > LN_BOUND)) return Infinity;
      return -amountLogLikelihood(amountModelAt(at), telling) / telling.length;
    },
    [1, 1, Math.log(mean)],
  );
  const isAtBound = found.at.some((ln) => Math.abs(ln) > LN_BOUND - 0.01);
  if (!found.settled || isAtBound) return 'not_settled';
  return {
    model: amountModelAt(found.at),
    logLikelihood: -found.cost * telling.length,
    customers: telling.length,
    correlation: correlationOf(telling),
  };
}

/** q stays above 1: below it the mean of all customers would be infinite, and so would what a new one is worth. */
function amountModelAt([p = 0, qAboveOne = 0, gamma = 0]: readonly number[]): AmountModel {
  return { p: Math.exp(p), q: 1 + Math.exp(qAboveOne), gamma: Math.exp(gamma) };
}

export function amountLogLikelihood(
  { p, q, gamma }: AmountModel,
  customers: readonly OrderAmounts[],
): number {
  const base = q * Math.log(gamma) - lnGamma(q);
  return customers.reduce((sum, { repeats: x, meanMinor: mean }) => {
    const shape = p * x;
    return (
      sum +
      base +
      lnGamma(shape + q) -
      lnGamma(shape) +
      (shape - 1) * Math.log(mean) +
      shape * Math.log(x) -
      (shape + q) * Math.log(gamma + mean * x)
    );
  }, 0);
}

/** What the customer's next order comes to: their own mean, drawn toward everybody's the less they have ordered. */
export function expectedAmount({ p, q, gamma }: AmountModel, { repeats, meanMinor }: OrderAmounts): number {
  assert(Number.isSafeInteger(repeats) && repeats >= 0, 'repeats are a count');
  assert(Number.isFinite(meanMinor) && meanMinor >= 0, 'an amount that is not negative');
  return (p * (gamma + meanMinor * repeats)) / (p * repeats + q - 1);
}

/**
 * What the orders to come are worth today, in minor units: the orders expected in each week, by the amount expected,
 * discounted to its end. Amounts are what the model was fitted on: of net sales it is revenue, of a margin it is margin.
 */
export function customerValueMinor(
  models: { purchases: PurchaseModel; amounts: AmountModel },
  customer: { history: PurchaseHistory; amounts: OrderAmounts },
  { weeks, yearlyDiscount }: Horizon,
): number {
  assert(Number.isFinite(weeks) && weeks > 0 && weeks <= WEEKS_MAX, 'a horizon of at most ten years');
  assert(Number.isFinite(yearlyDiscount) && yearlyDiscount >= 0, 'a discount');
  let discounted = 0;
  let before = 0;
  for (let from = 0; from < weeks; from += STEP_WEEKS) {
    const to = Math.min(from + STEP_WEEKS, weeks);
    const until = expectedPurchases(models.purchases, customer.history, to);
    discounted += (until - before) / (1 + yearlyDiscount) ** (to / WEEKS_A_YEAR);
    before = until;
  }
  return Math.round(discounted * expectedAmount(models.amounts, customer.amounts));
}

function correlationOf(customers: readonly OrderAmounts[]): number | null {
  const n = customers.length;
  const meanX = customers.reduce((sum, one) => sum + one.repeats, 0) / n;
  const meanY = customers.reduce((sum, one) => sum + one.meanMinor, 0) / n;
  let [xx, yy, xy] = [0, 0, 0];
  for (const { repeats, meanMinor } of customers) {
    xx += (repeats - meanX) ** 2;
    yy += (meanMinor - meanY) ** 2;
    xy += (repeats - meanX) * (meanMinor - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}
