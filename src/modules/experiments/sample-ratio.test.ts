import { describe, expect, test } from 'vitest';

import { conversions, watch } from './generated-arms.ts';
import { seeded } from '#platform/seeded.ts';
import { isSuspect, leastSeen, ratioPValue, SUSPECT_BELOW } from './sample-ratio.ts';

const HALVES = [1, 1];

describe('the ratio of units', () => {
  /** By hand: the factor is (500·501)/(1000·1001) over a quarter for two of one arm, (500·500)/(1000·1001) for one of each. */
  test('is weighed unit by unit', () => {
    expect(ratioPValue([0, 0], HALVES)).toBe(1);
    expect(ratioPValue([1, 0], HALVES)).toBeCloseTo(1, 10);
    expect(ratioPValue([2, 0], HALVES)).toBeCloseTo(1001 / 1002, 10);
    expect(ratioPValue([1, 1], HALVES)).toBe(1);
    const factor = ((500 * 501 * 502) / (1000 * 1001 * 1002)) * 8;
    expect(ratioPValue([0, 3], HALVES)).toBeCloseTo(1 / factor, 10);
    const thirds = ((250 * 251) / (1000 * 1001)) * 16;
    expect(ratioPValue([0, 2, 0], [2, 1, 1])).toBeCloseTo(1 / thirds, 10);
  });

  test('of one sum is found ever less likely the further it is off', () => {
    const pValues = [5000, 5100, 5200, 5214, 5300].map((one) => ratioPValue([one, 10_000 - one], HALVES));
    expect(pValues.map(isSuspect)).toEqual([false, false, false, true, true]);
    expect(pValues).toEqual(pValues.toSorted((one, other) => other - one));
    expect(pValues[3]).toBeCloseTo(0.000_800_535, 8);
  });

  test('knows shares by their proportion, and arms in any order', () => {
    const pValue = ratioPValue([9150, 850], [9, 1]);
    expect(pValue).toBeCloseTo(2.202_245e-5, 10);
    expect(ratioPValue([9150, 850], [90, 10])).toBeCloseTo(pValue, 12);
    expect(ratioPValue([850, 9150], [0.1, 0.9])).toBeCloseTo(pValue, 12);
  });

  test('leaves out an arm without a weight, unless someone is in it', () => {
    expect(ratioPValue([5200, 4800, 0], [1, 1, 0])).toBe(ratioPValue([5200, 4800], HALVES));
    expect(ratioPValue([5000, 5000, 1], [1, 1, 0])).toBe(0);
  });

  test('is told of hundreds of millions, and of one arm alone', () => {
    expect(ratioPValue([500_000_000, 500_000_000], HALVES)).toBe(1);
    expect(ratioPValue([501_000_000, 499_000_000], HALVES)).toBe(0);
    expect(ratioPValue([7000], [1])).toBeCloseTo(1, 6);
  });

  test.each([
    ['an arm without a weight named', [1, 2, 3], HALVES, 'each arm has a count and a weight'],
    ['no weight at all', [1, 2], [0, 0], 'some arm has a weight'],
    ['a weight below zero', [1, 2], [2, -1], 'a weight is zero or more'],
    ['no number as a weight', [1, 2], [1, Number.NaN], 'some arm has a weight'],
    ['part of a unit', [1.5, 2], HALVES, 'units are a count'],
    ['units below zero', [-1, 2], HALVES, 'units are a count'],
  ])('is not asked with %s', (_, counts, weights, why) => {
    expect(() => ratioPValue(counts, weights)).toThrow(why);
  });
});

test('the least p-value is kept, and only it is suspect', () => {
  expect(leastSeen(null, 0.4)).toBe(0.4);
  expect(leastSeen(0.4, 0.002)).toBe(0.002);
  expect(leastSeen(0.002, 1)).toBe(0.002);
  expect(isSuspect(null)).toBe(false);
  expect(isSuspect(SUSPECT_BELOW)).toBe(false);
  expect(isSuspect(0.000_999)).toBe(true);
});

/** The units at which each of the experiments became suspect; those that never did are left out. */
function suspectedAt(
  truth: readonly number[],
  planned: readonly number[],
  { runs, looks, seed }: { runs: number; looks: number; seed: number },
): number[] {
  const random = seeded(seed);
  const nothing = conversions(0);
  const stops: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    let [least, stop]: [number | null, number] = [null, Infinity];
    const watching = { weights: truth, looks, unitsALook: 200, random };
    watch(
      truth.map(() => nothing),
      watching,
      (arms) => {
        const counts = arms.map((arm) => arm.units);
        least = leastSeen(least, ratioPValue(counts, planned));
        if (isSuspect(least))
          stop = Math.min(
            stop,
            counts.reduce((sum, count) => sum + count, 0),
          );
      },
    );
    if (stop < Infinity) stops.push(stop);
  }
  return stops.toSorted((one, other) => one - other);
}

describe('experiments looked at every 200 units', () => {
  test('that divide fairly are suspected in no more than one of a thousand', () => {
    const halves = suspectedAt([0.5, 0.5], HALVES, { runs: 4000, looks: 100, seed: 5 });
    expect(halves.length / 4000).toBeLessThanOrEqual(SUSPECT_BELOW);
    const uneven = suspectedAt([0.8, 0.1, 0.1], [8, 1, 1], { runs: 2000, looks: 100, seed: 6 });
    expect(uneven.length / 2000).toBeLessThanOrEqual(SUSPECT_BELOW);
  });

  test('that divide 52 to 48 in place of halves are found within 30,000 units', () => {
    const stops = suspectedAt([0.52, 0.48], HALVES, { runs: 500, looks: 150, seed: 7 });
    expect(stops.length / 500).toBeGreaterThan(0.99);
    expect(stops[250]).toBeGreaterThan(8000);
    expect(stops[250]).toBeLessThan(12_000);
  });
});
