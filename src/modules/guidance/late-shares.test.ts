import { expect, test } from 'vitest';
import { inForceOf } from './accepted-rules.ts';
import { compareLateShares, type DelayWeeks } from './late-shares.ts';

const weeks = (count: number, due: number, late: number) =>
  Array.from({ length: count }, () => ({ due, late }));
const others: DelayWeeks = { key: 'Calm', before: weeks(8, 200, 10), after: weeks(4, 200, 10) };

test('what would have come late is its own share before, gone the way of the others, with an interval and its chance', () => {
  const fell = compareLateShares({ key: 'Swift', before: weeks(8, 100, 20), after: weeks(4, 100, 5) }, [
    others,
  ]);
  expect(fell.observed).toBe(20);
  expect(fell.expected).toBeCloseTo(80.597_296, 5);
  expect(fell.between.low).toBeCloseTo(62.329_95, 3);
  expect(fell.between.high).toBeCloseTo(104.218_35, 3);
  expect(fell.chance).toBeLessThan(1e-6);
  const stayed = compareLateShares({ key: 'Swift', before: weeks(8, 100, 20), after: weeks(2, 200, 39) }, [
    others,
  ]);
  expect(stayed.chance).toBeCloseTo(0.897_354_8, 6);
  // Where it got twice as bad for all, twice as many were to be expected, and no more than were sent.
  const storm = { key: 'Calm', before: weeks(8, 200, 10), after: weeks(4, 200, 200) };
  const all = compareLateShares({ key: 'Swift', before: weeks(8, 100, 20), after: weeks(4, 100, 90) }, [
    storm,
  ]);
  expect([all.expected, all.between.high]).toEqual([400, 400]);
});

test('weeks in which late ones come in heaps make less sure', () => {
  const heaps = (due: number, late: number) => [
    { due, late: 2 * late },
    { due, late: 0 },
  ];
  const even = compareLateShares({ key: 'Swift', before: weeks(8, 100, 20), after: weeks(4, 100, 10) }, [
    others,
  ]);
  const heaped = compareLateShares(
    {
      key: 'Swift',
      before: [1, 2, 3, 4].flatMap(() => heaps(100, 20)),
      after: [1, 2].flatMap(() => heaps(100, 10)),
    },
    [others],
  );
  expect([heaped.observed, heaped.expected]).toEqual([even.observed, even.expected]);
  expect(heaped.between.low).toBeLessThan(even.between.low);
  expect(even.chance).toBeLessThan(0.01);
  expect(heaped.chance).toBeGreaterThan(0.1);
});

test('a rule holds from when operations put it in force until they take it back; what is on trial holds for nobody', () => {
  const set = (version: number, cost: number, onTrial = false) => ({
    version,
    onTrial,
    note: '',
    publishedBy: null,
    publishedAt: new Date(Date.UTC(2026, 0, version)),
    rules: {
      filters: [],
      weights: { promise: 50, cost, distance: 0, load: 10 },
      split: 'never' as const,
      locationsMax: 2,
      parcel: { baseMinor: 1, perKmMinor: 1 },
    },
  });
  const wanted = { version: 2, rule: 'cost' as const, becomes: '40' };
  expect(inForceOf(wanted, [set(1, 40), set(2, 20), set(3, 40, true), set(4, 30)])).toBeUndefined();
  expect(inForceOf(wanted, [set(6, 40), set(5, 20, true), set(4, 40), set(3, 20)])).toEqual({
    from: new Date(Date.UTC(2026, 0, 4)),
  });
  expect(inForceOf(wanted, [set(5, 10), set(4, 40)])).toEqual({
    from: new Date(Date.UTC(2026, 0, 4)),
    until: new Date(Date.UTC(2026, 0, 5)),
  });
  expect(inForceOf({ version: 2, rule: 'locations_max', becomes: '2' }, [set(3, 1)])?.from).toEqual(
    new Date(Date.UTC(2026, 0, 3)),
  );
});
