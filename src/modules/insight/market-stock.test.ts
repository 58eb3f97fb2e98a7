import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine } from '#modules/identity/factory.ts';
import { aLocation, aVariant } from '#modules/inventory/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { followStock } from './factory.ts';
import { homes } from './market-stock-routes.ts';
import { marketStock, type MarketStockQuestion } from './market-stock.ts';
import type { MetricName } from './metrics.ts';
import type { AnswerRow } from './rows.ts';
import { followStockPlaces } from './stock-places.ts';

const MARKETPLACE = { currency: 'MKS', timeZone: 'Europe/Amsterdam' };
const CLOCK = { now: new Date('2026-09-30T12:00:00Z'), timeZone: MARKETPLACE.timeZone };

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
    async ({ db, clickhouse }) =>
      (question: Partial<MarketStockQuestion>, clock = CLOCK) =>
        marketStock(
          clickhouse,
          { ...JUNE, currency: MARKETPLACE.currency, by: 'region', ...question },
          clock,
          homes(db),
        ),
  );

/** A sum of weeks, in the digits that it has. */
const near = (weeks: number) => expect.closeTo(weeks, 6) as number;
const JUNE = { from: '2026-06-29', to: '2026-06-30' };

const move = (db: Db, locationId: string, day: string, units: number, valueMinor: number) =>
  inTransaction(db, async (tx) => {
    const variantId = await aVariant(tx);
    await sql`insert into inventory.stock_level (variant_id, location_id) values (${variantId}, ${locationId})`.execute(
      tx,
    );
    await sql`
      insert into inventory.stock_movement (kind, cause_id, variant_id, location_id, on_hand_delta, reserved_delta,
        value_delta_minor, moved_at)
      values ('adjust', ${randomUUID()}, ${variantId}, ${locationId}, ${units}, 0, ${valueMinor}, ${`${day}T10:00:00Z`})`.execute(
      tx,
    );
  });

interface Part {
  locationId: string;
  region: string;
  units: number;
  goneDay: string | null;
  currency?: string;
  partId?: string;
  version?: number;
}

/** Rows of the ledger of service as the follower sends them. */
const send = (clickhouse: ClickHouseClient, parts: Part[]) =>
  clickhouse.insert({
    table: 'service_entry',
    format: 'JSONEachRow',
    values: parts.map(
      ({ locationId, region, units, goneDay, currency = 'MKS', partId = randomUUID(), version = 1 }) => ({
        version,
        part_id: partId,
        order_line_id: partId,
        order_id: partId,
        location_id: locationId,
        region,
        currency,
        business_day: '2026-03-01',
        order_day: '2026-03-01',
        is_counted: true,
        is_gone: goneDay !== null,
        gone_day: goneDay ?? '2299-12-31',
        quantity: units,
        remaining: units,
      }),
    ),
  });

