import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { type Drivers, driversOf } from './drivers.ts';
import { recordSale, type Sale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import type { RatioDriver } from './ratio-drivers.ts';
import { recomputed } from './recomputed.ts';

const test = base.extend(
  'sold',
  { scope: 'file' },
  async ({ db, databaseUrl, clickhouse }) =>
    async (currency: string, sales: readonly Sale[]) => {
      await inTransaction(db, async (tx) => {
        for (const sale of sales) await recordSale(tx, { ...sale, currency });
      });
      const { signal } = new AbortController();
      do await catchUp({ databaseUrl, clickhouse }, signal);
      while ((await freshness(db)).behind);
    },
);

const clock = { now: new Date('2026-07-31T12:00:00Z'), timeZone: 'Europe/Amsterdam' };
const june = { from: '2026-06-01', to: '2026-06-30' };
const may = { from: '2026-05-02', to: '2026-05-31' };
const order = (businessDay: string, source: string, grossMinor: number): Sale => ({
  businessDay,
  source,
  lines: [{ grossMinor }],
});

test('an average order that rose is taken apart by source to the cent: by its share of the orders, and by its own average', async ({
  clickhouse,
  sold,
}) => {
  const currency = 'RTA';
  await sold(currency, [
    ...[100, 200].map((gross) => order('2026-05-10', 'a', gross)),
    order('2026-05-10', 'b', 700),
    order('2026-06-10', 'a', 200),
    ...[900, 900, 900].map((gross) => order('2026-06-11', 'b', gross)),
  ]);
  const asked = { ...june, currency, metric: 'average_order', dimension: 'source' } as const;
  const found = await driversOf(clickhouse, { ...asked, most: 5 }, 'previous', clock);
  // From 333.33 to 725: a 147.57 + 22.92, b 112.85 + 108.33; the figure went from 333 to 725.
  expect(found).toEqual({
    dimension: 'source',
    title: 'Source of the document',
    change: 392,
    rows: [
      { key: 'b', now: 900, before: 700, change: 221, mix: 113, rate: 108 },
      { key: 'a', now: 200, before: 150, change: 171, mix: 148, rate: 23 },
    ],
  });
  const one = await driversOf(clickhouse, { ...asked, most: 1 }, 'previous', clock);
  expect(one.rows[1]).toEqual({
    key: '',
    isRest: true,
    now: 200,
    before: 150,
    change: 171,
    mix: 148,
    rate: 23,
  });
  const never = { from: '2024-01-01', to: '2024-01-30' };
  const nothing = await driversOf(clickhouse, { ...asked, most: 5 }, never, clock);
  expect(nothing).toMatchObject({ rows: [], change: null });
});

const PRODUCTS = Array.from({ length: 4 }, () => randomUUID());
const aSale = fc.record({
  isMay: fc.boolean(),
  day: fc.integer({ min: 2, max: 29 }),
  source: fc.constantFrom('a', 'b', 'c'),
  isReturn: fc.nat(4).map((each) => each === 0),
  lines: fc.array(
    fc
      .record({
        productId: fc.constantFrom(...PRODUCTS),
        grossMinor: fc.integer({ min: 1, max: 9_999 }),
        part: fc.integer({ min: 0, max: 100 }),
      })
      .map(({ productId, grossMinor, part }) => ({
        productId,
        grossMinor,
        discountMinor: Math.floor((grossMinor * part) / 100),
      })),
    { minLength: 1, maxLength: 3 },
  ),
});

const sum = (sums: Record<string, number>, name: string) => sums[name] ?? 0;
/** What a ratio consists of, by the names of the sums that PostgreSQL tells. */
const RATIOS = [
  {
    metric: 'average_order',
    by: 'source',
    of: (sums: Record<string, number>) => [
      sum(sums, 'gross_sales') - sum(sums, 'discounts'),
      sum(sums, 'orders'),
    ],
  },
  {
    metric: 'discount_rate',
    by: 'product',
    of: (sums: Record<string, number>) => [sum(sums, 'discounts'), sum(sums, 'gross_sales')],
  },
] as const;

test(
  'whatever was sold, each part is what the payloads in PostgreSQL make of it, and together they are the change',
  { timeout: 240_000 },
  async ({ db, clickhouse, sold }) => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(aSale, { minLength: 2, maxLength: 14 }), fc.nat(3), async (sales, most) => {
        run += 1;
        const currency = `R${String.fromCharCode(65 + (run % 26), 65 + Math.floor(run / 26))}`;
        await sold(
          currency,
          sales.map(({ isMay, day, ...sale }) => ({
            ...sale,
            businessDay: `2026-0${isMay ? 5 : 6}-${String(day).padStart(2, '0')}`,
          })),
        );
        for (const { metric, by, of } of RATIOS) {
          const asked = { ...june, currency, metric, dimension: by };
          const all = await driversOf(clickhouse, { ...asked, most: 50 }, 'previous', clock);
          const [now, before] = await Promise.all(
            [june, may].map((period) => recomputed(db, { by: [by], currency, ...period })),
          );
          const at = (rows: typeof now) => new Map(rows?.map(({ key, sums }) => [key[0] ?? '', of(sums)]));
          const [here, there] = [at(now), at(before)];
          const whole = (rows: typeof here, index: number) =>
            [...rows.values()].reduce((all, each) => all + (each[index] ?? 0), 0);
          const [nowOver, thenOver] = [whole(here, 1), whole(there, 1)];
          if (nowOver === 0 || thenOver === 0) {
            expect(all).toMatchObject({ rows: [], change: null });
            continue;
          }
          const middle = (whole(here, 0) / nowOver + whole(there, 0) / thenOver) / 2;
          const isMoney = metric === 'average_order';
          for (const key of new Set([...here.keys(), ...there.keys()])) {
            const [amount = 0, volume = 0] = here.get(key) ?? [];
            const [amountThen = 0, volumeThen = 0] = there.get(key) ?? [];
            const share = volume / nowOver - volumeThen / thenOver;
            const expected = amount / nowOver - amountThen / thenOver - share * middle;
            const told = all.rows.find((row) => row.key === key && !row.isRest)?.change ?? 0;
            expect(Math.abs(told - expected), `${metric} ${key}`).toBeLessThan(isMoney ? 2.001 : 1e-9);
          }
          const { total } = await answer(
            clickhouse,
            { ...june, currency, metrics: [metric], by: [], compare: 'previous' },
            clock,
          );
          const change = (total.figures[metric]?.value ?? 0) - (total.before?.[metric]?.value ?? 0);
          const some = await driversOf(clickhouse, { ...asked, most }, 'previous', clock);
          for (const found of [all, some]) expectWhole(found, change, isMoney);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  },
);

function expectWhole({ rows, change }: Drivers, figure: number, isMoney: boolean): void {
  const parts = rows as RatioDriver[];
  const added = (of: 'change' | 'mix' | 'rate') => parts.reduce((all, row) => all + row[of], 0);
  const off = [change ?? Number.NaN, added('change'), added('mix') + added('rate')].map((each) =>
    Math.abs(each - figure),
  );
  expect(Math.max(...off)).toBeLessThanOrEqual(isMoney ? 0 : 1e-12);
}
