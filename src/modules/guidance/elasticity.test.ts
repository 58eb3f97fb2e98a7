import { expect, test } from 'vitest';
import { type Elasticity, ownElasticity, priceLevels, type PriceWeek, shrunken } from './elasticity.ts';
import { estimatedOf, generatedThings } from './generated-prices.ts';

const week = (at: number, priceMinor: number, units: number, othersUnits = 1_000): PriceWeek => ({
  at,
  units,
  priceMinor,
  othersUnits,
});
const year = (unitsOf: (at: number, priceMinor: number) => number) =>
  Array.from({ length: 52 }, (_, at) => {
    const priceMinor = at % 20 < 10 ? 2_000 : 1_600;
    return week(at, priceMinor, unitsOf(at, priceMinor), 1_000 + 10 * at);
  });

test('a thing that answers to its price exactly is found to, beside its season and its own drift', () => {
  const found = ownElasticity(
    year((at, price) => 30 * (price / 2_000) ** -1.7 * (1 + at / 100) * Math.exp(at / 200)),
  );
  expect(found?.value).toBeCloseTo(-1.7, 6);
});

test('where the price hardly changed, few weeks are known or little was sold, nothing is said', () => {
  const flat = Array.from({ length: 52 }, (_, at) => week(at, at < 26 ? 2_000 : 2_040, 20));
  expect([priceLevels(flat), ownElasticity(flat)]).toEqual([1, undefined]);
  // Two weeks at another price are no price of their own.
  const brief = Array.from({ length: 52 }, (_, at) => week(at, at < 2 ? 1_600 : 2_000, 20));
  expect([priceLevels(brief), ownElasticity(brief)]).toEqual([1, undefined]);
  const steps = year(() => 20);
  expect(priceLevels(steps)).toBe(2);
  expect(ownElasticity(steps.slice(0, 25))).toBe(undefined);
  expect(ownElasticity(year(() => 2))).toBe(undefined);
  expect(ownElasticity(steps.map((each) => ({ ...each, priceMinor: null })))).toBe(undefined);
  expect(ownElasticity([])).toBe(undefined);
});

test('estimates lean on their category as far as they are unsure; without five alike nobody says what is not seen', () => {
  const of = (value: number, error: number): Elasticity => ({ value, error });
  const alike = [-2, -2, -2, -2, -2].map((value, nth) => ({
    key: `a${nth}`,
    group: 'a',
    own: of(value, 0.5),
  }));
  const far = { key: 'far', group: 'a', own: of(-6, 2) };
  const none = { key: 'none', group: 'a', own: undefined };
  const found = shrunken([...alike, far, none]);
  // They agree but for one that is unsure: they differ by 0.25 at the least, and the one that is far is drawn most of the way.
  const apart = 0.25 ** 2;
  const [sure, unsure] = [1 / (0.25 + apart), 1 / (4 + apart)];
  const mean = (5 * -2 * sure - 6 * unsure) / (5 * sure + unsure);
  const wide = apart + 1 / (5 * sure + unsure);
  expect(found.get('none')?.value).toBeCloseTo(mean, 10);
  expect(found.get('none')?.error).toBeCloseTo(Math.sqrt(wide), 10);
  expect(found.get('none')?.others).toBe(6);
  expect(found.get('far')?.value).toBeCloseTo((wide * -6 + 4 * mean) / (wide + 4), 10);
  expect(found.get('far')?.others).toBe(5);
  expect(shrunken([...alike.slice(0, 4), none]).get('none')).toBe(undefined);
  expect(shrunken(alike.slice(0, 4)).get('a0')).toEqual({ ...of(-2, 0.5), others: 0 });
  // A category of two leans on the whole shop.
  expect(shrunken([...alike, { key: 'b', group: 'b', own: undefined }]).get('b')?.others).toBe(5);
});

test('on generated years the estimates are right on average, and nine intervals in ten hold nearly nine truths', () => {
  const seeds = Array.from({ length: 20 }, (_, nth) => nth + 1);
  const off: number[] = [];
  const offAlone: number[] = [];
  let held = 0;
  const fixed = { all: 0, held: 0 };
  for (const seed of seeds) {
    const shop = { things: 20, changes: 3 };
    const things = [
      ...generatedThings(seed, 'elastic', { ...shop, elasticity: -2, isHalfFixed: true }),
      ...generatedThings(seed + 500, 'plain', { ...shop, elasticity: -1 }),
    ];
    const estimated = estimatedOf(things);
    const estimates = shrunken(estimated);
    for (const [nth, { key, truth }] of things.entries()) {
      const own = estimated[nth]?.own;
      const { value, error } = estimates.get(key) ?? { value: Number.NaN, error: 0 };
      const isHeld = Math.abs(value - truth) <= 1.645 * error ? 1 : 0;
      if (!own) {
        fixed.all += 1;
        fixed.held += isHeld;
        continue;
      }
      off.push(value - truth);
      offAlone.push(own.value - truth);
      held += isHeld;
    }
  }
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const rootMean = (values: readonly number[]) => Math.sqrt(mean(values.map((each) => each ** 2)));
  expect([off.length, fixed.all]).toEqual([600, 200]);
  expect(Math.abs(mean(offAlone))).toBeLessThan(0.05);
  expect(Math.abs(mean(off))).toBeLessThan(0.05);
  // Leaning on what is alike nearly halves what an estimate is off by.
  expect([rootMean(offAlone).toFixed(2), rootMean(off).toFixed(2)]).toEqual(['0.67', '0.36']);
  expect([(held / off.length).toFixed(2), (fixed.held / fixed.all).toFixed(2)]).toEqual(['0.89', '0.82']);
});
