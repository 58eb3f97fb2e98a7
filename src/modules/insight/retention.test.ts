import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine } from '#modules/identity/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { recordSale, type Sale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import { monthAfter, retention } from './retention.ts';

const CLOCK = { now: new Date('2026-06-15T12:00:00Z'), timeZone: 'Europe/Amsterdam' };

const test = base.extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);
});

const bought = (customerId: string | null, businessDay: string, more: Partial<Sale> = {}): Sale => ({
  customerId,
  businessDay,
  regionCode: 'SE',
  lines: [{ grossMinor: 100, quantity: 1 }],
  ...more,
});

test('a cohort is who first bought in its month; months that are not over are null; sums are divided last', async ({
  app,
  deps,
  db,
  clickhouse,
  follow,
}) => {
  const [ada, ben, cas, dot] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await inTransaction(db, async (tx) => {
    await recordSale(tx, bought(ada, '2026-03-31'));
    await recordSale(tx, bought(ada, '2026-03-31', { currency: 'GBP' }));
    await recordSale(tx, bought(ada, '2026-05-01', { regionCode: 'DE' }));
    await recordSale(tx, bought(ben, '2026-03-01', { regionCode: 'SE-stockholm' }));
    await recordSale(tx, bought(ben, '2026-04-30'));
    await recordSale(tx, bought(ben, '2026-06-02'));
    await recordSale(tx, bought(cas, '2026-04-10'));
    // Cancelled to the last unit: no purchase. Sent back: one all the same.
    const gone = await recordSale(tx, bought(dot, '2026-03-05'));
    await recordSale(tx, bought(dot, '2026-03-06', { isCancellation: true, of: gone }));
    const back = await recordSale(tx, bought(dot, '2026-05-20'));
    await recordSale(tx, bought(dot, '2026-06-01', { isReturn: true, of: back }));
    await recordSale(tx, bought(null, '2026-03-05'));
    await recordSale(tx, bought(randomUUID(), '2026-03-09', { regionCode: 'DK' }));
  });
  await follow();
  const found = await retention(clickhouse, { from: '2026-03', to: '2026-06', region: 'SE' }, CLOCK);
  expect(found.cohorts).toEqual([
    { month: '2026-03', size: 2, buyers: [2, 1, 1, null] },
    { month: '2026-04', size: 1, buyers: [1, 0, null, null] },
    { month: '2026-05', size: 1, buyers: [1, null, null, null] },
    { month: '2026-06', size: null, buyers: [null, null, null, null] },
  ]);
  expect(found.months).toEqual([
    { buyers: 4, of: 4, share: 1 },
    { buyers: 1, of: 3, share: 1 / 3 },
    { buyers: 1, of: 2, share: 0.5 },
    { buyers: 0, of: 0, share: null },
  ]);

  const { authorization } = await aMachine(deps, ['insight:read']);
  const ask = (query: string) =>
    app.inject({ url: `/v1/insight/retention?${query}`, headers: { authorization } });
  const over = await ask('from=2026-03&to=2026-05&region=SE');
  expect([over.statusCode, over.json().cohorts[0].size, over.json().sql.params.region]).toEqual([
    200,
    2,
    'SE',
  ]);
  expect((await ask('from=2026-05&to=2026-03')).json()).toMatchObject({
    type: '/problems/insight.period_unfit',
  });
  expect((await ask('from=2026-13&to=2027-01')).statusCode).toBe(400);
  expect((await app.inject({ url: '/v1/insight/retention?from=2026-03&to=2026-05' })).statusCode).toBe(401);
});

const aPurchase = fc.record({
  who: fc.nat(6),
  month: fc.nat(5),
  day: fc.integer({ min: 1, max: 28 }),
  fate: fc.constantFrom('kept', 'kept', 'kept', 'returned', 'cancelled'),
});

test('whatever was bought, retention is what PostgreSQL says of the events', async ({
  db,
  clickhouse,
  follow,
}) => {
  await fc.assert(
    fc.asyncProperty(fc.array(aPurchase, { minLength: 1, maxLength: 25 }), async (purchases) => {
      const people = Array.from({ length: 7 }, () => randomUUID());
      const regionCode = `x-${randomUUID().slice(0, 8)}`;
      await inTransaction(db, async (tx) => {
        for (const { who, month, day, fate } of purchases) {
          const on = `${monthAfter('2025-12', month)}-${String(day).padStart(2, '0')}`;
          const sale = await recordSale(tx, bought(people[who] ?? null, on, { regionCode }));
          const after = { of: sale, regionCode };
          if (fate === 'returned')
            await recordSale(tx, bought(people[who] ?? null, on, { ...after, isReturn: true }));
          if (fate === 'cancelled')
            await recordSale(tx, bought(people[who] ?? null, on, { ...after, isCancellation: true }));
        }
      });
      await follow();
      const { rows } = await sql<{ cohort: string; after: number; buyers: number }>`
        with bought as (
          select payload ->> 'customerId' as who, date_trunc('month', (payload ->> 'businessDay')::date) as month
          from platform.event as placed
          where name = 'orders.order_recorded.v1' and payload ->> 'regionCode' = ${regionCode}
            and not exists (
              select from platform.event as cancelled where cancelled.name = 'orders.units_cancelled.v1'
                and cancelled.payload ->> 'orderId' = placed.payload ->> 'orderId')
        ), first as (select who, min(month) as cohort from bought group by who)
        select to_char(cohort, 'YYYY-MM') as cohort, count(distinct who)::integer as buyers,
          ((extract(year from month) - extract(year from cohort)) * 12
            + extract(month from month) - extract(month from cohort))::integer as after
        from bought join first using (who) group by cohort, month order by cohort, month`.execute(db);
      const { cohorts } = await retention(
        clickhouse,
        { from: '2025-12', to: '2026-05', region: regionCode },
        CLOCK,
      );
      const told = cohorts.flatMap(({ month, buyers }) =>
        buyers.flatMap((count, after) => (count ? [{ cohort: month, after, buyers: count }] : [])),
      );
      expect(told).toEqual(rows.map(({ cohort, after, buyers }) => ({ cohort, after, buyers })));
    }),
    { numRuns: 8 },
  );
});
