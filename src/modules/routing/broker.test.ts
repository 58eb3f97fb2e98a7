import fc from 'fast-check';
import { expect, test } from 'vitest';
import { broker, type Candidate, type WantedLine } from './broker.ts';
import { DEFAULT_RULES, type RuleSet } from './rules.ts';

const place = (
  code: string,
  available: Record<string, number>,
  facts: Partial<Candidate> = {},
): Candidate => ({
  locationId: code,
  code,
  kind: 'store',
  group: 'all',
  leavesInDays: 0,
  hasCapacityToday: true,
  load: 0,
  distanceKm: 10,
  pickCostMinor: 0,
  packCostMinor: 0,
  available: new Map(Object.entries(available)),
  ...facts,
});
const rules = (facts: Partial<RuleSet> = {}): RuleSet => ({ ...DEFAULT_RULES, filters: [], ...facts });
const line = (variantId: string, quantity: number): WantedLine => ({ variantId, quantity });
const parts = (...args: Parameters<typeof broker>) =>
  Object.fromEntries(
    broker(...args).parts.map(({ locationId, lines }) => [
      locationId,
      Object.fromEntries(lines.map(({ variantId, quantity }) => [variantId, quantity])),
    ]),
  );

test('the best location that has it all is better than two that are nearer', () => {
  const candidates = [
    place('far', { jug: 1, bowl: 1 }, { distanceKm: 900, leavesInDays: 2 }),
    place('near', { jug: 1 }),
    place('next', { bowl: 1 }),
  ];
  expect(parts([line('jug', 1), line('bowl', 1)], candidates, rules())).toEqual({ far: { jug: 1, bowl: 1 } });
});

test('weights decide between locations that have it all', () => {
  const soon = place('soon', { jug: 1 }, { distanceKm: 500 });
  const near = place('near', { jug: 1 }, { leavesInDays: 3 });
  const idle = place('idle', { jug: 1 }, { leavesInDays: 3, distanceKm: 500, load: 0 });
  const only = (criterion: keyof RuleSet['weights']) =>
    rules({ weights: { promise: 0, cost: 0, distance: 0, load: 0, [criterion]: 1 } });
  const busy = [soon, near].map((each) => ({ ...each, load: 0.9 }));
  const choice = (criterion: keyof RuleSet['weights']) =>
    Object.keys(parts([line('jug', 1)], [...busy, idle], only(criterion)));
  expect(['promise', 'distance', 'load'].map((each) => choice(each as keyof RuleSet['weights']))).toEqual([
    ['soon'],
    ['near'],
    ['idle'],
  ]);
  expect(choice('cost')).toEqual(['near']); // 500 km cost more to carry
});

test('an order is split between lines, and a line too, only where the rules allow it', () => {
  const candidates = [place('a', { jug: 2, bowl: 0 }), place('b', { jug: 2, bowl: 3 })];
  const wanted = [line('jug', 3), line('bowl', 3)];
  const by = (split: RuleSet['split']) => broker(wanted, candidates, rules({ split }));
  expect(by('within_line').parts).toEqual([
    { locationId: 'a', lines: [line('jug', 2)] },
    { locationId: 'b', lines: [line('jug', 1), line('bowl', 3)] },
  ]);
  expect(by('between_lines')).toMatchObject({
    parts: [{ locationId: 'b', lines: [line('bowl', 3)] }],
    unfilled: [line('jug', 3)],
  });
  expect(by('never')).toMatchObject({ parts: [], unfilled: wanted });
});

test('two that together have it all are found, though one that has more is first', () => {
  const candidates = [
    place('most', { a: 1, b: 1, c: 1, d: 0, e: 0 }),
    place('left', { a: 1, b: 1, d: 1 }),
    place('right', { c: 1, e: 1 }),
  ];
  const wanted = ['a', 'b', 'c', 'd', 'e'].map((each) => line(each, 1));
  expect(Object.keys(parts(wanted, candidates, rules({ locationsMax: 2 })))).toEqual(['left', 'right']);
});

