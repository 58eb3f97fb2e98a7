import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { drill } from './drill.ts';
import { recordSale, type Sale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import { METRIC_NAMES, metricDimensions } from './metrics.ts';
import { periodYearBefore } from './periods.ts';
import type { Question } from './questions.ts';

/** `sold(currency, sales)` waits until the ledger has them. `ask` asks at noon UTC of a day in July 2026. */
const test = base
  .extend(
    'sold',
    { scope: 'file' },
    async ({ db, databaseUrl, clickhouse }) =>
      async (currency: string, sales: Sale[]) => {
        const recorded = await inTransaction(db, async (tx) => {
          const all = [];
          for (const sale of sales) all.push(await recordSale(tx, { currency, ...sale }));
          return all;
        });
        const { signal } = new AbortController();
        do await catchUp({ databaseUrl, clickhouse }, signal);
        while ((await freshness(db)).behind);
        return recorded;
      },
  )
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (question: Partial<Question>, day = '2026-07-31') =>
        answer(
          clickhouse,
          {
            from: '2026-06-01',
            to: '2026-06-30',
            by: [],
            metrics: ['net_sales'],
            currency: 'EUR',
            ...question,
          },
          { now: new Date(`${day}T12:00:00Z`), timeZone: 'Europe/Amsterdam' },
        ),
  );

const sale = (businessDay: string, grossMinor: number, more: Sale | object = {}): Sale => ({
  businessDay,
  lines: [{ grossMinor }],
  ...more,
});

test('a rolling window keeps days on which nothing was sold, reaches back before the period, and leaves the total alone', async ({
  sold,
  ask,
}) => {
  const currency = 'ROL';
  await sold(currency, [
    sale('2026-05-31', 500),
    sale('2026-06-01', 10),
    sale('2026-06-03', 3),
    sale('2026-06-03', 4),
    sale('2026-06-05', 1000),
  ]);
  const { rows, total } = await ask({
    currency,
    by: ['day'],
    to: '2026-06-05',
    rolling: 3,
    metrics: ['net_sales', 'average_order'],
  });
  expect(
    rows.map(({ keys, figures }) => [keys.day, figures.net_sales?.value, figures.average_order?.value]),
  ).toEqual([
    ['2026-06-01', 510, 255],
    ['2026-06-02', 510, 255],
    ['2026-06-03', 17, 6],
    ['2026-06-04', 7, 4],
    ['2026-06-05', 1007, 336],
  ]);
  expect(total.figures.net_sales?.value).toBe(1017);
});

test('the most of a metric and the rest add up to the whole; a ratio of the rest is divided from its sums', async ({
  sold,
  ask,
}) => {
  const currency = 'TOP';
  await sold(currency, [
    sale('2026-06-01', 100, { regionCode: 'NL' }),
    sale('2026-06-01', 300, { regionCode: 'DE' }),
    sale('2026-06-02', 20, { regionCode: 'BE' }),
    sale('2026-06-02', 5, { regionCode: 'FR' }),
    sale('2026-06-02', 6, { regionCode: 'FR' }),
  ]);
  const asked = {
    currency,
    by: ['region'],
    metrics: ['net_sales', 'average_order'],
    top: { count: 2 },
  } as const;
  const { rows, total } = await ask(asked);
  expect(
    rows.map(({ keys, isRest, figures }) => [
      keys.region,
      isRest,
      figures.net_sales?.value,
      figures.average_order?.value,
    ]),
  ).toEqual([
    ['DE', undefined, 300, 300],
    ['NL', undefined, 100, 100],
    [undefined, true, 31, 10],
  ]);
  expect(total.figures.net_sales?.value).toBe(431);
  const byDay = await ask({ ...asked, by: ['region', 'day'], to: '2026-06-02', top: { count: 1 } });
  expect(
    byDay.rows.map(({ keys, isRest, figures }) => [keys.day, keys.region, isRest, figures.net_sales?.value]),
  ).toEqual([
    ['2026-06-01', 'DE', undefined, 300],
    ['2026-06-01', undefined, true, 100],
    ['2026-06-02', 'DE', undefined, 0],
    ['2026-06-02', undefined, true, 31],
  ]);
});

test('weeks begin on Monday, months on their first; those that have not begun are null', async ({
  sold,
  ask,
}) => {
  const currency = 'WKS';
  await sold(currency, [sale('2026-06-07', 1), sale('2026-06-08', 20), sale('2026-07-01', 300)]);
  const figures = async (by: 'week' | 'month', day?: string) => {
    const { rows } = await ask({ currency, by: [by], from: '2026-06-05', to: '2026-07-02' }, day);
    return rows.map(({ keys, figures: { net_sales: net } }) => [keys[by], net?.value]);
  };
  expect(await figures('week')).toEqual([
    ['2026-06-01', 1],
    ['2026-06-08', 20],
    ['2026-06-15', 0],
    ['2026-06-22', 0],
    ['2026-06-29', 300],
  ]);
  expect(await figures('month', '2026-06-30')).toEqual([
    ['2026-06-01', 21],
    ['2026-07-01', null],
  ]);
});