test('stock stands in the markets that its location sent goods to, and where it lies when it sent none', async ({
  deps,
  app,
  follow,
  ask,
}) => {
  const { db, clickhouse } = deps;
  const [one, two, idle, empty] = [
    await aLocation(db),
    await aLocation(db),
    await aLocation(db, { countryCode: 'DE' }),
    await aLocation(db),
  ];
  await move(db, one, '2026-06-01', 10, 1000);
  await move(db, one, '2026-06-30', -3, -299);
  await move(db, two, '2026-06-30', 4, 401);
  await move(db, idle, '2026-05-01', 5, 50);
  const partId = randomUUID();
  await send(clickhouse, [
    { locationId: one, region: 'SE-north', units: 2, goneDay: '2026-04-01' }, // the first of 91 days
    { locationId: one, region: 'SE', units: 1, goneDay: '2026-06-30', currency: 'EUR' },
    { locationId: one, region: 'NL', units: 3, goneDay: '2026-05-05' },
    { locationId: one, region: 'DE', units: 90, goneDay: '2026-03-31' },
    { locationId: one, region: 'DE', units: 90, goneDay: '2026-07-01' },
    { locationId: one, region: 'DE', units: 90, goneDay: null },
    { locationId: two, region: 'FR', units: 9, goneDay: '2026-06-02', partId },
    { locationId: empty, region: 'NL', units: 1, goneDay: '2026-06-02' },
  ]);
  // Of two rows of a line the later one holds.
  await send(clickhouse, [
    { locationId: two, region: 'NL', units: 1, goneDay: '2026-06-02', partId, version: 2 },
  ]);
  await follow();

  // Of the one place's 7 pieces 2⅓ are for the north of Sweden, 1⅙ for the rest of it and 3½ for the Netherlands.
  const found = await ask({});
  const whole = {
    units: 16,
    valueMinor: 1152,
    valueDays: 2202,
    shippedUnits: 8,
    weeks: 26,
    weeksAhead: near(26),
  };
  const rows = [
    {
      region: 'DE',
      units: 5,
      valueMinor: 50,
      valueDays: 100,
      shippedUnits: 0,
      weeks: null,
      weeksAhead: null,
    },
    {
      region: 'NL',
      units: 8,
      valueMinor: 751,
      valueDays: 1252,
      shippedUnits: 5,
      weeks: (8 * 13) / 5,
      weeksAhead: near((8 * 13) / 5),
    },
    {
      region: 'SE',
      units: 3,
      valueMinor: 351,
      valueDays: 850,
      shippedUnits: 3,
      weeks: 13,
      weeksAhead: near(13),
    },
  ];
  expect(found).toMatchObject({ shippedIn: { from: '2026-04-01', to: '2026-06-30' }, days: 2 });
  expect([found.rows, found.total, found.locations]).toEqual([rows, whole, []]);

  // The registry counts the same, in shares of pieces: so that a map is coloured by it.
  await followStockPlaces({ db, clickhouse });
  const metrics: MetricName[] = ['market_units', 'market_stock_value', 'market_cover'];
  const { currency } = MARKETPLACE;
  const counted = await answer(clickhouse, { ...JUNE, currency, by: ['area'], metrics }, CLOCK);
  const figures = ({
    figures: { market_units: units, market_stock_value: value, market_cover: cover },
  }: AnswerRow) => [
    Math.round((units?.value ?? 0) * 100) / 100,
    value?.value,
    cover?.value === null ? null : Math.round((cover?.value ?? 0) * 100) / 100,
  ];
  expect(counted.rows.map((row) => [row.keys.area, ...figures(row)])).toEqual([
    ['DE', 5, 50, null],
    ['NL', 7.5, 751.5, 19.5],
    ['SE', 1.17, 116.833, 15.17],
    ['SE-north', 2.33, 233.668, 15.17],
  ]);
  expect(counted.total.figures).toMatchObject({
    market_units: { value: 16 },
    market_cover: { value: 26, numerator: 16, denominator: 8 },
  });
  expect(counted.total.figures.market_stock_value?.value).toBeCloseTo(1152, 2);
  const byDay = await answer(clickhouse, { ...JUNE, currency, by: ['region', 'day'], metrics }, CLOCK);
  expect(
    byDay.rows
      .filter(({ keys }) => keys.region === 'NL')
      .map(({ figures: { market_units: units } }) => units?.value),
  ).toEqual([5, 7.5]);

  const sweden = await ask({ region: 'SE', by: 'area' });
  expect(sweden.rows.map(({ region, units, valueMinor }) => [region, units, valueMinor])).toEqual([
    ['SE', 1, 117],
    ['SE-north', 2, 234],
  ]);
  expect(sweden.locations).toEqual([
    {
      locationId: one,
      units: 3,
      valueMinor: 351,
      valueDays: 850,
      shippedUnits: 3,
      weeks: 13,
      weeksAhead: near(13),
    },
  ]);
  const { locations } = await ask({ region: 'NL' });
  const byWeeks = locations.toSorted((a, b) => (a.weeks ?? 0) - (b.weeks ?? 0));
  expect(byWeeks.map(({ locationId, units, weeks }) => [locationId, units, weeks])).toEqual([
    [empty, 0, 0],
    [one, 4, (4 * 13) / 3],
    [two, 4, 52],
  ]);

  // A period that runs ends today, and of one that has not begun nobody knows.
  const running = await ask({}, { ...CLOCK, now: new Date('2026-06-29T12:00:00Z') });
  expect([running.shippedIn.to, running.days, running.total.units]).toEqual(['2026-06-29', 1, 15]);
  const early = await ask({}, { ...CLOCK, now: new Date('2026-06-01T12:00:00Z') });
  expect([early.days, early.rows, early.total.weeks]).toEqual([0, [], null]);

  const { authorization } = await aMachine(deps, ['insight:read']);
  const get = (to: string) =>
    app.inject({
      url: `/v1/insight/market-stock?from=2026-06-29&to=${to}&currency=MKS`,
      headers: { authorization },
    });
  const over = await get('2026-06-30');
  expect([over.statusCode, over.json().rows, over.json().total]).toEqual([200, rows, whole]);
  const refused = await get('2026-06-01');
  expect([refused.statusCode, refused.json().type]).toEqual([422, '/problems/insight.period_unfit']);
  const bare = { url: '/v1/insight/market-stock?from=2026-06-29&to=2026-06-30' };
  const statuses = [await app.inject(bare), await app.inject({ ...bare, headers: { authorization } })];
  expect(statuses.map(({ statusCode }) => statusCode)).toEqual([401, 400]);
});

