import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aLocation, aVariant } from '#modules/inventory/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { drill } from './drill.ts';
import { enterStock, followStock, recordSale } from './factory.ts';
import type { MetricName } from './metrics.ts';
import type { Question } from './questions.ts';

const MARKETPLACE = { currency: 'STK', timeZone: 'Europe/Amsterdam' };
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
    async ({ clickhouse }) =>
      (question: Partial<Question> & Pick<Question, 'from' | 'to' | 'metrics'>, clock = CLOCK) =>
        answer(clickhouse, { by: [], currency: MARKETPLACE.currency, ...question }, clock),
  );

test('stock at cost, its average, turn, sell-through and margin on stock are exact, and a late movement lands in its day', async ({
  db,
  clickhouse,
  follow,
  ask,
}) => {
  const place = { variantId: await aVariant(db), locationId: await aLocation(db) };
  await enterStock(db, [
    { ...place, kind: 'receive', at: '2024-04-30T22:30:00Z', onHand: 10, valueMinor: 1000 }, // the 1st in Amsterdam
    { ...place, kind: 'ship', at: '2024-05-03T10:00:00Z', onHand: -4, valueMinor: -400 },
    { ...place, kind: 'return_in', at: '2024-05-04T10:00:00Z', onHand: 1, valueMinor: 100 },
  ]);
  await inTransaction(db, (tx) =>
    recordSale(tx, { currency: 'STK', businessDay: '2024-05-02', lines: [{ grossMinor: 900 }] }),
  );
  await follow();
  const metrics: MetricName[] = [
    'stock_units',
    'stock_value',
    'average_stock_value',
    'cost_of_sales',
    'gross_margin',
    'gross_margin_rate',
    'gmroi',
    'stock_turn',
    'days_of_inventory',
    'sell_through',
  ];
  const may = { from: '2024-05-01', to: '2024-05-05', metrics };
  expect((await ask(may)).total.figures).toEqual({
    stock_units: { value: 7 },
    stock_value: { value: 700 },
    average_stock_value: { value: 800, numerator: 4000, denominator: 5 },
    cost_of_sales: { value: 300 },
    gross_margin: { value: 600 },
    gross_margin_rate: { value: 600 / 900, numerator: 600, denominator: 900 },
    gmroi: { value: (600 * 365) / 4000, numerator: 600, denominator: 4000 },
    stock_turn: { value: (300 * 5) / 4000, numerator: 300, denominator: 4000 },
    days_of_inventory: { value: 4000 / 300, numerator: 4000, denominator: 300 },
    sell_through: { value: 0.3, numerator: 3, denominator: 10 },
  });
  const rates = await ask({ ...may, by: ['day'], metrics: ['gross_margin_rate'] });
  expect(rates.rows.map(({ figures: { gross_margin_rate: rate } }) => rate)).toEqual([
    { value: null, numerator: 0, denominator: 0 },
    { value: 1, numerator: 900, denominator: 900 },
    { value: null, numerator: -400, denominator: 0 },
    { value: null, numerator: 100, denominator: 0 },
    { value: null, numerator: 0, denominator: 0 },
  ]);
  await enterStock(db, [{ ...place, kind: 'adjust', at: '2024-05-02T09:00:00Z', onHand: 2, valueMinor: 50 }]);
  await follow();
  const byDay = await ask({ ...may, by: ['day'], metrics: ['stock_value', 'average_stock_value'] });
  expect(byDay.rows.map(({ figures }) => figures.stock_value?.value)).toEqual([1000, 1050, 650, 750, 750]);
  expect(byDay.total.figures).toEqual({
    stock_value: { value: 750 },
    average_stock_value: { value: 840, numerator: 4200, denominator: 5 },
  });
  // Of days that are not over or have not begun nobody knows what will be there.
  const early = { now: new Date('2024-05-03T12:00:00Z'), timeZone: MARKETPLACE.timeZone };
  const running = await ask({ ...may, by: ['day'], metrics: ['stock_value', 'average_stock_value'] }, early);
  expect(running.rows.map(({ figures }) => figures.stock_value?.value)).toEqual([
    1000,
    1050,
    650,
    null,
    null,
  ]);
  expect(running.total.figures.average_stock_value).toEqual({ value: 900, numerator: 2700, denominator: 3 });
  // Compared with the five days before, when nothing was there.
  const compared = await ask({
    ...may,
    from: '2024-05-04',
    to: '2024-05-05',
    metrics: ['stock_value'],
    by: ['day'],
    compare: 'previous',
  });
  expect(
    compared.rows.map(({ keys, figures, before }) => [
      keys.day,
      figures.stock_value?.value,
      before?.stock_value?.value,
    ]),
  ).toEqual([
    ['2024-05-04', 750, 1050],
    ['2024-05-05', 750, 650],
  ]);
  await expect(ask({ ...may, by: ['day'], rolling: 3 })).rejects.toMatchObject({
    code: 'insight.question_unfit',
    data: { reason: 'rolling_is_of_flows' },
  });
  await expect(
    drill(clickhouse, { ...may, currency: 'STK', metric: 'gmroi' }, { today: '2026-12-31', limit: 1 }),
  ).rejects.toMatchObject({ data: { reason: 'drill_is_of_documents' } });
});