test('a year before is the same dates, laid under the days they are compared with', async ({ sold, ask }) => {
  const currency = 'YRS';
  await sold(currency, [
    sale('2025-06-02', 7),
    sale('2026-06-02', 70),
    sale('2025-06-03', 1, { occurredAt: '2025-06-03T11:00:00Z' }),
    sale('2025-06-03', 2, { occurredAt: '2025-06-03T13:00:00Z' }),
  ]);
  const { rows, periodBefore, total } = await ask(
    { currency, by: ['day'], from: '2026-06-02', to: '2026-06-03', compare: 'year' },
    '2026-06-03',
  );
  expect(periodBefore).toEqual({ from: '2025-06-02', to: '2025-06-03' });
  // The third is not over: of the year before, what was sold by noon.
  expect(
    rows.map(({ keys, figures, before }) => [keys.day, figures.net_sales?.value, before?.net_sales?.value]),
  ).toEqual([
    ['2026-06-02', 70, 7],
    ['2026-06-03', 0, 1],
  ]);
  expect(total.before?.net_sales?.value).toBe(8);
});

test.for([
  [
    { from: '2029-02-01', to: '2029-02-28' },
    { from: '2028-02-01', to: '2028-02-29' },
  ],
  [
    { from: '2028-02-29', to: '2028-02-29' },
    { from: '2027-03-01', to: '2027-02-28' },
  ],
  [
    { from: '2026-01-01', to: '2026-12-31' },
    { from: '2025-01-01', to: '2025-12-31' },
  ],
] as const)('the year before of %o', ([period, before]) => {
  expect(periodYearBefore(period)).toEqual(before);
});

test('by the day of their order, returns say how much of what was bought came back', async ({
  sold,
  ask,
}) => {
  const currency = 'COH';
  const [bought] = await sold(currency, [
    { businessDay: '2026-06-10', lines: [{ quantity: 4, grossMinor: 400 }] },
  ]);
  if (!bought) throw new Error('nothing was recorded');
  await sold(currency, [
    { businessDay: '2026-07-20', isReturn: true, of: bought, lines: [{ quantity: 1, grossMinor: 100 }] },
    { businessDay: '2026-06-12', isReturn: true, lines: [{ quantity: 1, grossMinor: 30 }] }, // of an order that nobody named
  ]);
  const june = async (dated: 'own' | 'order') => {
    const { total } = await ask({ currency, dated, metrics: ['returns', 'return_rate'] });
    return [total.figures.returns?.value, total.figures.return_rate?.value];
  };
  expect(await june('own')).toEqual([30, 0.25]);
  expect(await june('order')).toEqual([130, 0.5]);
});

test('a customer’s first order is new, whenever it is told, and what came back of it is too', async ({
  sold,
  ask,
}) => {
  const currency = 'NEW';
  const customerId = randomUUID();
  const at = (occurredAt: string) => ({ customerId, occurredAt });
  await sold(currency, [sale('2026-06-10', 100, at('2026-06-10T10:00:00Z')), sale('2026-06-11', 7)]);
  const split = async () => {
    const { rows } = await ask({ currency, by: ['customer'], metrics: ['net_sales', 'orders'] });
    return rows.map(({ keys, figures }) => [keys.customer, figures.net_sales?.value, figures.orders?.value]);
  };
  expect(await split()).toEqual([
    ['new', 100, 1],
    ['unknown', 7, 1],
  ]);
  const [earlier] = await sold(currency, [sale('2026-06-09', 20, at('2026-06-09T10:00:00Z'))]);
  await sold(currency, [
    sale('2026-06-20', 5, { ...at('2026-06-20T10:00:00Z'), isReturn: true, ...(earlier && { of: earlier }) }),
  ]);
  expect(await split()).toEqual([
    ['new', 15, 1],
    ['returning', 100, 1],
    ['unknown', 7, 1],
  ]);
});

test('an order of several products is one order of a filter, and may not be split by product', async ({
  sold,
  ask,
}) => {
  const currency = 'PRD';
  const [productId, other] = [randomUUID(), randomUUID()];
  await sold(currency, [
    {
      businessDay: '2026-06-01',
      lines: [
        { grossMinor: 5, productId },
        { grossMinor: 70, productId: other },
      ],
    },
  ]);
  const filtered = await ask({
    currency,
    filters: { product: [productId, other] },
    metrics: ['orders', 'gross_sales'],
  });
  expect(filtered.total.figures).toEqual({ orders: { value: 1 }, gross_sales: { value: 75 } });
  const { rows } = await ask({
    currency,
    by: ['product'],
    metrics: ['gross_sales'],
    filters: { product: [productId] },
  });
  expect(rows).toEqual([{ keys: { product: productId }, figures: { gross_sales: { value: 5 } } }]);
  await expect(ask({ currency, by: ['product'], metrics: ['average_order'] })).rejects.toMatchObject({
    code: 'insight.dimension_unfit',
    data: { metric: 'average_order', dimension: 'product' },
  });
});

