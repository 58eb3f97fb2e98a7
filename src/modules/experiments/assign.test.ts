import { expect, test } from 'vitest';
import { seeded } from '#platform/seeded.ts';
import { variantFor } from './assign.ts';

const HALVES = [5000, 5000];
const numbered = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

test('a unit gets the variant that the published hash says, again and again', () => {
  // printf 'salt:unit' | sha256sum begins with 673bff5bfa7c4, which is 0.40326 of all there are.
  expect(variantFor('salt', 'unit', [4032, 5968])).toBe(1);
  expect(variantFor('salt', 'unit', [4033, 5967])).toBe(0);
  expect(variantFor('salt', 'unit', [1000, 2000, 7000])).toBe(2);
  expect(() => variantFor('salt', numbered(1), [0, 1])).toThrow('weights add up to 1');
});

test('units are dealt by the weights, and two experiments know nothing of each other', () => {
  const random = seeded(7);
  const units = Array.from({ length: 100_000 }, () => String(random()));
  const weights = [5000, 3000, 2000];
  const counts = [0, 0, 0];
  const together = [0, 0, 0, 0];
  for (const unit of units) {
    const third = variantFor('one', unit, weights);
    counts[third] = (counts[third] ?? 0) + 1;
    const pair = 2 * variantFor('two', unit, HALVES) + variantFor('three', unit, HALVES);
    together[pair] = (together[pair] ?? 0) + 1;
  }
  // χ² with two and three degrees of freedom: above these once in a thousand.
  expect(chiSquare(counts, [50_000, 30_000, 20_000])).toBeLessThan(13.82);
  expect(chiSquare(together, [25_000, 25_000, 25_000, 25_000])).toBeLessThan(16.27);
});

const chiSquare = (counts: readonly number[], expected: readonly number[]) =>
  counts.reduce((sum, count, n) => sum + (count - (expected[n] ?? 0)) ** 2 / (expected[n] ?? 1), 0);