const aMovement = fc.record({
  kind: fc.constantFrom('receive', 'ship', 'return_in', 'transfer_in', 'transfer_out', 'adjust'),
  location: fc.nat(1),
  variant: fc.nat(1),
  day: fc.constantFrom(
    '2026-05-10',
    '2026-05-31',
    '2026-06-01',
    '2026-06-02',
    '2026-06-08',
    '2026-06-12',
    '2026-07-01',
  ),
  units: fc.integer({ min: 1, max: 30 }),
  valueMinor: fc.integer({ min: 0, max: 9_000 }),
  isFollowed: fc.boolean(),
  isReplayed: fc.boolean(),
});
const PERIOD = { from: '2026-06-01', to: '2026-06-12' };

test(
  'whatever moves, late, in any order and read again, stock is what PostgreSQL says of every day',
  { timeout: 240_000 },
  async ({ db, follow, ask }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(aMovement, { minLength: 1, maxLength: 12 }), async (steps) => {
        const locations = [await aLocation(db), await aLocation(db)];
        const variants = [await aVariant(db), await aVariant(db)];
        for (const { kind, location, variant, day, units, valueMinor, isFollowed, isReplayed } of steps) {
          const sign = kind === 'ship' || kind === 'transfer_out' ? -1 : 1;
          const place = { locationId: locations[location] ?? '', variantId: variants[variant] ?? '' };
          await enterStock(db, [
            { ...place, kind, at: `${day}T10:00:00Z`, onHand: sign * units, valueMinor: sign * valueMinor },
          ]);
          if (isReplayed)
            await sql`update insight.follower set position = '0', number = 0 where name = 'stock_entry'`.execute(
              db,
            );
          if (isFollowed) await follow();
        }
        await follow();
        const { rows: expected } = await sql`
        with day as (select generate_series(${PERIOD.from}::date, ${PERIOD.to}::date, '1 day')::date as day),
        moved as (
          select location_id, (moved_at at time zone 'Europe/Amsterdam')::date as day, on_hand_delta, value_delta_minor, kind
          from inventory.stock_movement where location_id = any(${locations}::uuid[])
        )
        select location_id::text as location, day.day::text as day,
          sum(on_hand_delta)::integer as units, sum(value_delta_minor)::integer as value,
          coalesce(-sum(value_delta_minor) filter (where moved.day = day.day and kind in ('ship', 'return_in')), 0)::integer as cost
        from day join moved on moved.day <= day.day group by 1, 2 order by day.day::text, 1`.execute(db);
        const asked = { ...PERIOD, filters: { location: locations } };
        const metrics: MetricName[] = ['stock_units', 'stock_value', 'cost_of_sales', 'average_stock_value'];
        const byDay = await ask({ ...asked, by: ['location', 'day'], metrics });
        const told = byDay.rows.map(({ keys, figures }) => ({
          location: keys.location,
          day: keys.day,
          units: figures.stock_units?.value,
          value: figures.stock_value?.value,
          cost: figures.cost_of_sales?.value,
        }));
        const isSomething = ({ units, value, cost }: (typeof told)[number]) =>
          units !== 0 || value !== 0 || cost !== 0;
        expect(told.filter(isSomething)).toEqual((expected as typeof told).filter(isSomething));
        const sum = (expected as { value: number }[]).reduce((all, { value }) => all + value, 0);
        for (const by of [[], ['location'], ['variant'], ['week'], ['variant', 'day']] as Question['by'][]) {
          const { total } = await ask({ ...asked, by, metrics });
          expect(total, by.join(' ')).toEqual(byDay.total);
          expect(total.figures.average_stock_value?.numerator).toBe(sum);
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
);
