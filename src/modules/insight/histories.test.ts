import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { creditAll, creditFreshness, setTerritory } from '#modules/market/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import type { AnswerRow } from './rows.ts';
import { drill } from './drill.ts';
import { type LineKind, type RecordedSale, recordSale, type Sale } from './factory.ts';
import type { Dimension } from './facts.ts';
import { catchUp } from './follow-events.ts';
import { creditsFreshness, freshness } from './freshness.ts';
import { type MetricName, metricDimensions, metricOf, SALE_METRIC_NAMES } from './metrics.ts';
import { recomputed } from './recomputed.ts';
import type { Question } from './questions.ts';

const { signal: never } = new AbortController();
const CLOCK = { now: new Date('2026-09-30T12:00:00Z'), timeZone: 'Europe/Amsterdam' };
const PERIOD = { from: '2026-05-20', to: '2026-08-05' };

const test = base
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    // A transaction of another test's database holds everybody's events back until it ends.
    do await catchUp({ databaseUrl, clickhouse }, never);
    while ((await freshness(db)).behind);
  })
  .extend('credit', { scope: 'file' }, async ({ db, deps, follow }) => async () => {
    do await creditAll({ db, config: deps.config });
    while ((await creditFreshness(db)).isBehind);
    do await follow();
    while ((await creditsFreshness(db)).behind);
  })
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (question: Partial<Question>) =>
        answer(
          clickhouse,
          { ...PERIOD, by: [], metrics: SALE_METRIC_NAMES, currency: 'EUR', ...question },
          CLOCK,
        ),
  );

/** Dies once, before or after a statement reaches ClickHouse: as a process does that is killed. */
function dying(clickhouse: ClickHouseClient, at: 'insert' | 'rollup', when: 'before' | 'after') {
  const method = at === 'insert' ? 'insert' : 'command';
  let isDead = false;
  const killed = async (params: never) => {
    if (isDead) throw new Error('dead');
    isDead = true;
    if (when === 'after') await clickhouse[method](params);
    throw new Error('killed');
  };
  return Object.create(clickhouse, { [method]: { value: killed } }) as ClickHouseClient;
}

const KINDS: LineKind[] = ['goods', 'goods', 'goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment'];
const PRODUCTS = Array.from({ length: 3 }, () => randomUUID());
const aLine = fc.record({
  kind: fc.constantFrom(...KINDS),
  quantity: fc.integer({ min: 1, max: 9 }),
  grossMinor: fc.integer({ min: 0, max: 100_000 }),
  discountMinor: fc.integer({ min: 0, max: 700 }),
  productId: fc.constantFrom(...PRODUCTS),
});
const aStep = fc.record({
  does: fc.constantFrom('order', 'order', 'order', 'return', 'cancel', 'stray', 'replay', 'kill'),
  of: fc.nat(30),
  at: fc.constantFrom('insert', 'rollup'),
  when: fc.constantFrom('before', 'after'),
  isFollowed: fc.boolean(),
  regionCode: fc.constantFrom('NL', 'NL-west', 'NL-west-ring', 'DE', 'x-channel-islands'),
  businessDay: fc.constantFrom(
    '2026-05-31',
    '2026-06-01',
    '2026-06-07',
    '2026-06-08',
    '2026-08-05',
    '2026-12-31',
  ),
  touchpoint: fc.constantFrom('web', 'till', 'network:x'),
  source: fc.constantFrom('stoa', 'past'),
  customer: fc.nat(3),
  lines: fc.array(aLine, { minLength: 1, maxLength: 4 }),
});
type Step = typeof aStep extends fc.Arbitrary<infer Value> ? Value : never;

const QUESTIONS: Dimension[][] = [
  [],
  ['region'],
  ['area'],
  ['day'],
  ['region', 'day'],
  ['week', 'touchpoint'],
  ['source', 'month', 'region'],
  ['product', 'day'],
  ['customer'],
  ['region', 'customer', 'week'],
];

