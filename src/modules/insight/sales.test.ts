import fc from 'fast-check';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { type LineKind, recordSale, type Sale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import type { Figures } from './figures.ts';
import { BRIDGE, METRIC_NAMES, type MetricName, metricOf, SALE_METRIC_NAMES } from './metrics.ts';
import { salesBy, type SalesQuestion } from './sales.ts';

/** `ledgerOf(sales)` records them and waits until the ledger has them. `ask` asks in June 2026, at noon UTC. */
const test = base
  .extend('ledgerOf', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async (sales: Sale[]) => {
    await inTransaction(db, async (tx) => {
      for (const sale of sales) await recordSale(tx, sale);
    });
    const { signal } = new AbortController();
    // A transaction of another test's database holds everybody's events back until it ends.
    do await catchUp({ databaseUrl, clickhouse }, signal);
    while ((await freshness(db)).behind);
  })
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (question: Partial<SalesQuestion>, at = '2026-06-30T12:00:00Z') => {
        const june = {
          from: '2026-06-01',
          to: '2026-06-29',
          by: 'region',
          currency: 'EUR',
          metrics: SALE_METRIC_NAMES,
        } as const;
        return salesBy(
          clickhouse,
          { ...june, ...question },
          { now: new Date(at), timeZone: 'Europe/Amsterdam' },
        );
      },
  );

const values = (figures: Figures | undefined) =>
  Object.fromEntries(Object.entries(figures ?? {}).map(([name, figure]) => [name, figure.value]));

test('a ledger with discounts, returns, cancellations, postage and two currencies gives the exact table', async ({
  ledgerOf,
  ask,
}) => {
  const source = 'exact';
  await ledgerOf([
    {
      source,
      lines: [
        { quantity: 2, grossMinor: 2000, discountMinor: 300 },
        { quantity: 1, grossMinor: 995 },
        { kind: 'postage', grossMinor: 595 },
        { kind: 'discount', grossMinor: -100 },
      ],
    },
    {
      source,
      businessDay: '2026-06-02',
      lines: [
        { quantity: 3, grossMinor: 1500 },
        { kind: 'voucher', grossMinor: -500 },
      ],
    },
    {
      source,
      isReturn: true,
      businessDay: '2026-06-03',
      lines: [
        { quantity: 1, grossMinor: 850 },
        { kind: 'postage', grossMinor: 595 },
      ],
    },
    {
      source,
      regionCode: 'DE',
      lines: [
        { quantity: 4, grossMinor: 4001 },
        { kind: 'fee', grossMinor: 25 },
      ],
    },
    { source, regionCode: 'DE', isReturn: true, lines: [{ kind: 'adjustment', grossMinor: 7 }] },
    {
      source,
      regionCode: 'DE',
      isCancellation: true,
      businessDay: '2026-06-04',
      lines: [
        { quantity: 3, grossMinor: 3001 },
        { kind: 'postage', grossMinor: 5 },
      ],
    },
    { source, regionCode: 'DE', currency: 'GBP', lines: [{ quantity: 9, grossMinor: 9999 }] },
  ]);

  const answer = await ask({ source });

  expect(answer.rows.map(({ key, figures }) => [key, values(figures)])).toEqual([
    [
      'DE',
      {
        net_sales: 1000,
        gross_sales: 4001,
        discounts: 0,
        returns: 0,
        cancellations: 3001,
        orders: 1,
        units: 4,
        average_order: 4001,
        average_price: 1000,
        units_per_order: 4,
        discount_rate: 0,
        return_rate: 0,
        cancellation_rate: 0.75,
        returned_units: 0,
        cancelled_units: 3,
        postage: -5,
        fees: 25,
        vouchers: 0,
        adjustments: -7,
        invoiced: 1013,
      },
    ],
    [
      'NL',
      {
        net_sales: 3245,
        gross_sales: 4495,
        discounts: 400,
        returns: 850,
        cancellations: 0,
        orders: 2,
        units: 6,
        average_order: 2048,
        average_price: 682,
        units_per_order: 3,
        discount_rate: 400 / 4495,
        return_rate: 1 / 6,
        cancellation_rate: 0,
        returned_units: 1,
        cancelled_units: 0,
        postage: 0,
        fees: 0,
        vouchers: -500,
        adjustments: 0,
        invoiced: 2745,
      },
    ],
  ]);
  expect(values(answer.total.figures)).toEqual({
    net_sales: 4245,
    gross_sales: 8496,
    discounts: 400,
    returns: 850,
    cancellations: 3001,
    orders: 3,
    units: 10,
    average_order: 2699,
    average_price: 810,
    units_per_order: 10 / 3,
    discount_rate: 400 / 8496,
    return_rate: 0.1,
    cancellation_rate: 0.3,
    returned_units: 1,
    cancelled_units: 3,
    postage: -5,
    fees: 25,
    vouchers: -500,
    adjustments: -7,
    invoiced: 3758,
  });
  expect(answer.total.figures.average_order).toEqual({ value: 2699, numerator: 8096, denominator: 3 });
  const pounds = await ask({ source, currency: 'GBP', metrics: ['invoiced'] });
  expect(pounds.total.figures.invoiced?.value).toBe(9999);
});

