import { describe, expect, test } from 'vitest';

import { conversions, type Outcome, skewedAmounts, skewedMean, watch } from './generated-arms.ts';
import { seeded } from '#platform/seeded.ts';
import {
  ALPHA,
  alphaOfEach,
  type ArmSummary,
  type Effect,
  effectOf,
  type Guard,
  guardrailState,
  isDecided,
  UNITS_MIN,
} from './sequential.ts';

/** As many as needed to see a share of a hundredth, and of a tenth. */
const [MANY, FEW] = [2000, 500];
const PLANNED = 20_000;
const plan = { alpha: ALPHA, plannedUnits: PLANNED };
const WATCHING = { weights: [0.5, 0.5], looks: 100, unitsALook: PLANNED / 100 };

const converted = (units: number, sum: number): ArmSummary => ({ units, sum, sumOfSquares: sum });
const sold = (units: number, orders: number, minor: number): ArmSummary => ({
  units,
  sum: orders * minor,
  sumOfSquares: orders * minor ** 2,
});

/** The effect, which these arms are known to have. */
function surely(control: ArmSummary, variant: ArmSummary, by = plan): Effect {
  const effect = effectOf(control, variant, by);
  if (!effect) throw new Error('no effect is told');
  return effect;
}

describe('the difference', () => {
  /** Worked by hand: rho for 20,000 units makes x = 8.211968, and the interval 3.035122 standard errors to each side. */
  test('is told with the interval of the planned size', () => {
    const effect = surely(converted(10_000, 300), converted(10_000, 400));
    expect(effect.controlMean).toBe(0.03);
    expect(effect.variantMean).toBe(0.04);
    expect(effect.difference).toBeCloseTo(0.01, 12);
    expect(effect.low).toBeCloseTo(0.001_845_708_309, 11);
    expect(effect.high).toBeCloseTo(0.018_154_291_691, 11);
    expect(effect.pValue).toBeCloseTo(0.006_314_799_53, 10);
    expect(effect.relative?.change).toBeCloseTo(1 / 3, 12);
    expect(effect.relative?.low).toBeCloseTo(0.054_494_361_8, 9);
    expect(effect.relative?.high).toBeCloseTo(0.707_666_268_1, 9);
    expect(isDecided(effect)).toBe(true);
  });

  test('is further from sure at a quarter of it', () => {
    const effect = surely(converted(2500, 75), converted(2500, 100));
    expect(effect.low).toBeCloseTo(-0.007_471_099_03, 10);
    expect(effect.high).toBeCloseTo(0.027_471_099_03, 10);
    expect(effect.pValue).toBeCloseTo(0.545_417_559_3, 9);
    expect(isDecided(effect)).toBe(false);
  });

  test('of amounts, with nine in ten in the control', () => {
    const effect = surely(sold(9000, 450, 4000), sold(1000, 50, 6000));
    expect([effect.controlMean, effect.variantMean, effect.difference]).toEqual([200, 300, 100]);
    expect(effect.low).toBeCloseTo(-30.863_845_67, 7);
    expect(effect.high).toBeCloseTo(230.863_845_67, 7);
    expect(effect.pValue).toBeCloseTo(0.244_115_405_4, 9);
    expect(effect.relative?.low).toBeCloseTo(-0.149_536_386, 8);
    expect(effect.relative?.high).toBeCloseTo(1.218_704_968_5, 9);
  });

  test('is told where nobody bought in the variant at all', () => {
    const effect = surely(converted(1000, 100), converted(1000, 0));
    expect(effect.low).toBeCloseTo(-0.144_849_765_4, 9);
    expect(effect.high).toBeCloseTo(-0.055_150_234_6, 9);
    expect(effect.pValue).toBeCloseTo(1.035_269_5e-7, 13);
    expect(effect.relative?.change).toBe(-1);
  });

  test('is told of no fewer than a hundred in either arm', () => {
    const [enough, few] = [converted(UNITS_MIN, 30), converted(UNITS_MIN - 1, 30)];
    expect(effectOf(enough, few, plan)).toBeNull();
    expect(effectOf(few, enough, plan)).toBeNull();
    expect(effectOf(converted(0, 0), converted(0, 0), plan)).toBeNull();
    expect(effectOf(enough, enough, plan)).not.toBeNull();
  });

  test('is not told where all outcomes are alike, whatever rounding makes of them', () => {
    expect(effectOf(converted(1000, 0), converted(1000, 0), plan)).toBeNull();
    expect(effectOf(converted(1000, 1000), converted(1000, 1000), plan)).toBeNull();
    const tenths = { units: 1000, sum: 100.000_000_000_01, sumOfSquares: 10.000_000_000_003 };
    expect(effectOf(tenths, tenths, plan)).toBeNull();
  });

  test('is told of all against none', () => {
    expect(isDecided(surely(converted(100, 0), converted(100, 100)))).toBe(true);
  });

  test('turns round with the arms', () => {
    const [one, other] = [sold(4000, 200, 5000), sold(5000, 310, 4500)];
    const [there, back] = [surely(one, other), surely(other, one)];
    expect(back.difference).toBeCloseTo(-there.difference, 9);
    expect(back.low).toBeCloseTo(-there.high, 9);
    expect(back.high).toBeCloseTo(-there.low, 9);
    expect(back.pValue).toBeCloseTo(there.pValue, 12);
  });

  test('has one verdict, by the interval, by the p-value and by the relative interval', () => {
    const verdicts = Array.from({ length: 301 }, (_, more) => {
      const effect = surely(converted(10_000, 300), converted(10_000, 150 + more));
      expect(effect.pValue < ALPHA).toBe(isDecided(effect));
      expect(effect.relative && isDecided(effect.relative)).toBe(isDecided(effect));
      return isDecided(effect);
    });
    expect(verdicts.indexOf(false)).toBe(79);
    expect(verdicts.lastIndexOf(false)).toBe(229);
  });

  test('is narrowest at the planned units', () => {
    const widthBy = (plannedUnits: number) => {
      const { low, high } = surely(converted(10_000, 300), converted(10_000, 330), {
        alpha: ALPHA,
        plannedUnits,
      });
      return high - low;
    };
    const widths = [5000, 10_000, 16_000, 20_000, 25_000, 40_000, 80_000].map(widthBy);
    expect(Math.min(...widths)).toBe(widthBy(PLANNED));
    expect(widthBy(5000) / widthBy(PLANNED)).toBeLessThan(1.1);
    expect(widthBy(80_000) / widthBy(PLANNED)).toBeLessThan(1.1);
  });

  test('is relative only to a mean that is surely above zero', () => {
    expect(surely(converted(1000, 2), converted(1000, 9)).relative).toBeNull();
    expect(surely(sold(1000, 200, -4000), sold(1000, 200, -5000)).relative).toBeNull();
    expect(surely(sold(1000, 200, 4000), sold(1000, 200, -5000)).relative?.change).toBe(-2.25);
  });

  test.each([
    ['no alpha', converted(100, 3), { alpha: 0, plannedUnits: 1 }, 'alpha is a small share'],
    ['half of all as alpha', converted(100, 3), { alpha: 0.5, plannedUnits: 1 }, 'alpha is a small share'],
    ['no plan', converted(100, 3), { alpha: ALPHA, plannedUnits: 0 }, 'some units are planned'],
    ['part of a unit', { units: 100.5, sum: 3, sumOfSquares: 3 }, plan, 'units are a count'],
    ['no number', { units: 100, sum: Number.NaN, sumOfSquares: 3 }, plan, 'sums are numbers'],
    ['squares below zero', { units: 100, sum: 3, sumOfSquares: -3 }, plan, 'sums are numbers'],
  ])('is not asked with %s', (_, arm, by, why) => {
    expect(() => effectOf(arm, converted(1000, 30), by)).toThrow(why);
  });
});

