import { expect, test } from 'vitest';
import { seeded } from '#platform/seeded.ts';
import { generateMarket } from './generated-market.ts';
import { nearestOnSimplex, simplexWeights } from './simplex.ts';
import { type Column, compareWithOthers } from './synthetic.ts';

const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 1e4) / 1e4);

test('weights are the best that are not negative and add up to one', () => {
  expect(nearestOnSimplex([0.3, 0.7])).toEqual([0.3, 0.7]);
  expect(nearestOnSimplex([0.5, 0.5, 2])).toEqual([0, 0, 1]);
  expect(rounded(nearestOnSimplex([1, 1, 1, -5]))).toEqual([0.3333, 0.3333, 0.3333, 0]);
  const random = seeded(7);
  const columns = Array.from({ length: 8 }, () => Array.from({ length: 56 }, random));
  const mixed = (weights: readonly number[]) =>
    Array.from({ length: 56 }, (_, day) =>
      weights.reduce((sum, weight, index) => sum + weight * (columns[index]?.[day] ?? 0), 0),
    );
  // What was mixed is found, as it was mixed.
  const known = [0.2, 0, 0.5, 0, 0, 0.3, 0, 0];
  expect(rounded(simplexWeights(columns, mixed(known)))).toEqual(known);
  // Beyond the others on one side: the nearest corner, and nothing is taken off the rest to get further.
  expect(
    rounded(
      simplexWeights(
        [
          [2, 0],
          [0, 1],
        ],
        [3, 0],
      ),
    ),
  ).toEqual([1, 0]);
  // By hand: the least of (1−2w)² + (1−(1−w))² is at w = 2/5.
  expect(
    rounded(
      simplexWeights(
        [
          [2, 0],
          [0, 1],
        ],
        [1, 1],
      ),
    ),
  ).toEqual([0.4, 0.6]);
  // Columns alike leave the choice open, and the misfit is none all the same.
  const alike = simplexWeights(
    [
      [1, 2],
      [1, 2],
      [5, 5],
    ],
    [1, 2],
  );
  expect(rounded([alike.reduce((sum, each) => sum + each, 0), alike[2] ?? 1])).toEqual([1, 0]);
});

const BEFORE = 56;
const AFTER = 28;
const panel = (seed: number, times: number): { treated: Column; others: Column[] } => {
  const incidents = [{ region: 0, from: 200 + BEFORE, days: AFTER, times }];
  const sizes = [60, ...Array.from({ length: 19 }, (_, index) => 30 + index * 12)];
  const [treated, ...others] = generateMarket(seed, sizes, 200 + BEFORE + AFTER, incidents).map(
    ({ name, orders }) => ({ region: name, values: orders.slice(200) }),
  );
  return { treated: treated ?? { region: '', values: [] }, others };
};

test('a planted effect is found with its size in generated markets, and none where there is none', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);
  const planted = seeds.map((seed) => {
    const { treated, others } = panel(seed, 1.3);
    return compareWithOthers(treated, others, BEFORE, 'synthetic');
  });
  const found = planted.filter(({ chance }) => chance <= 0.1).length;
  const sizes = planted.map(({ observed, expected }) => observed / expected).sort((a, b) => a - b);
  expect(found).toBe(40);
  expect(sizes[20]).toBeGreaterThan(1.27);
  expect(sizes[20]).toBeLessThan(1.33);
  // Where nothing was done, one in ten stands off as far as the first tenth of all: that is what the share means.
  const idle = seeds.map((seed) => {
    const { treated, others } = panel(seed, 1);
    return compareWithOthers(treated, others, BEFORE, 'synthetic');
  });
  expect(idle.filter(({ chance }) => chance <= 0.1).length).toBe(3);
  const apart = idle.map(({ observed, expected }) => observed / expected).sort((a, b) => a - b);
  expect(Math.abs((apart[20] ?? 0) - 1)).toBeLessThan(0.03);
});