test.for<[string, Partial<Question>, object]>([
  ['dimension_unfit', { by: ['store'] }, { metric: 'net_sales', dimension: 'store' }],
  [
    'dimension_unfit',
    { metrics: ['regional_credit'], filters: { touchpoint: ['web'] } },
    { metric: 'regional_credit', dimension: 'touchpoint' },
  ],
  ['question_unfit', { by: ['day', 'week'] }, { reason: 'two_time_dimensions' }],
  ['question_unfit', { by: ['day', 'day'] }, { reason: 'two_time_dimensions' }],
  ['question_unfit', { by: ['region', 'region'] }, { reason: 'dimension_twice' }],
  ['question_unfit', { by: ['week'], rolling: 7 }, { reason: 'rolling_needs_days' }],
  [
    'question_unfit',
    { by: ['region'], top: { count: 1, metric: 'units' } },
    { reason: 'top_metric_not_asked' },
  ],
  ['question_unfit', { by: ['day'], top: { count: 1 } }, { reason: 'top_needs_a_dimension' }],
  ['question_unfit', { metrics: ['assigned_share'], dated: 'order' }, { reason: 'dated_is_of_sales' }],
  ['period_unfit', { from: '2026-07-01' }, { from: '2026-07-01', to: '2026-06-30' }],
])('refuses %s: %o', async ([code, question, data], { ask }) => {
  await expect(ask(question)).rejects.toMatchObject({ code: `insight.${code}`, data });
});

test('an answer of more rows than anybody reads is refused', async ({ sold, ask }) => {
  const currency = 'BIG';
  await sold(
    currency,
    ['AT', 'BE', 'CH', 'DE', 'DK', 'ES', 'FR'].map((regionCode) => sale('2026-06-01', 1, { regionCode })),
  );
  const asked = { currency, from: '2007-01-01', to: '2026-12-31', metrics: ['net_sales'] } as const;
  await expect(ask({ ...asked, by: ['region', 'day'] })).rejects.toMatchObject({
    code: 'insight.answer_too_large',
    data: { most: 50_000 },
  });
  expect((await ask({ ...asked, by: ['region', 'week'] })).rows).toHaveLength(7 * 1044);
});

test('what is asked comes with its text, and what came in from outside is beside it', async ({
  clickhouse,
  ask,
}) => {
  const source = `x' OR 1 = 1 --`;
  const { sql, total } = await ask({ filters: { source: [source] }, compare: 'previous' });
  expect(total.figures.net_sales?.value).toBe(0);
  expect(sql.map(({ fact, params }) => [fact, params['source'], params['from']])).toEqual([
    ['sales', [source], '2026-06-01'],
    ['sales', [source], '2026-05-02'],
  ]);
  for (const { text, params } of sql) {
    expect(text).not.toContain('1 = 1');
    const again = await clickhouse.query({ query: text, query_params: params, format: 'JSONEachRow' });
    expect(await again.json()).toEqual([]);
  }
});

test('a page of documents goes on where the one before it ended', async ({ sold, clickhouse }) => {
  const currency = 'DRL';
  const recorded = await sold(currency, [
    sale('2026-06-02', 20),
    sale('2026-06-01', 1),
    { businessDay: '2026-06-03', lines: [{ kind: 'postage', grossMinor: 9 }] },
    sale('2026-06-04', 300, { isReturn: true }),
  ]);
  const asked = { from: '2026-06-01', to: '2026-06-30', currency, metric: 'net_sales' } as const;
  const first = await drill(clickhouse, asked, { today: '2026-12-31', limit: 2 });
  const second = await drill(clickhouse, asked, { today: '2026-12-31', limit: 2, after: first.next });
  expect(
    [...first.rows, ...second.rows].map(({ documentId, businessDay, value }) => [
      documentId,
      businessDay,
      value,
    ]),
  ).toEqual([
    [recorded[3]?.orderId, '2026-06-04', -300],
    [recorded[0]?.orderId, '2026-06-02', 20],
    [recorded[1]?.orderId, '2026-06-01', 1],
  ]);
  expect(second.next).toBeUndefined();
});

test.for(METRIC_NAMES)('%s can be asked by each of its dimensions', async (name, { ask }) => {
  for (const dimension of metricDimensions(name)) {
    const { total } = await ask({ metrics: [name], by: [dimension], currency: 'NIL' });
    expect(total.figures[name]?.value ?? 0).toBe(0);
  }
});