test('alpha is shared among variants', () => {
  expect(alphaOfEach(0.05, 1)).toBe(0.05);
  expect(alphaOfEach(0.05, 4)).toBe(0.0125);
  expect(() => alphaOfEach(0.05, 0)).toThrow('an experiment has a variant');
});

describe('a guardrail', () => {
  const control = converted(10_000, 2000);
  const stateOf = (sum: number, guard: Pick<Guard, 'harm' | 'worstBorne'>) =>
    guardrailState(control, converted(10_000, sum), { ...plan, ...guard });

  /** Worked by hand: 2.778515 standard errors of variant - bound·control beyond the bound. */
  test.each([
    ['falls', 0.02, 1805, 'breached', 'open'],
    ['falls', 0.02, 2118, 'open', 'kept'],
    ['falls', 0, 1843, 'breached', 'open'],
    ['falls', 0, 2160, 'open', 'kept'],
    ['rises', 0.02, 1882, 'kept', 'open'],
    ['rises', 0.02, 2203, 'open', 'breached'],
    ['rises', 0.1, 2034, 'kept', 'open'],
    ['rises', 0.1, 2373, 'open', 'breached'],
  ] as const)('whose harm %s and that bears %d turns after %d', (harm, worstBorne, sum, before, after) => {
    expect(stateOf(sum, { harm, worstBorne })).toBe(before);
    expect(stateOf(sum + 1, { harm, worstBorne })).toBe(after);
  });

  test('is open while little is known', () => {
    const guard: Guard = { ...plan, harm: 'falls', worstBorne: 0 };
    expect(guardrailState(converted(99, 90), converted(99, 0), guard)).toBe('open');
    expect(guardrailState(converted(1000, 0), converted(1000, 0), guard)).toBe('open');
    expect(guardrailState(converted(1000, 300), converted(1000, 0), guard)).toBe('breached');
  });

  test('breaks where the control knows no such harm, and where both stand below zero', () => {
    const returns: Guard = { ...plan, harm: 'rises', worstBorne: 0.1 };
    expect(guardrailState(converted(1000, 0), converted(1000, 200), returns)).toBe('breached');
    const sales: Guard = { ...plan, harm: 'falls', worstBorne: 0.3 };
    const below = sold(10_000, 9000, -4000);
    expect(guardrailState(below, below, sales)).toBe('kept');
    expect(guardrailState(below, sold(10_000, 9000, -6000), sales)).toBe('breached');
  });

  test('is not asked to bear less than nothing', () => {
    expect(() => stateOf(2000, { harm: 'falls', worstBorne: -0.01 })).toThrow('a share of zero or more');
  });
});

