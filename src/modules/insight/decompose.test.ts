import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOfAmount, partsOfRatio, type Segment, topDrivers } from './decompose.ts';

const segment = (key: string, amount: [number, number], volume: [number, number]): Segment => ({
  key,
  amount: { before: amount[0], now: amount[1] },
  volume: { before: volume[0], now: volume[1] },
});

test('a change of the mix alone, of the rate alone, of the volume alone is told as what it is', () => {
  const mixed = partsOfAmount([
    segment('dear', [1_000, 500], [10, 5]),
    segment('cheap', [100, 150], [10, 15]),
  ]);
  expect(mixed).toEqual({ change: -450, volume: 0, mix: -450, rate: 0 });
  const dearer = partsOfAmount([
    segment('dear', [1_000, 1_200], [10, 10]),
    segment('cheap', [100, 100], [10, 10]),
  ]);
  expect(dearer).toEqual({ change: 200, volume: 0, mix: 0, rate: 200 });
  const fewer = partsOfAmount([segment('dear', [1_000, 500], [10, 5]), segment('cheap', [100, 50], [10, 5])]);
  expect(fewer).toEqual({ change: -550, volume: -550, mix: 0, rate: 0 });
});

test('a segment that is new is mix, and money back where nothing was sold is rate', () => {
  expect(partsOfRatio([segment('old', [100, 100], [10, 10]), segment('new', [0, 200], [0, 10])])).toEqual([
    { key: 'old', mix: -0.5 * (10 - 12.5), rate: 0 },
    { key: 'new', mix: 0.5 * (20 - 12.5), rate: 0 },
  ]);
  expect(partsOfRatio([segment('old', [100, 100], [10, 10]), segment('back', [0, -30], [0, 0])])).toEqual([
    { key: 'old', mix: 0, rate: 0 },
    { key: 'back', mix: 0, rate: -3 },
  ]);
});

test('without volume in a period all of the change is volume', () => {
  expect(partsOfAmount([segment('all', [500, 0], [10, 0])])).toEqual({
    change: -500,
    volume: -500,
    mix: 0,
    rate: 0,
  });
  expect(partsOfRatio([segment('all', [500, 0], [10, 0])])).toBeUndefined();
});

const count = fc.integer({ min: 0, max: 1_000 });
const amount = fc.integer({ min: -50_000, max: 500_000 });
const someSegments = fc.array(
  fc.tuple(amount, amount, count, count).map(([a, b, c, d]) => segment('x', [a, b], [c, d])),
  { minLength: 1, maxLength: 20 },
);

test('the parts add up to the change, whatever it is', () => {
  fc.assert(
    fc.property(someSegments, (segments) => {
      const { change, volume, mix, rate } = partsOfAmount(segments);
      const size = segments.reduce(
        (sum, each) => sum + Math.abs(each.amount.now) + Math.abs(each.amount.before),
        1,
      );
      expect(Math.abs(volume + mix + rate - change) / size).toBeLessThan(1e-9);
    }),
  );
});

test('the drivers and the rest add up to the change', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ key: fc.string(), before: amount, now: amount })),
      fc.nat(5),
      (rows, top) => {
        const { drivers, rest } = topDrivers(rows, top);
        const change = rows.reduce((sum, row) => sum + row.now - row.before, 0);
        expect(drivers.reduce((sum, driver) => sum + driver.change, rest.change)).toBe(change);
        expect(drivers.length).toBeLessThanOrEqual(top);
      },
    ),
  );
  const rows = [
    { key: 'a', before: 5, now: 4 },
    { key: 'b', before: 0, now: 9 },
    { key: 'c', before: 7, now: 0 },
  ];
  expect(topDrivers(rows, 2)).toEqual({
    drivers: [
      { key: 'b', before: 0, now: 9, change: 9 },
      { key: 'c', before: 7, now: 0, change: -7 },
    ],
    rest: { count: 1, before: 5, now: 4, change: -1 },
  });
});
