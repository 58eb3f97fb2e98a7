import { describe, expect, test } from 'vitest';

import { amountLogLikelihood, customerValueMinor, expectedAmount, fitAmounts } from './customer-value.ts';
import { generatedCustomers } from './generated-customers.ts';
import { lnGamma } from '#platform/ln-gamma.ts';
import { minimize } from './minimize.ts';
import {
  expectedPurchases,
  fitPurchases,
  logLikelihood,
  type PurchaseModel,
  stillHere,
} from './purchase-model.ts';

/** CDNOW, as published: the paper's table 2, and the customer of the authors' note on the spreadsheet. */
const cdnow: PurchaseModel = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const customer = { repeats: 2, lastAt: 30.43, age: 38.86 };
const amounts = { p: 6.25, q: 3.74, gamma: 1544 };

const steady: PurchaseModel = { r: 0.8, alpha: 6, a: 0.9, b: 3 };
const population = generatedCustomers(
  { purchases: steady, amounts },
  { count: 20_000, seed: 20_261_202, ages: [40, 80], span: 39 },
);

const offBy = (found: number, truth: number) => Math.abs(found / truth - 1);

test('knows the logarithm of gamma where it is known', () => {
  expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  expect(lnGamma(1)).toBeCloseTo(0, 13);
  expect(lnGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
  expect(lnGamma(0.243)).toBeCloseTo(lnGamma(1.243) - Math.log(0.243), 13);
});

test("finds the bottom of Rosenbrock's valley", () => {
  const found = minimize(([x = 0, y = 0]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, [-1.2, 1]);
  expect(found.settled).toBe(true);
  expect(found.at[0]).toBeCloseTo(1, 5);
  expect(found.at[1]).toBeCloseTo(1, 5);
});

describe('purchases to come', () => {
  test('expects of the published customer what was published', () => {
    expect(expectedPurchases(cdnow, customer, 39)).toBeCloseTo(1.226, 3);
  });

  test('expects nothing of no time, and steadily more of more', () => {
    const weeks = [0, 1, 13, 39, 520].map((span) => expectedPurchases(cdnow, customer, span));
    expect(weeks[0]).toBe(0);
    expect(weeks).toEqual(weeks.toSorted((one, other) => one - other));
  });

  test('expects the rate times the time where nobody ever goes', () => {
    const loyal = { ...cdnow, a: 1e-9, b: 1e3 };
    const rate = (cdnow.r + 2) / (cdnow.alpha + 38.86);
    expect(expectedPurchases(loyal, customer, 39)).toBeCloseTo(rate * 39, 6);
  });

  test.each([
    ['a = 1', { ...cdnow, a: 1 }, customer],
    ['a + b = 1', { ...cdnow, a: 0.4, b: 0.6 }, { repeats: 0, lastAt: 0, age: 20 }],
  ])('has no gap at %s', (_, model, history) => {
    const at = (a: number) => expectedPurchases({ ...model, a }, history, 39);
    expect(at(model.a)).toBeCloseTo((at(model.a - 1e-4) + at(model.a + 1e-4)) / 2, 5);
  });

  test('stays finite for who bought a thousand times', () => {
    const much = { repeats: 1000, lastAt: 51.9, age: 52 };
    const most = ((cdnow.r + 1000) / (cdnow.alpha + 52)) * 52;
    const expected = expectedPurchases(cdnow, much, 52);
    expect(expected).toBeGreaterThan(0.5 * most);
    expect(expected).toBeLessThan(most);
  });

  test('stays finite for who bought thousands of times and went quiet', () => {
    const quiet = { repeats: 5000, lastAt: 26, age: 52 };
    expect(stillHere(cdnow, quiet)).toBe(0);
    expect(expectedPurchases(cdnow, quiet, 52)).toBe(0);
    expect(logLikelihood(cdnow, [quiet])).toBeLessThan(Infinity);
    expect(logLikelihood(cdnow, [quiet])).toBeGreaterThan(-Infinity);
  });

  test('is sure of who came once, and less sure the longer one was silent', () => {
    expect(stillHere(cdnow, { repeats: 0, lastAt: 0, age: 38.86 })).toBe(1);
    const odds = (0.793 / 3.426) * ((4.414 + 38.86) / (4.414 + 30.43)) ** 2.243;
    expect(stillHere(cdnow, customer)).toBeCloseTo(1 / (1 + odds), 12);
    expect(stillHere(cdnow, { ...customer, lastAt: 5 })).toBeLessThan(stillHere(cdnow, customer));
  });

  test.each([
    { repeats: 1.5, lastAt: 1, age: 2 },
    { repeats: 1, lastAt: 3, age: 2 },
    { repeats: 1, lastAt: 0, age: 2 },
    { repeats: 0, lastAt: 1, age: 2 },
    { repeats: 0, lastAt: 0, age: Number.NaN },
  ])('takes no history that cannot be: %o', (history) => {
    expect(() => expectedPurchases(cdnow, history, 1)).toThrow(/./);
  });
});

describe('fitting purchases', () => {
  const histories = population.map((one) => one.history);

  test('finds the parameters of a generated population again, within 10 and 20 percent', () => {
    const fit = fitPurchases(histories);
    if (typeof fit === 'string') throw new Error(fit);
    expect(offBy(fit.model.r, steady.r)).toBeLessThan(0.1);
    expect(offBy(fit.model.alpha, steady.alpha)).toBeLessThan(0.1);
    expect(offBy(fit.model.a, steady.a)).toBeLessThan(0.2);
    expect(offBy(fit.model.b, steady.b)).toBeLessThan(0.2);
    expect(fit.customers).toBe(20_000);
    expect(fit.logLikelihood).toBeCloseTo(logLikelihood(fit.model, histories), 6);
    expect(fit.logLikelihood).toBeGreaterThan(logLikelihood(steady, histories));
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      for (const factor of [0.99, 1.01]) {
        const beside = { ...fit.model, [name]: fit.model[name] * factor };
        expect(logLikelihood(beside, histories)).toBeLessThan(fit.logLikelihood);
      }
  });

  test('expects within 5 percent the orders that came afterwards', () => {
    const fit = fitPurchases(histories);
    if (typeof fit === 'string') throw new Error(fit);
    const came = population.reduce((sum, one) => sum + one.afterwards, 0);
    const expected = histories.reduce((sum, one) => sum + expectedPurchases(fit.model, one, 39), 0);
    expect(offBy(expected, came)).toBeLessThan(0.05);
  });

  test('says that too few came back, rather than guess', () => {
    expect(fitPurchases([])).toBe('too_few_repeats');
    const once = Array.from({ length: 500 }, () => ({ repeats: 0, lastAt: 0, age: 30 }));
    const twentyNine = Array.from({ length: 29 }, () => ({ repeats: 2, lastAt: 9, age: 30 }));
    expect(fitPurchases([...once, ...twentyNine])).toBe('too_few_repeats');
  });

  test('says that it did not settle where the likelihood has no top', () => {
    const same = Array.from({ length: 40 }, () => ({ repeats: 3, lastAt: 30, age: 30 }));
    expect(fitPurchases(same)).toBe('not_settled');
  });
});

describe('what an order comes to', () => {
  test('draws the mean of few orders toward the mean of all', () => {
    expect(expectedAmount(amounts, { repeats: 0, meanMinor: 0 })).toBeCloseTo((6.25 * 1544) / 2.74, 9);
    expect(expectedAmount(amounts, { repeats: 2, meanMinor: 5000 })).toBeCloseTo((6.25 * 11_544) / 15.24, 9);
    expect(expectedAmount(amounts, { repeats: 10_000, meanMinor: 5000 })).toBeCloseTo(5000, 0);
  });

  test('finds the parameters of a generated population again, within 10 percent', () => {
    const seen = population.map((one) => one.amounts);
    const fit = fitAmounts(seen);
    if (typeof fit === 'string') throw new Error(fit);
    const telling = seen.filter((one) => one.repeats > 0);
    expect(fit.customers).toBe(telling.length);
    for (const name of ['p', 'q', 'gamma'] as const)
      expect(offBy(fit.model[name], amounts[name])).toBeLessThan(0.1);
    expect(fit.logLikelihood).toBeGreaterThan(amountLogLikelihood(amounts, telling));
    expect(Math.abs(fit.correlation ?? 1)).toBeLessThan(0.05);
  });

  test('says that too few came back, and leaves out orders that came to nothing', () => {
    const free = Array.from({ length: 50 }, () => ({ repeats: 1, meanMinor: 0 }));
    expect(fitAmounts(free)).toBe('too_few_repeats');
  });

  test.each([1, 2, 7])('says that it did not settle where all spend the same, %i times', (repeats) => {
    const same = Array.from({ length: 40 }, () => ({ repeats, meanMinor: 5000 }));
    expect(fitAmounts(same)).toBe('not_settled');
  });
});

describe('what a customer is worth', () => {
  const models = { purchases: cdnow, amounts };
  const one = { history: customer, amounts: { repeats: 2, meanMinor: 5000 } };
  const amount = (6.25 * 11_544) / 15.24;

  test('is the orders to come by what each comes to', () => {
    const orders = expectedPurchases(cdnow, customer, 39);
    expect(customerValueMinor(models, one, { weeks: 39, yearlyDiscount: 0 })).toBe(
      Math.round(orders * amount),
    );
  });

  test('counts each week at its own discount, a part of a week at its end', () => {
    const upTo = (weeks: number) => expectedPurchases(cdnow, customer, weeks);
    const worth = (weeks: number) => 1.1 ** (-weeks / (365.25 / 7));
    const orders = upTo(1) * worth(1) + (upTo(2) - upTo(1)) * worth(2) + (upTo(2.5) - upTo(2)) * worth(2.5);
    expect(customerValueMinor(models, one, { weeks: 2.5, yearlyDiscount: 0.1 })).toBe(
      Math.round(orders * amount),
    );
  });

  test('takes no horizon that is not one', () => {
    for (const weeks of [0, -1, 521, Number.NaN])
      expect(() => customerValueMinor(models, one, { weeks, yearlyDiscount: 0 })).toThrow(/horizon/);
    expect(() => customerValueMinor(models, one, { weeks: 1, yearlyDiscount: -0.1 })).toThrow(/discount/);
  });
});
