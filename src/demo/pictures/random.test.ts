import { expect, test } from 'vitest';
import { seeded } from './random.ts';

test('a seed gives the same numbers on every machine', () => {
  const random = seeded('stoa');

  expect([random.next(), random.next(), random.next()]).toEqual([
    0.9001929303631186, 0.36534544033929706, 0.9016961362212896,
  ]);
  expect(Array.from({ length: 8 }, () => random.int(1, 6))).toEqual([1, 6, 1, 5, 1, 4, 6, 1]);
  expect(random.normal(100, 15)).toBe(91.55199066153727);
  expect(random.shuffle(['a', 'b', 'c', 'd', 'e'])).toEqual(['d', 'c', 'a', 'b', 'e']);
  expect(random.pick(['x', 'y', 'z'])).toBe('y');
});

test('seeds that differ in a letter have nothing in common', () => {
  const [one, other] = [seeded('vase 1'), seeded('vase 2')];
  const same = Array.from({ length: 1000 }, () => one.int(0, 9) === other.int(0, 9));

  expect(same.filter(Boolean).length).toBe(116);
});

test('numbers are spread evenly, and the normal ones as asked', () => {
  const random = seeded('spread');
  const counts = Array.from({ length: 10 }, () => 0);
  let sum = 0;
  for (let i = 0; i < 20_000; i++) {
    const bin = random.int(0, 9);
    counts[bin] = (counts[bin] ?? 0) + 1;
    sum += random.normal(50, 10);
  }

  expect(Math.min(...counts)).toBeGreaterThan(1850);
  expect(Math.max(...counts)).toBeLessThan(2150);
  expect(sum / 20_000).toBeCloseTo(50, 0);
});

test('nothing can be picked from an empty list', () => {
  expect(() => seeded('empty').pick([])).toThrow('nothing to pick from');
});
