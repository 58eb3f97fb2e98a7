import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answerAgainst } from './against.ts';
import { driverDimensions, driversOf } from './drivers.ts';
import { recordSale, type Sale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import { METRIC_NAMES, metricDimensions, metricOf } from './metrics.ts';

const test = base.extend(
  'sold',
  { scope: 'file' },
  async ({ db, databaseUrl, clickhouse }) =>
    async (currency: string, sales: Sale[]) => {
      await inTransaction(db, async (tx) => {
        for (const sale of sales) await recordSale(tx, { currency, ...sale });
      });
      const { signal } = new AbortController();
      do await catchUp({ databaseUrl, clickhouse }, signal);
      while ((await freshness(db)).behind);
    },
);

const clock = { now: new Date('2026-07-31T12:00:00Z'), timeZone: 'Europe/Amsterdam' };
const june = { from: '2026-06-01', to: '2026-06-30' };

test('the drivers of a change are the largest ones, up and down, and add up to it with the rest', async ({
  clickhouse,
  sold,
}) => {
  const currency = 'DRV';
  const [risen, fallen, gone, fresh, still] = Array.from({ length: 5 }, () => randomUUID()).sort();
  const line = (productId: string | undefined, grossMinor: number) => ({
    grossMinor,
    ...(productId && { productId }),
  });
  await sold(currency, [
    {
      businessDay: '2026-05-20',
      lines: [line(risen, 1000), line(fallen, 9000), line(gone, 700), line(still, 50)],
    },
    {
      businessDay: '2026-06-02',
      lines: [line(risen, 5000), line(fallen, 2000), line(fresh, 300), line(still, 50)],
    },
    { businessDay: '2026-06-03', lines: [line(undefined, 20)] },
    { businessDay: '2026-06-03', regionCode: 'FR', lines: [line(risen, 100_000)] },
  ]);
  const asked = { ...june, currency, metric: 'net_sales' as const, dimension: 'product' as const };
  const filters = { region: ['NL'] };

  const found = await driversOf(clickhouse, { ...asked, filters, most: 3 }, 'previous', clock);

  expect(found).toEqual({
    dimension: 'product',
    title: 'Product',
    rows: [
      { key: fallen, now: 2000, before: 9000, change: -7000 },
      { key: risen, now: 5000, before: 1000, change: 4000 },
      { key: gone, now: 0, before: 700, change: -700 },
      { key: '', isRest: true, now: 370, before: 50, change: 320 },
    ],
    change: -3380,
  });
  const all = await driversOf(clickhouse, { ...asked, filters, most: 50 }, 'previous', clock);
  expect(all.rows.reduce((sum, { change }) => sum + change, 0)).toBe(-3380);
  expect(all.rows.map(({ key }) => key)).not.toContain(still === undefined ? '' : 'rest');
});

test('a change is taken apart by what its parts add up over, and by no touch point', () => {
  expect(driverDimensions('net_sales')).toEqual(['source', 'customer', 'product', 'category', 'brand']);
  expect(driverDimensions('orders')).toEqual(['source', 'customer']);
  expect(driverDimensions('regional_credit')).toEqual(['store']);
  expect(driverDimensions('average_order')).toEqual(['source', 'customer']);
  expect(driverDimensions('discount_rate')).toEqual(['source', 'customer', 'product', 'category', 'brand']);
  expect(driverDimensions('csat')).toEqual(['store', 'occasion']);
  expect(driverDimensions('on_time')).toEqual(['location']);
  // What lies in stock is no sum over days, and a turn is taken so many times as there are days.
  expect(driverDimensions('lost_units')).toEqual(['location']);
  for (const metric of ['average_stock_value', 'gmroi', 'stock_turn', 'market_turn', 'market_cover'] as const)
    expect(driverDimensions(metric), metric).toEqual([]);
  for (const metric of METRIC_NAMES) {
    const dimensions = driverDimensions(metric);
    if (metricOf(metric).kind === 'semi_additive') expect(dimensions, metric).toEqual([]);
    expect(dimensions, metric).not.toContain('touchpoint');
    expect(metricDimensions(metric), metric).toEqual(expect.arrayContaining(dimensions));
  }
});

test('any two periods are compared: places that only one of them has, days the first under the first, and lengths that differ', async ({
  clickhouse,
  sold,
}) => {
  const currency = 'AGN';
  await sold(currency, [
    { businessDay: '2025-12-24', lines: [{ grossMinor: 400 }] },
    { businessDay: '2025-12-25', regionCode: 'BE', lines: [{ grossMinor: 50 }] },
    { businessDay: '2025-12-26', lines: [{ grossMinor: 7000 }] },
    { businessDay: '2026-06-01', lines: [{ grossMinor: 1000 }] },
    { businessDay: '2026-06-02', regionCode: 'FR', lines: [{ grossMinor: 30 }] },
  ]);
  const question = {
    from: '2026-06-01',
    to: '2026-06-02',
    currency,
    metrics: ['net_sales', 'average_order'] as const,
  };
  const christmas = { from: '2025-12-24', to: '2025-12-26' };
  const ask = (by: 'region' | 'day') =>
    answerAgainst(clickhouse, { ...question, by: [by] }, christmas, clock);
  const net = (figures: { net_sales?: { value: number | null } } | undefined) => figures?.net_sales?.value;

  const byRegion = await ask('region');
  expect(byRegion.rows.map(({ keys, figures, before }) => [keys.region, net(figures), net(before)])).toEqual([
    ['FR', 30, 0],
    ['NL', 1000, 7400],
    ['BE', 0, 50],
  ]);
  expect([net(byRegion.total.figures), net(byRegion.total.before)]).toEqual([1030, 7450]);
  expect(byRegion.periodBefore).toEqual(christmas);
  expect(byRegion.rows[2]?.figures.average_order?.value).toBeNull();

  const byDay = await ask('day');
  expect(byDay.rows.map(({ keys, figures, before }) => [keys.day, net(figures), net(before)])).toEqual([
    ['2026-06-01', 1000, 400],
    ['2026-06-02', 30, 50],
  ]);
  expect(net(byDay.total.before)).toBe(7450);
});
