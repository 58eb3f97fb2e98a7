import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharesOf } from './credits.ts';
import { huffWeights, kilometresBetween } from './huff.ts';

const usual = { attractivenessExponent: 1, distanceExponent: 2, distanceFloorKm: 1 };
const store = (attractiveness: number, distanceKm: number) => ({ attractiveness, distanceKm });

test('a store’s share is A^α / d^β over the sum of all', () => {
  // 3/1² : 4/2² : 9/3² = 3 : 1 : 1
  expect(huffWeights([store(3, 1), store(4, 2), store(9, 3)], usual)).toEqual([600e6, 200e6, 200e6]);
  expect(huffWeights([store(1, 5), store(3, 5)], { ...usual, attractivenessExponent: 2 })).toEqual([
    100e6, 900e6,
  ]);
  expect(huffWeights([store(1, 5), store(3, 50)], { ...usual, distanceExponent: 0 })).toEqual([250e6, 750e6]);
});

test('a store in the middle of the region takes what its floor allows, not everything', () => {
  expect(huffWeights([store(1, 0), store(1, 2)], usual)).toEqual([800e6, 200e6]);
  expect(huffWeights([store(1, 0), store(1, 0)], usual)).toEqual([500e6, 500e6]);
});

test('no size and no distance is too large for it', () => {
  const extreme = { attractivenessExponent: 10, distanceExponent: 10, distanceFloorKm: 0.001 };
  expect(huffWeights([store(1e9, 20_000), store(1e-6, 20_000)], extreme)).toEqual([1e9, 0]);
});

test('Amsterdam is 174 km from Brussels', () => {
  const distance = kilometresBetween(
    { latitude: 52.37, longitude: 4.9 },
    { latitude: 50.85, longitude: 4.35 },
  );
  expect(Math.round(distance)).toBe(173);
});

test('shares are the amount to the minor unit, each less than one unit from its part', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -10_000_000, max: 10_000_000 }),
      fc.array(fc.integer({ min: 1, max: 1_000_000_000 }), { minLength: 1, maxLength: 6 }),
      (amount, weights) => {
        const shares = sharesOf(
          amount,
          weights.map((weight, index) => ({ locationId: String(index), weight })),
        );
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
        for (const [index, share] of shares.entries()) {
          expect(Math.abs(share - (amount * (weights[index] ?? 0)) / total)).toBeLessThan(1.000001);
        }
      },
    ),
  );
});