test('each filter keeps out those it says, and tells', () => {
  const candidates = [
    place('here', { jug: 5 }),
    place('depot', { jug: 5 }, { kind: 'warehouse', group: 'north', distanceKm: null, leavesInDays: 4 }),
    place('full', { jug: 5 }, { hasCapacityToday: false, packCostMinor: 10_000 }),
  ];
  const left = (filter: RuleSet['filters'][number]) =>
    broker([line('jug', 1)], candidates, rules({ filters: [filter] })).excluded.map(
      (each) => each.locationId,
    );
  expect(left({ keep: 'kinds', kinds: ['store'] })).toEqual(['depot']);
  expect(left({ keep: 'groups', groups: ['north'] })).toEqual(['here', 'full']);
  expect(left({ keep: 'locations', codes: ['full'] })).toEqual(['here', 'depot']);
  expect(left({ keep: 'not_locations', codes: ['full'] })).toEqual(['full']);
  expect(left({ keep: 'within_km', km: 50 })).toEqual(['depot']);
  expect(left({ keep: 'with_capacity_today' })).toEqual(['full']);
  expect(left({ keep: 'leaving_within_days', days: 3 })).toEqual(['depot']);
  expect(left({ keep: 'costing_at_most', minor: 5_000 })).toEqual(['full']);
  const kept = broker(
    [line('jug', 3)],
    [place('here', { jug: 5 })],
    rules({ filters: [{ keep: 'leaving_units', units: 3 }] }),
  );
  expect(kept).toMatchObject({ parts: [{ lines: [line('jug', 2)] }], unfilled: [line('jug', 1)] });
});

test('a rule set that routes nowhere leaves everything unfilled', () => {
  const nowhere = rules({ filters: [{ keep: 'locations', codes: ['none-such'] }] });
  expect(broker([line('jug', 1)], [place('here', { jug: 5 })], nowhere)).toEqual({
    parts: [],
    unfilled: [line('jug', 1)],
    ranking: [],
    excluded: [{ locationId: 'here', by: 'locations' }],
  });
});

// Whatever is asked: what is given and what is not add up, nobody gives what they have not, and the rules hold.
test('no plan gives what is not there, or from more places than the rules allow', () => {
  const variants = ['a', 'b', 'c'];
  const stock = fc.record({ a: fc.nat(4), b: fc.nat(4), c: fc.nat(4) });
  const facts = fc.record({
    leavesInDays: fc.nat(3),
    distanceKm: fc.option(fc.nat(500)),
    load: fc.constantFrom(0, 0.5),
  });
  const asked = fc.uniqueArray(
    fc.record({ variantId: fc.constantFrom(...variants), quantity: fc.integer({ min: 1, max: 6 }) }),
    {
      selector: ({ variantId }) => variantId,
      minLength: 1,
    },
  );
  fc.assert(
    fc.property(
      asked,
      fc.array(fc.tuple(stock, facts), { maxLength: 6 }),
      fc.constantFrom('never' as const, 'between_lines' as const, 'within_line' as const),
      fc.integer({ min: 1, max: 4 }),
      (wanted, places, split, locationsMax) => {
        const candidates = places.map(([available, each], n) => place(`p${n}`, available, each));
        const plan = broker(wanted, candidates, rules({ split, locationsMax }));
        expect(plan.parts.length).toBeLessThanOrEqual(split === 'never' ? 1 : locationsMax);
        for (const { variantId, quantity } of wanted) {
          const given = plan.parts.flatMap(({ locationId, lines }) =>
            lines
              .filter((each) => each.variantId === variantId)
              .map((each) => ({ locationId, quantity: each.quantity })),
          );
          for (const each of given) {
            const free =
              candidates.find(({ code }) => code === each.locationId)?.available.get(variantId) ?? 0;
            expect(each.quantity).toBeLessThanOrEqual(free);
          }
          const left = plan.unfilled.find((each) => each.variantId === variantId)?.quantity ?? 0;
          expect(given.reduce((sum, each) => sum + each.quantity, left)).toBe(quantity);
          if (split !== 'within_line') expect(given.length).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 500 },
  );
});
