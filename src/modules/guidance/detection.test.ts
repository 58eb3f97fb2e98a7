import { expect, test } from 'vitest';
import { baselineOf, type Series } from './baseline.ts';
import { seeded } from '#platform/seeded.ts';
import { generateMarket, normal, poisson, seriesOfRegion } from './generated-market.ts';
import { alarmsOf, judge, thresholdOf } from './judge.ts';
import { steadySlope, tailsBeyond } from './robust.ts';

/** Orders that differ by weekday: 10 on the first, 40 on the second, and so on; nothing on the last. */
const WEEK_OF_ORDERS = [10, 40, 20, 20, 20, 30, 0];
const steady = (weeks: number): Series => ({
  values: Array.from({ length: weeks * 7 }, (_, day) => WEEK_OF_ORDERS[day % 7] ?? 0),
  piece: 1,
  weekday: 0,
});
const withDays = (series: Series, changed: Record<number, number>): Series => ({
  ...series,
  values: series.values.map((value, day) => changed[day] ?? value),
});

test('a day is beside its own weekdays: a fall to a quiet weekday’s level is one, and a closed day is none', () => {
  const series = withDays(steady(10), { 64: 10 });
  const [day] = judge(series, 64);
  expect(day).toMatchObject({ span: 1, observed: 10, direction: 'down' });
  // Nothing of the past varies, so the spread is that of counts: (4·(40 + 3/8) + 1) / 4 − 3/8.
  expect(day?.expected).toBeCloseTo(40.25, 10);
  expect(day?.chance).toBeLessThan(0.0001);
  expect(judge(steady(10), 63 - 1).map(({ span }) => span)).toEqual([7]);
});

test('an incident in the past moves the baseline not at all, in one weekday out of eight', () => {
  const quiet = baselineOf(steady(9), 56);
  const struck = baselineOf(withDays(steady(9), { 15: 4_000, 24: 0 }), 56);
  expect([57, 59, 60].map((day) => struck?.expected(day))).toEqual(
    [57, 59, 60].map((day) => quiet?.expected(day)),
  );
});

test('less than eight weeks before the week that is judged say nothing', () => {
  expect(judge(steady(9), 61)).toEqual([]);
  expect(judge(steady(9), 62)).toHaveLength(1);
});

test('what a week does every year is expected; of the first year it is an alarm', () => {
  const busy = Object.fromEntries(
    Array.from({ length: 7 }, (_, day) => [400 + day, (WEEK_OF_ORDERS[day] ?? 0) * 3]),
  );
  const again = Object.fromEntries(
    Array.from({ length: 7 }, (_, day) => [400 + 364 + day, (WEEK_OF_ORDERS[(400 + day) % 7] ?? 0) * 3]),
  );
  const first = Object.fromEntries(
    Array.from({ length: 7 }, (_, day) => [400 + day, (WEEK_OF_ORDERS[(400 + day) % 7] ?? 0) * 3]),
  );
  const series = withDays(steady(120), { ...busy, ...first, ...again });
  const [, week] = judge(series, 406);
  const [, next] = judge(series, 406 + 364);
  expect([week?.observed, Math.round(week?.expected ?? 0), (week?.chance ?? 1) < 1e-6]).toEqual([
    420,
    142,
    true,
  ]);
  expect([next?.observed, (next?.chance ?? 0) > 0.05]).toEqual([420, true]);
});

test('a trend is one where enough pairs of weeks agree, and its slope is the median of them', () => {
  expect(steadySlope([1, 2, 3, 4, 5, 6, 7, 80], 18)).toBe(1);
  expect(steadySlope([1, 5, 2, 6, 3, 7, 4, 8], 18)).toBe(0);
});

test('tails are those of Student’s distribution', () => {
  // Tables: t of 20 degrees is 2.845 at 0.01, of 4 degrees 8.610 at 0.001.
  expect(tailsBeyond(2.8453, 20)).toBeCloseTo(0.01, 5);
  expect(tailsBeyond(-8.6103, 4)).toBeCloseTo(0.001, 6);
  expect(tailsBeyond(0, 20)).toBe(1);
});

test('of many judgements those stand that the share of false ones allows', () => {
  expect(thresholdOf([0.01, 0.02, 0.03, 0.5], 0.05)).toBe(0.03);
  expect(thresholdOf([0.02, 0.9, 0.5], 0.05)).toBe(0);
  expect(thresholdOf([], 0.05)).toBe(0);
});

test('a quiet year has next to no alarms, and a market that halves for a week has one of its own', () => {
  const sizes = [8, 25, 60, 150, 400, 900];
  const from = 365 + 70;
  const days = from + 365;
  const alarmsFrom = (incidents: Parameters<typeof generateMarket>[3], first: number, until: number) => {
    const all = generateMarket(11, sizes, days, incidents).flatMap(seriesOfRegion);
    return Array.from({ length: until - first }, (_, index) => first + index).flatMap((day) =>
      alarmsOf(all.map(({ key, series }) => ({ key, judgements: judge(series, day) }))).map(
        ({ key, judgement }) => ({ key, day, direction: judgement.direction }),
      ),
    );
  };
  expect(new Set(alarmsFrom([], from, days).map(({ day }) => day)).size).toBeLessThanOrEqual(4);

  const struck = { region: 3, from: from + 100, days: 7, times: 0.5 };
  const alarms = alarmsFrom([struck], struck.from, struck.from + struck.days);
  expect(new Set(alarms.map(({ key, direction }) => `${key} ${direction}`))).toEqual(
    new Set(['R3 orders down', 'R3 units down', 'R3 net_sales down']),
  );
});

test('the generator makes what it says: counts of the mean, and the same for the same seed', () => {
  const random = seeded(5);
  const counts = Array.from({ length: 20_000 }, () => poisson(random, 4));
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  expect([mean, variance].map((value) => Math.round(value * 10) / 10)).toEqual([4, 4]);
  expect(normal(seeded(9))).toBe(normal(seeded(9)));
});