const KINDS: LineKind[] = ['goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment'];
const aSale: fc.Arbitrary<Sale> = fc.record({
  isReturn: fc.boolean(),
  isCancellation: fc.boolean(),
  regionCode: fc.constantFrom('NL', 'DE', 'x-channel-islands'),
  businessDay: fc.constantFrom('2026-06-01', '2026-06-02', '2026-06-29'),
  touchpoint: fc.constantFrom('web', 'till', 'network:x'),
  lines: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      quantity: fc.integer({ min: 1, max: 20 }),
      grossMinor: fc.integer({ min: 0, max: 100_000 }),
      discountMinor: fc.integer({ min: 0, max: 500 }),
    }),
    { maxLength: 5 },
  ),
});

/** What the ledger invoices, as a model of one line. */
const invoicedOf = (sales: Sale[]) =>
  sales
    .flatMap(({ isReturn, isCancellation, lines }) =>
      lines.map(
        ({ grossMinor, discountMinor = 0 }) =>
          (isReturn || isCancellation ? -1 : 1) * (grossMinor - discountMinor),
      ),
    )
    .reduce((sum, each) => sum + each, 0);

test('whatever is sold, rows of every dimension add up to the whole, and the bridge to what was invoiced', async ({
  ledgerOf,
  ask,
}) => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(aSale, { minLength: 1, maxLength: 8 }), async (sales) => {
      const source = `run-${(run += 1)}`;
      await ledgerOf(sales.map((sale) => ({ ...sale, source })));
      const dimensions = ['none', 'region', 'day', 'touchpoint', 'source'] as const;
      const answers = await Promise.all(dimensions.map((by) => ask({ source, by })));
      const total = answers[0]?.total;
      expect(total?.figures.invoiced?.value).toBe(invoicedOf(sales));
      for (const answer of answers) expect(answer.total).toEqual(total);
      let sum = 0;
      for (const { metric, sign, sum: closes } of BRIDGE) {
        const value = total?.figures[metric]?.value ?? Number.NaN;
        if (closes) expect(value, metric).toBe(sum);
        else sum += sign * value;
      }
    }),
    { numRuns: 10 },
  );
});