const additiveFor = (by: Dimension[]) =>
  SALE_METRIC_NAMES.filter(
    (name) => metricOf(name).kind === 'additive' && by.every((each) => metricDimensions(name).includes(each)),
  );

/** What is not nothing, by its key in the order of the question. */
const toldBy = (rows: AnswerRow[], by: Dimension[], metrics: MetricName[]) =>
  rows
    .map(({ keys, figures }) => ({
      key: by.map((name) => keys[name]),
      sums: Object.fromEntries(metrics.map((name) => [name, figures[name]?.value])),
    }))
    .filter(({ sums }) => Object.values(sums).some((sum) => sum !== 0))
    .sort((a, b) => (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1));

test(
  'whatever comes late, twice, in another order or between two deaths, every figure is what PostgreSQL says',
  { timeout: 240_000 },
  async ({ db, databaseUrl, clickhouse, follow, ask }) => {
    let run = 0;
    const die = async (step: Step) => {
      const dead = dying(clickhouse, step.at, step.when);
      await catchUp({ databaseUrl, clickhouse: dead }, never).catch(() => {});
    };
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 4, maxLength: 14 }), async (steps) => {
        const currency = `A${String.fromCharCode(65 + Math.floor(run / 26), 65 + (run % 26))}`;
        run += 1;
        const customers = Array.from({ length: 3 }, () => randomUUID());
        const orders: RecordedSale[] = [];
        for (const [index, step] of steps.entries()) {
          const { does, of, customer, lines, regionCode, businessDay, touchpoint, source } = step;
          const second = String(59 - index).padStart(2, '0'); // what is told later may have been earlier
          const sale: Sale = {
            currency,
            lines,
            regionCode,
            businessDay,
            touchpoint,
            source,
            occurredAt: `${businessDay}T10:00:${second}.000Z`,
            customerId: customers[customer] ?? null,
          };
          const order = orders[of % Math.max(1, orders.length)];
          if (does === 'replay')
            await sql`update insight.follower set position = '0' where name = 'sale_entry'`.execute(db);
          else if (does === 'kill') await die(step);
          else if (does === 'order') orders.push(await inTransaction(db, (tx) => recordSale(tx, sale)));
          else if (does === 'stray')
            await inTransaction(db, (tx) => recordSale(tx, { ...sale, isReturn: true }));
          else if (order) {
            const kind = does === 'return' ? { isReturn: true } : { isCancellation: true };
            await inTransaction(db, (tx) => recordSale(tx, { ...sale, ...kind, of: order }));
          }
          if (step.isFollowed) await follow();
        }
        await follow();
        for (const dated of ['own', 'order'] as const) {
          for (const by of QUESTIONS) {
            const metrics = additiveFor(by);
            const found = await ask({ by, metrics, currency, dated });
            const expected = (await recomputed(db, { ...PERIOD, by, currency }, dated))
              .map(({ key, sums }) => ({
                key,
                sums: Object.fromEntries(metrics.map((name) => [name, sums[name]])),
              }))
              .filter(({ sums }) => Object.values(sums).some((sum) => sum !== 0))
              .sort((a, b) => (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1));
            const rows = by.length === 0 ? [{ keys: {}, ...found.total }] : found.rows;
            expect(toldBy(rows, by, metrics), `${dated} ${by.join(' ')}`).toEqual(expected);
            const [whole] = await recomputed(db, { ...PERIOD, by: [], currency }, dated);
            for (const name of metrics)
              expect(found.total.figures[name]?.value, name).toBe(whole?.sums[name] ?? 0);
          }
        }
        for (const metric of ['net_sales', 'returns', 'average_order'] as const) {
          const { total } = await ask({ metrics: [metric], currency });
          let value = 0;
          let after: string | undefined;
          do {
            const page = await drill(
              clickhouse,
              { ...PERIOD, currency, metric },
              { after, limit: 3, today: '2026-12-31' },
            );
            value += page.rows.reduce((sum, row) => sum + row.value, 0);
            after = page.next;
          } while (after);
          const figure = total.figures[metric];
          expect(value, metric).toBe(figure?.numerator ?? figure?.value);
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
  },
);