/** What a test without correction would say at each look: the common z-test at two in forty. */
function zTestSays({ difference }: Effect, arms: readonly ArmSummary[]): boolean {
  const variance = arms.reduce(
    (sum, { units, sum: total, sumOfSquares }) => sum + (sumOfSquares - total ** 2 / units) / units ** 2,
    0,
  );
  return Math.abs(difference) > 1.96 * Math.sqrt(variance);
}

interface Seen {
  decided: number;
  byZTest: number;
  missed: number;
  missedRelative: number;
  /** Of the runs that decided, the units in the middle one. */
  unitsToDecide: number;
}

/** Shares of runs in which it ever happened, at any of a hundred looks. */
function watched(
  runs: number,
  outcomes: readonly [Outcome, Outcome],
  truth: [number, number],
  weights = [0.5, 0.5],
): Seen {
  const random = seeded(20_261_204);
  const seen = { decided: 0, byZTest: 0, missed: 0, missedRelative: 0 };
  const stops: number[] = [];
  const [difference, change] = [truth[1] - truth[0], truth[1] / truth[0] - 1];
  for (let run = 0; run < runs; run += 1) {
    const ever = { decided: false, byZTest: false, missed: false, missedRelative: false };
    watch(outcomes, { ...WATCHING, weights, random }, (arms) => {
      const [control, variant] = arms;
      const effect = control && variant && effectOf(control, variant, plan);
      if (!effect) return;
      if (isDecided(effect) && !ever.decided) stops.push(control.units + variant.units);
      ever.decided ||= isDecided(effect);
      ever.byZTest ||= zTestSays(effect, arms);
      ever.missed ||= effect.low > difference || effect.high < difference;
      const { relative } = effect;
      ever.missedRelative ||= relative !== null && (relative.low > change || relative.high < change);
    });
    for (const what of ['decided', 'byZTest', 'missed', 'missedRelative'] as const)
      if (ever[what]) seen[what] += 1;
  }
  return {
    decided: seen.decided / runs,
    byZTest: seen.byZTest / runs,
    missed: seen.missed / runs,
    missedRelative: seen.missedRelative / runs,
    unitsToDecide: stops.toSorted((one, other) => one - other)[stops.length >> 1] ?? Infinity,
  };
}

