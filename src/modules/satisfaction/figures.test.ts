import { expect, test } from 'vitest';
import { chiSquaredTail } from './chi-squared.ts';
import { consistencyOf } from './consistency.ts';
import { csatOf, npsOf } from './figures.ts';

test('χ² has the tails that tables print', () => {
  // 5 % and 1 % points of Abramowitz & Stegun, table 26.8; the first two follow from erfc and exp.
  expect(chiSquaredTail(3.841458821, 1)).toBeCloseTo(0.05, 9);
  expect(chiSquaredTail(5.991464547, 2)).toBeCloseTo(0.05, 9);
  expect(chiSquaredTail(7.814727903, 3)).toBeCloseTo(0.05, 9);
  expect(chiSquaredTail(6.634896601, 1)).toBeCloseTo(0.01, 9);
  expect(chiSquaredTail(23.20925116, 10)).toBeCloseTo(0.01, 9);
  expect(chiSquaredTail(30.57791417, 15)).toBeCloseTo(0.01, 9);
  expect(chiSquaredTail(0, 3)).toBe(1);
});

test('CSAT is the share of fours and fives, NPS promoters less detractors, each with its standard error', () => {
  expect(csatOf(50, 40)).toEqual({
    n: 50,
    content: 40,
    value: 0.8,
    standardError: Math.sqrt(0.16 / 50),
    isSmall: false,
  });
  // p = 0.5, d = 0.2: NPS 30, SE = 100 √((0.7 − 0.09) / 100) = 7.8102
  const nps = npsOf(100, 50, 20);
  expect([nps.value, nps.isSmall]).toEqual([30, false]);
  expect(nps.standardError).toBeCloseTo(7.8102, 4);
  expect(csatOf(29, 29)).toMatchObject({ value: 1, standardError: 0, isSmall: true });
  expect([csatOf(0, 0).value, npsOf(0, 0, 0).value]).toEqual([null, null]);
});

test('consistency draws small touch points towards the whole, names the worst, and tests it', () => {
  // Web 80 of 100, till 40 of 80: S̄ = 120 / 180 = 2/3.
  // Web: (100 × 0.8 + 20 × 2/3) / 120 = 0.777778; till: (80 × 0.5 + 20 × 2/3) / 100 = 0.533333.
  // √(100/180 × 0.111111² + 80/180 × 0.133333²) = √(0.00685871 + 0.00790123) = 0.121491.
  // χ² of (80, 20; 40, 40): 180 (80·40 − 20·40)² / (100 · 80 · 120 · 60) = 18.
  const found = consistencyOf([
    { touchpoint: 'web', classes: [80, 20] },
    { touchpoint: 'till', classes: [40, 40] },
    { touchpoint: 'embed', classes: [0, 0] },
  ]);
  expect(found.value).toBeCloseTo(1 - 0.121491, 6);
  expect(found.mean).toBeCloseTo(2 / 3, 12);
  expect(found.touchpoints.map(({ shrunk }) => shrunk.toFixed(6))).toEqual(['0.777778', '0.533333']);
  expect(found.worst?.touchpoint).toBe('till');
  expect(found.worst?.gap).toBeCloseTo(0.533333 - 0.666667, 5);
  expect(found.test?.chiSquared).toBeCloseTo(18, 9);
  expect(found.test?.degrees).toBe(1);
  expect(found.test?.p).toBeCloseTo(2.209e-5, 8); // erfc(3)
});

test('equal touch points are wholly consistent; one is nothing to compare; a few are not tested', () => {
  const same = consistencyOf([
    { touchpoint: 'a', classes: [30, 15, 15] },
    { touchpoint: 'b', classes: [60, 30, 30] },
  ]);
  expect([same.value, same.test?.chiSquared, same.test?.degrees, same.test?.p]).toEqual([1, 0, 2, 1]);
  expect(same.mean).toBeCloseTo(0.625, 12); // NPS 25
  expect(consistencyOf([{ touchpoint: 'a', classes: [3, 1] }])).toMatchObject({ value: null, worst: null });
  const few = consistencyOf([
    { touchpoint: 'a', classes: [4, 1] },
    { touchpoint: 'b', classes: [60, 40] },
  ]);
  expect(few.test?.p).toBeNull();
  expect(few.touchpoints.map(({ isSmall }) => isSmall)).toEqual([true, false]);
  const unanimous = consistencyOf([
    { touchpoint: 'a', classes: [40, 0] },
    { touchpoint: 'b', classes: [60, 0] },
  ]);
  expect([unanimous.value, unanimous.test]).toEqual([1, null]);
});