test('regional credits of all stores and what is unassigned are net sales, by day and region, when territories change too', async ({
  db,
  clickhouse,
  credit,
  ask,
}) => {
  const currency = 'CRD';
  const [north, south] = [randomUUID(), randomUUID()];
  const give = (startsOn: string, stores: Record<string, number>) =>
    inTransaction(db, (tx) =>
      setTerritory(
        tx,
        {
          id: randomUUID(),
          regionCode: 'PT',
          startsOn,
          stores: Object.entries(stores).map(([locationId, attractiveness]) => ({
            locationId,
            attractiveness,
            position: { latitude: 39, longitude: -8 },
          })),
          note: '',
          setBy: null,
        },
        CLOCK.now,
      ),
    );
  await give('2026-01-01', { [north]: 1 });
  await inTransaction(db, async (tx) => {
    const sold = await recordSale(tx, {
      currency,
      regionCode: 'PT',
      businessDay: '2026-06-01',
      lines: [{ grossMinor: 1001 }],
    });
    await recordSale(tx, {
      currency,
      regionCode: 'PT',
      businessDay: '2026-06-20',
      lines: [
        { grossMinor: 334, discountMinor: 20 },
        { kind: 'postage', grossMinor: 50 },
      ],
    });
    await recordSale(tx, {
      currency,
      regionCode: 'MX',
      businessDay: '2026-06-20',
      lines: [{ grossMinor: 70 }],
    });
    await recordSale(tx, {
      currency,
      regionCode: 'PT',
      businessDay: '2026-06-21',
      isReturn: true,
      of: sold,
      lines: [{ grossMinor: 500 }],
    });
  });
  await credit();
  const metrics: MetricName[] = ['regional_credit', 'unassigned', 'assigned_share'];
  const byStore = async () => {
    const { rows, total } = await ask({
      currency,
      by: ['store'],
      metrics: ['regional_credit', 'unassigned'],
    });
    return {
      stores: Object.fromEntries(
        rows.map(({ keys, figures }) => [keys.store, figures.regional_credit?.value]),
      ),
      total: total.figures.regional_credit?.value,
      unassigned: total.figures.unassigned?.value,
    };
  };
  expect(await byStore()).toEqual({ stores: { '': 70, [north]: 815 }, total: 885, unassigned: 70 });
  // From the middle of the month both share it evenly: the sale of the 20th is credited anew, its rows corrected.
  await give('2026-06-15', { [north]: 1, [south]: 1 });
  await credit();
  const shared = await byStore();
  expect(shared).toMatchObject({ total: 885, unassigned: 70 });
  const halves = [shared.stores[north], shared.stores[south]];
  expect(new Set(halves)).toEqual(new Set([157, 658]));
  for (const by of [['day'], ['region', 'week'], ['area']] as Dimension[][]) {
    const { rows } = await ask({ currency, by, metrics: [...metrics, 'net_sales'] });
    for (const { keys, figures } of rows) {
      expect(figures.regional_credit?.value, JSON.stringify(keys)).toBe(figures.net_sales?.value);
      expect(figures.assigned_share?.denominator).toBe(figures.net_sales?.value);
    }
  }
  const total = (await ask({ currency, metrics })).total.figures;
  expect(total.assigned_share).toEqual({ value: 815 / 885, numerator: 815, denominator: 885 });
  // All of it once more changes nothing.
  await sql`update insight.follower set position = '0' where name = 'credit_entry'`.execute(db);
  await credit();
  expect(await byStore()).toEqual(shared);
  const page = await drill(
    clickhouse,
    { ...PERIOD, currency, metric: 'regional_credit', filters: { store: [south] } },
    { today: '2026-12-31', limit: 10 },
  );
  expect(page.rows.map(({ businessDay, value }) => [businessDay, value])).toEqual([
    ['2026-06-20', shared.stores[south]],
  ]);
});
