import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aLocation, aVariant } from '#modules/inventory/factory.ts';
import type { Db } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { enterStock, followStock } from './factory.ts';
import { shiftDay } from './periods.ts';
import type { Question } from './questions.ts';
import { followStockPlaces } from './stock-places.ts';

const MARKETPLACE = { currency: 'AVL', timeZone: 'Europe/Amsterdam' };
const CLOCK = { now: new Date('2026-12-30T12:00:00Z'), timeZone: MARKETPLACE.timeZone };
const METRICS = ['in_stock_rate', 'out_of_stock_days', 'lost_units'] as const;

const test = base
  .extend(
    'follow',
    { scope: 'file' },
    async ({ db, databaseUrl, clickhouse }) =>
      () =>
        followStock({ db, databaseUrl, clickhouse, config: MARKETPLACE }),
  )
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (question: Partial<Question> & Pick<Question, 'from' | 'to'>) =>
        answer(clickhouse, { by: [], currency: MARKETPLACE.currency, metrics: METRICS, ...question }, CLOCK),
  );

const aPlace = async (db: Db, countryCode = 'NL') => ({
  variantId: await aVariant(db),
  locationId: await aLocation(db, { countryCode }),
});
const at = (day: string, hour = 10) => `${day}T${hour}:00:00Z`;

test('a variant is in stock on days on which it was there, and loses what it sent a day while it was', async ({
  db,
  clickhouse,
  follow,
  ask,
}) => {
  const place = await aPlace(db, 'BE');
  const move = (kind: 'receive' | 'ship', day: string, units: number, hour?: number) =>
    enterStock(db, [
      { ...place, kind, at: at(day, hour), onHand: kind === 'ship' ? -units : units, valueMinor: 0 },
    ]);
  await move('receive', '2026-05-01', 10);
  await move('ship', '2026-05-03', 4);
  await move('ship', '2026-05-05', 6);
  await move('receive', '2026-05-10', 3);
  await follow();
  await followStockPlaces({ db, clickhouse });
  const filters = { location: [place.locationId] };
  const may = await ask({ from: '2026-05-01', to: '2026-05-12', filters });
  expect(may.total.figures).toEqual({
    in_stock_rate: { value: 8 / 12, numerator: 8, denominator: 12 },
    out_of_stock_days: { value: 4 },
    lost_units: { value: 8 }, // ten in five days, four days without
  });
  const byDay = await ask({ from: '2026-05-04', to: '2026-05-11', by: ['day'], filters });
  expect(
    byDay.rows.map(({ figures: { in_stock_rate: rate, lost_units: lost } }) => [rate?.value, lost?.value]),
  ).toEqual([
    [1, 0],
    [1, 0],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [1, 0],
    [1, 0],
  ]);
  const byRegion = await ask({ from: '2026-05-01', to: '2026-05-12', by: ['region'], filters });
  expect(byRegion.rows.map(({ keys, figures }) => [keys.region, figures.in_stock_rate?.numerator])).toEqual([
    ['BE', 8],
  ]);

  // What came and went on one day was there on it; ninety days after it is not meant to be there any more.
  await move('ship', '2026-05-12', 3);
  await move('receive', '2026-05-20', 2, 9);
  await move('ship', '2026-05-20', 2, 11);
  await follow();
  const late = await ask({ from: '2026-05-13', to: '2026-12-01', filters });
  // Fifteen in nine days: from the 13th to the 19th and for ninety days after the 20th.
  const [before, after] = [13 / 8, 15 / 9];
  expect(late.total.figures.in_stock_rate).toEqual({ value: 1 / 98, numerator: 1, denominator: 98 });
  expect(late.total.figures.lost_units?.value).toBeCloseTo(7 * before + 90 * after, 3);
  const gone = await ask({ from: '2026-08-19', to: '2026-12-01', filters });
  expect(gone.total.figures).toEqual({
    in_stock_rate: { value: null, numerator: 0, denominator: 0 },
    out_of_stock_days: { value: 0 },
    lost_units: { value: 0 },
  });
});