test('days not begun are null, today is so far, days without a sale are zero', async ({ ledgerOf, ask }) => {
  const source = 'days';
  await ledgerOf([
    { source, businessDay: '2026-06-29', lines: [{ grossMinor: 100 }] },
    { source, businessDay: '2026-07-01', occurredAt: '2026-06-30T22:30:00Z', lines: [{ grossMinor: 30 }] },
  ]);
  // Half past midnight in Amsterdam, still June in UTC.
  const answer = await ask(
    { source, by: 'day', from: '2026-06-29', to: '2026-07-02', metrics: ['net_sales', 'average_order'] },
    '2026-06-30T22:45:00Z',
  );
  expect(answer.today).toBe('2026-07-01');
  expect(answer.rows.map(({ key, figures }) => [key, values(figures)])).toEqual([
    ['2026-06-29', { net_sales: 100, average_order: 100 }],
    ['2026-06-30', { net_sales: 0, average_order: null }],
    ['2026-07-01', { net_sales: 30, average_order: 30 }],
    ['2026-07-02', { net_sales: null, average_order: null }],
  ]);
  expect(answer.total.figures.net_sales?.value).toBe(130);
});

test('a period that runs is compared with the one before it up to the same moment', async ({
  ledgerOf,
  ask,
}) => {
  const source = 'moments';
  await ledgerOf([
    { source, businessDay: '2026-06-08', occurredAt: '2026-06-08T11:59:00Z', lines: [{ grossMinor: 5 }] },
    { source, businessDay: '2026-06-08', occurredAt: '2026-06-08T12:01:00Z', lines: [{ grossMinor: 70 }] },
    { source, businessDay: '2026-06-09', occurredAt: '2026-06-09T09:00:00Z', lines: [{ grossMinor: 8 }] },
  ]);
  const question = {
    source,
    from: '2026-06-09',
    to: '2026-06-09',
    compare: true,
    metrics: ['net_sales'],
  } as const;
  const running = await ask(question, '2026-06-09T12:00:00Z');
  const over = await ask(question, '2026-06-10T12:00:00Z');
  expect(running.periodBefore).toEqual({ from: '2026-06-08', to: '2026-06-08' });
  expect([running, over].map(({ total }) => total.before?.net_sales?.value)).toEqual([5, 75]);
  expect([running, over].map(({ total }) => total.figures.net_sales?.value)).toEqual([8, 8]);
});

test('what comes in as a filter is a value and never SQL', async ({ ledgerOf, ask }) => {
  await ledgerOf([{ source: 'quoted', lines: [{ grossMinor: 1 }] }]);
  const answer = await ask({ source: `quoted' OR 1 = 1 --`, metrics: ['invoiced'] });
  expect(answer.rows).toEqual([]);
  expect(answer.total.figures.invoiced?.value).toBe(0);
});

test.for(METRIC_NAMES)('%s says what it is', (name: MetricName) => {
  const metric = metricOf(name);
  expect(metric.title).toMatch(/^(CSAT|NPS|[A-Z][a-z0-9, -]+)$/);
  expect(metric.definition).toMatch(/^[A-Z].{30,}\.$/);
  expect(metric.formula.length).toBeGreaterThan(5);
});

test('sales of an area count in its country, and can be asked for alone', async ({ ledgerOf, ask }) => {
  const source = 'areas';
  const sale = (regionCode: string, grossMinor: number): Sale => ({
    source,
    regionCode,
    lines: [{ grossMinor }],
  });
  await ledgerOf([
    sale('NL', 1),
    sale('NL-west', 20),
    sale('NL-west-ring', 300),
    sale('x-unspecified', 4000),
  ]);
  const netOf = async (region?: string) => {
    const { rows, total } = await ask({ source, region, metrics: ['net_sales'] });
    return {
      rows: rows.map(({ key, figures }) => [key, figures.net_sales?.value]),
      total: total.figures.net_sales?.value,
    };
  };
  expect(await netOf()).toEqual({
    rows: [
      ['NL', 321],
      ['x-unspecified', 4000],
    ],
    total: 4321,
  });
  expect(await netOf('NL')).toEqual({ rows: [['NL', 321]], total: 321 });
  expect((await netOf('NL-west')).total).toBe(320);
  expect((await netOf('NL-we')).total).toBe(0);
});
