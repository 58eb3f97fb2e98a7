import { expect, test } from 'vitest';
import { type Compared, HISTORY_MIN, judge, LIMIT, type Measure, median, scoreOf, WEEKS } from './judge.ts';

/** Numbers between 0 and 1 that are the same each time (mulberry32). */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** A count around a mean: Poisson, by waiting times where it is small. */
function counted(next: () => number, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(next)));
  let count = 0;
  for (let product = next(); product > Math.exp(-mean); product *= next()) count += 1;
  return count;
}

const HOURS_A_WEEK = 168;
const HOURS = 53 * HOURS_A_WEEK;

interface Hour {
  value: number;
  n: number;
}

/** A year of a feed with a day's and a week's rhythm, each hour 10 % up or down beside chance. */
function quietYear(next: () => number, size: number): Record<Measure, Hour[]> {
  const year: Record<Measure, Hour[]> = {
    arrivals: [],
    delay: [],
    duplicates: [],
    unmatched: [],
    failures: [],
  };
  for (let hour = 0; hour < HOURS; hour++) {
    const rhythm = 0.15 + Math.sin((Math.PI * (hour % 24)) / 24) ** 2;
    const weekend = hour % HOURS_A_WEEK >= 120 ? 1.4 : 1;
    const n = counted(next, size * rhythm * weekend * Math.exp(0.1 * normal(next)));
    const share = (usual: number) => ({ value: n === 0 ? 0 : Math.min(n, counted(next, n * usual)) / n, n });
    year.arrivals.push({ value: n, n });
    year.delay.push({ value: 20 * Math.exp(0.5 * normal(next)), n });
    year.duplicates.push(share(0.005));
    year.unmatched.push(share(0.03));
    year.failures.push(share(0.02));
  }
  return year;
}

const compared = (hours: readonly Hour[], at: number): Compared => ({
  ...(hours[at] ?? { value: 0, n: 0 }),
  history: Array.from({ length: WEEKS }, (_, week) => hours[at - (week + 1) * HOURS_A_WEEK]?.value).filter(
    (value) => value !== undefined,
  ),
});

const MEASURES = ['arrivals', 'delay', 'duplicates', 'unmatched', 'failures'] as const;

test('a quiet year of twelve feeds, small and large, raises no false alarm', () => {
  const alarms = new Map<string, number>();
  let judged = 0;
  for (let feed = 0; feed < 12; feed++) {
    const year = quietYear(drawn(20_261 + feed), [8, 60, 500, 5000][feed % 4] ?? 0);
    for (const measure of MEASURES)
      for (let at = WEEKS * HOURS_A_WEEK; at < HOURS; at++) {
        judged += 1;
        const verdict = judge(measure, compared(year[measure], at), compared(year[measure], at - 1));
        if (verdict) alarms.set(verdict.fault, (alarms.get(verdict.fault) ?? 0) + 1);
      }
  }
  expect(judged).toBe(12 * 5 * 45 * HOURS_A_WEEK);
  expect(Object.fromEntries(alarms)).toEqual({});
});

const HISTORY = [200, 195, 210, 205, 190, 200, 203, 198];
const hourOf = (value: number, n = 200, history = HISTORY): Compared => ({ value, n, history });

test('what is far from its own history in two hours running is a fault, and nothing at all at once', () => {
  // Median 200, deviations 0 5 10 5 10 0 3 2: MAD 4, spread 5.9; by chance √200 = 14.1, a tenth 20: 20.
  expect(median(HISTORY)).toBe(200);
  expect(scoreOf('arrivals', hourOf(320))).toBe(LIMIT);
  expect(judge('arrivals', hourOf(320), hourOf(320))).toEqual({ fault: 'volume', value: 320, expected: 200 });
  expect(judge('arrivals', hourOf(320), hourOf(319))).toBeUndefined();
  expect(judge('arrivals', hourOf(80), hourOf(80))).toEqual({ fault: 'volume', value: 80, expected: 200 });
  expect(judge('arrivals', hourOf(80), hourOf(320))).toBeUndefined();
  expect(judge('arrivals', hourOf(0), hourOf(200))).toEqual({ fault: 'arrival', value: 0, expected: 200 });
  const closed = [0, ...HISTORY.slice(1)];
  expect(judge('arrivals', hourOf(0, 0, closed), hourOf(200))).toBeUndefined();
  const few = HISTORY.slice(0, HISTORY_MIN - 1);
  expect(judge('arrivals', hourOf(0, 0, few), hourOf(0, 0, few))).toBeUndefined();
});

test('shares and delays are faults only when they grow, and not of a handful', () => {
  const clean = Array.from({ length: WEEKS }, () => 0.01);
  const share = (value: number, n: number) => ({ value, n, history: clean });
  // √(0.01 × 0.99 / 400) = 0.005, below the floor of 0.01: six times from 0.01 is 0.07.
  expect(judge('duplicates', share(0.0701, 400), share(0.0701, 400))?.fault).toBe('duplicates');
  expect(judge('duplicates', share(0.0699, 400), share(0.0701, 400))).toBeUndefined();
  expect(judge('unmatched', share(1, 19), share(1, 19))).toBeUndefined();
  expect(judge('unmatched', share(1, 20), share(1, 20))?.fault).toBe('unmatched');
  const late = (value: number) => ({ value, n: 50, history: Array.from({ length: WEEKS }, () => 10) });
  expect(judge('delay', late(370), late(370))?.fault).toBe('freshness'); // 10 + 6 × 60 s
  expect(judge('delay', late(369), late(370))).toBeUndefined();
  expect(judge('delay', late(0), late(0))).toBeUndefined();
});