const REGIONS = ['NL', 'SE', 'SE-north', 'SE-south', 'DE'];
const aStep = fc.record({
  location: fc.nat(2),
  region: fc.constantFrom(...REGIONS),
  day: fc.constantFrom('2026-03-31', '2026-04-01', '2026-05-20', '2026-06-29', '2026-06-30', '2026-07-01'),
  units: fc.integer({ min: 1, max: 30 }),
  valueMinor: fc.integer({ min: 0, max: 9_000 }),
  isShipment: fc.boolean(),
});

test(
  'whatever moves and is sent, each market has its share to the piece, and all of them the whole',
  { timeout: 240_000 },
  async ({ db, clickhouse, follow, ask }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 2, maxLength: 14 }), async (steps) => {
        const places = [await aLocation(db), await aLocation(db), await aLocation(db)];
        const parts: Part[] = [];
        for (const { location, region, day, units, valueMinor, isShipment } of steps) {
          const locationId = places[location] ?? '';
          if (isShipment) parts.push({ locationId, region, units, goneDay: day });
          else await move(db, locationId, day, units, valueMinor);
        }
        if (parts.length > 0) await send(clickhouse, parts);
        await follow();
        const { rows: expected } = await sql<{ region: string; location: string; value: number }>`
          with held as (
            select location_id, sum(value_delta_minor) as value from inventory.stock_movement
            where location_id = any(${places}::uuid[])
              and (moved_at at time zone 'Europe/Amsterdam')::date <= '2026-06-30' group by 1
          ), sent as (
            select "locationId"::uuid as location_id, region, sum(units) as units
            from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb)
              as part ("locationId" text, region text, units integer, "goneDay" date)
            where "goneDay" > date '2026-06-30' - 91 and "goneDay" <= '2026-06-30' group by 1, 2
          )
          select coalesce(region, 'NL') as region, location_id::text as location,
            (value * coalesce(units / sum(units) over (partition by location_id), 1))::float8 as value
          from held left join sent using (location_id)`.execute(db);
        for (const region of REGIONS) {
          const { locations, rows, total } = await ask({ region, by: 'area' });
          for (const location of places) {
            const share = expected
              .filter((each) => each.location === location && each.region.startsWith(region))
              .reduce((all, { value }) => all + value, 0);
            const told = locations.find(({ locationId }) => locationId === location)?.valueMinor ?? 0;
            // Each area is at most a minor unit off its exact share, and there are three of one country.
            expect(Math.abs(told - share)).toBeLessThan(region === 'SE' ? 3 : 1);
          }
          const added = rows.reduce((all, { valueMinor }) => all + valueMinor, 0);
          expect(added).toBe(total.valueMinor);
        }
        const {
          rows: [whole],
        } = await sql<{ units: number; value: number }>`
          select sum(on_hand_delta)::integer as units, sum(value_delta_minor)::integer as value
          from inventory.stock_movement
          where (moved_at at time zone 'Europe/Amsterdam')::date <= '2026-06-30'`.execute(db);
        await followStockPlaces({ db, clickhouse });
        const metrics: MetricName[] = ['market_units', 'market_stock_value'];
        const counted = await answer(
          clickhouse,
          { ...JUNE, currency: MARKETPLACE.currency, by: ['region'], metrics },
          CLOCK,
        );
        const added = counted.rows.reduce((all, { figures }) => all + (figures.market_units?.value ?? 0), 0);
        expect(added).toBeCloseTo(whole?.units ?? 0, 6);
        expect(counted.total.figures.market_units?.value).toBeCloseTo(whole?.units ?? 0, 6);
        expect(
          Math.abs((counted.total.figures.market_stock_value?.value ?? 0) - (whole?.value ?? 0)),
        ).toBeLessThan(2);
        for (const by of ['region', 'area'] as const) {
          const { rows, total } = await ask({ by });
          const added = rows.reduce((all, { units }) => all + units, 0);
          expect([total.units, total.valueMinor, added]).toEqual([
            whole?.units ?? 0,
            whole?.value ?? 0,
            whole?.units ?? 0,
          ]);
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
);