const aMovement = fc.record({
  kind: fc.constantFrom('receive', 'ship', 'ship', 'adjust'),
  location: fc.nat(1),
  variant: fc.nat(1),
  day: fc.integer({ min: 0, max: 260 }),
  units: fc.integer({ min: 1, max: 9 }),
  isFollowed: fc.boolean(),
});
const FIRST = '2026-01-01';
const PERIOD = { from: '2026-06-01', to: '2026-09-20' };

test(
  'whatever moves, late and in any order, days in stock and lost are what the ledger says day by day',
  { timeout: 240_000 },
  async ({ db, follow, ask }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(aMovement, { minLength: 1, maxLength: 14 }), async (steps) => {
        const locations = [await aLocation(db), await aLocation(db)];
        const variants = [await aVariant(db), await aVariant(db)];
        for (const { kind, location, variant, day, units, isFollowed } of steps) {
          const place = { locationId: locations[location] ?? '', variantId: variants[variant] ?? '' };
          const onHand = kind === 'ship' ? -units : units;
          await enterStock(db, [{ ...place, kind, at: at(shiftDay(FIRST, day)), onHand, valueMinor: 0 }]);
          if (isFollowed) await follow();
        }
        await follow();
        const filters = { location: locations };
        const { rows, total } = await ask({ ...PERIOD, by: ['location', 'variant'], filters });
        const expected = await dayByDay(db, locations);
        for (const { location, variant, inStock, active, lost } of expected) {
          const row = rows.find(({ keys }) => keys.location === location && keys.variant === variant);
          expect([
            row?.figures.in_stock_rate?.numerator ?? 0,
            row?.figures.in_stock_rate?.denominator ?? 0,
          ]).toEqual([inStock, active]);
          expect(row?.figures.lost_units?.value ?? 0).toBeCloseTo(lost, 2);
        }
        const sum = (of: (each: (typeof expected)[number]) => number) =>
          expected.reduce((all, each) => all + of(each), 0);
        expect(total.figures.in_stock_rate?.numerator).toBe(sum(({ inStock }) => inStock));
        for (const by of [[], ['day'], ['week'], ['variant']] as Question['by'][])
          expect((await ask({ ...PERIOD, by, filters })).total, by.join()).toEqual(total);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
);

interface PlaceDays {
  location: string;
  variant: string;
  inStock: number;
  active: number;
  lost: number;
}

/** Each day of each variant at each location by itself, from the movements in PostgreSQL. */
async function dayByDay(db: Db, locations: string[]): Promise<PlaceDays[]> {
  const { rows } = await sql<{
    location: string;
    variant: string;
    day: number;
    there: boolean;
    shipped: number;
  }>`
    with day as (
      select n, ${FIRST}::date + n as day from generate_series(0, ${PERIOD.to}::date - ${FIRST}::date) as n
    ), moved as (
      select location_id, variant_id, (moved_at at time zone 'Europe/Amsterdam')::date as day, on_hand_delta as units, kind
      from inventory.stock_movement where location_id = any(${locations}::uuid[])
    )
    select place.location_id::text as location, place.variant_id::text as variant, day.n as day,
      coalesce(sum(units) filter (where moved.day < day.day), 0)
        + coalesce(sum(units) filter (where moved.day = day.day and units > 0), 0) > 0 as there,
      coalesce(-sum(units) filter (where moved.day = day.day and kind = 'ship'), 0)::integer as shipped
    from (select distinct location_id, variant_id from moved) place cross join day
    join moved using (location_id, variant_id)
    group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  const start = rows.length > 0 ? (Date.parse(PERIOD.from) - Date.parse(FIRST)) / 86_400_000 : 0;
  return [...Map.groupBy(rows, ({ location, variant }) => `${location} ${variant}`).values()].map((days) => {
    const [{ location, variant } = { location: '', variant: '' }] = days;
    const found = { location, variant, inStock: 0, active: 0, lost: 0 };
    for (let day = start; day < days.length; day++) {
      const last = days.findLastIndex(({ there }, n) => there && n <= day);
      if (last === -1 || day - last > 90) continue;
      found.active += 1;
      if (last === day) found.inStock += 1;
      else {
        const window = days.slice(Math.max(0, last + 1 - 91), last + 1);
        const shipped = window.reduce((all, each) => all + each.shipped, 0);
        found.lost += shipped / window.filter(({ there }) => there).length;
      }
    }
    return found;
  });
}