describe('experiments, each looked at a hundred times', () => {
  const [rare, skewed] = [conversions(0.03), skewedAmounts(0.05)];
  const mean = skewedMean(0.05);

  test('without an effect seldom seem to have one, where the common test finds one in a third', () => {
    const seen = watched(MANY, [rare, rare], [0.03, 0.03]);
    expect(seen.decided).toBeLessThan(ALPHA / 2);
    expect(seen.byZTest).toBeGreaterThan(6 * ALPHA);
  });

  test('of skewed amounts neither', () => {
    const seen = watched(MANY, [skewed, skewed], [mean, mean]);
    expect(seen.decided).toBeLessThan(ALPHA / 2);
    expect(seen.byZTest).toBeGreaterThan(5 * ALPHA);
  });

  test('nor with a tenth in one arm, whichever it is', () => {
    expect(watched(FEW, [skewed, skewed], [mean, mean], [0.9, 0.1]).decided).toBeLessThan(ALPHA / 2);
    expect(watched(FEW, [rare, rare], [0.03, 0.03], [0.1, 0.9]).decided).toBeLessThan(ALPHA / 2);
  });

  test('find a third more conversions, and hold the truth at every look', () => {
    const seen = watched(FEW, [rare, conversions(0.04)], [0.03, 0.04]);
    expect(seen.decided).toBeGreaterThan(0.8);
    expect(seen.unitsToDecide).toBeLessThan(0.6 * PLANNED);
    expect(seen.missed).toBeLessThan(ALPHA / 2);
    expect(seen.missedRelative).toBeLessThan(ALPHA / 2);
  });

  test('find amounts that are half as large again, and hold the truth', () => {
    const seen = watched(FEW, [skewed, skewedAmounts(0.05, 1.5)], [mean, skewedMean(0.05, 1.5)]);
    expect(seen.decided).toBeGreaterThan(0.7);
    expect(seen.missed).toBeLessThan(ALPHA);
    expect(seen.missedRelative).toBeLessThan(ALPHA);
  });

  test('with three variants are wrong no more often together', () => {
    const random = seeded(3);
    const shared = { alpha: alphaOfEach(ALPHA, 3), plannedUnits: PLANNED / 2 };
    const runs = 1000;
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      let isWrong = false;
      watch([rare, rare, rare, rare], { ...WATCHING, weights: [0.25, 0.25, 0.25, 0.25], random }, (arms) => {
        const [control, ...variants] = arms;
        const effects = variants.map((variant) => control && effectOf(control, variant, shared));
        isWrong ||= effects.some((effect) => effect && isDecided(effect));
      });
      if (isWrong) wrong += 1;
    }
    expect(wrong / runs).toBeLessThan(ALPHA);
  });
});

describe('guarded experiments, each looked at a hundred times', () => {
  function statesOf(control: Outcome, variant: Outcome, guard: Guard) {
    const random = seeded(11);
    const ever = { breached: 0, kept: 0 };
    for (let run = 0; run < FEW; run += 1) {
      const states = new Set<string>();
      watch([control, variant], { ...WATCHING, random }, ([one, other]) => {
        if (one && other) states.add(guardrailState(one, other, guard));
      });
      if (states.has('breached')) ever.breached += 1;
      if (states.has('kept')) ever.kept += 1;
    }
    return { breached: ever.breached / FEW, kept: ever.kept / FEW };
  }
  const falls: Guard = { ...plan, harm: 'falls', worstBorne: 0.1 };
  const rises: Guard = { ...plan, harm: 'rises', worstBorne: 0.1 };

  test('break where a quarter is lost and a tenth borne', () => {
    const ever = statesOf(conversions(0.2), conversions(0.15), falls);
    expect(ever.breached).toBeGreaterThan(0.99);
    expect(ever.kept).toBe(0);
  });

  test('break where a quarter more comes back', () => {
    const ever = statesOf(conversions(0.2), conversions(0.25), rises);
    expect(ever.breached).toBeGreaterThan(0.98);
    expect(ever.kept).toBe(0);
  });

  test('keep where nothing is lost', () => {
    const ever = statesOf(conversions(0.2), conversions(0.2), falls);
    expect(ever.breached).toBe(0);
    expect(ever.kept).toBeGreaterThan(0.75);
  });

  test('seldom turn either way on the bound itself', () => {
    const ever = statesOf(conversions(0.2), conversions(0.18), falls);
    expect(ever.breached).toBeLessThan(ALPHA / 2);
    expect(ever.kept).toBeLessThan(ALPHA / 2);
    const amounts = statesOf(skewedAmounts(0.05), skewedAmounts(0.05, 1.1), rises);
    expect(amounts.breached).toBeLessThan(ALPHA / 2);
    expect(amounts.kept).toBeLessThan(ALPHA / 2);
  });
});
