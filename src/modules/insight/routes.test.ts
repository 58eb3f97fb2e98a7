import { expect } from 'vitest';
import { seedMember, signIn } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { StaffRole } from '#platform/access.ts';
import { test as base } from '#test/harness.ts';
import { recordSale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import { METRIC_NAMES } from './metrics.ts';

/** `cookieOf(roles)`: a member with these roles, signed in. */
const test = base.extend(
  'cookieOf',
  { scope: 'file' },
  async ({ deps }) =>
    async (staffRoles?: StaffRole[]) => {
      const account = {
        email: `${staffRoles?.join('-') ?? 'shopper'}@stoa.example`,
        password: 'a stoa is a covered walk',
      };
      await seedMember(deps, { ...account, name: 'Somebody', ...(staffRoles && { staffRoles }) });
      const caller = { headers: { host: 'localhost', origin: 'http://localhost' }, ip: '127.0.0.1' };
      const cookies = await signIn(deps, caller, account);
      return cookies.map((each) => each.split(';', 1)[0]).join('; ');
    },
);

const SALES = '/v1/insight/sales';
const june = { from: '2026-06-01', to: '2026-06-30', currency: 'EUR' };

test('GET /v1/insight/sales gives rows, total and freshness to staff, and refuses a guest and a shopper', async ({
  app,
  db,
  databaseUrl,
  clickhouse,
  cookieOf,
}) => {
  await inTransaction(db, (tx) =>
    recordSale(tx, { lines: [{ grossMinor: 1500 }, { kind: 'postage', grossMinor: 500 }] }),
  );
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);
  const query = { ...june, by: 'region', metric: ['net_sales', 'average_order'], compare: 'true' };

  expect((await app.inject({ url: SALES, query })).statusCode).toBe(401);
  const shopper = await cookieOf();
  expect((await app.inject({ url: SALES, query, headers: { cookie: shopper } })).statusCode).toBe(403);
  const answer = await app.inject({ url: SALES, query, headers: { cookie: await cookieOf(['service']) } });

  expect(answer.statusCode, answer.body).toBe(200);
  const figures = {
    net_sales: { value: 1500 },
    average_order: { value: 1500, numerator: 1500, denominator: 1 },
  };
  const before = { net_sales: { value: 0 }, average_order: { value: null, numerator: 0, denominator: 0 } };
  const { asOf, today: _today, ...rest } = answer.json<{ asOf: string; today?: string }>();
  expect(rest).toEqual({
    currency: 'EUR',
    period: { from: '2026-06-01', to: '2026-06-30' },
    periodBefore: { from: '2026-05-02', to: '2026-05-31' },
    rows: [{ key: 'NL', figures, before }],
    total: { key: '', figures, before },
  });
  expect(Date.now() - Date.parse(asOf)).toBeLessThan(60_000);
});

test('a period that ends before it begins is refused', async ({ app, cookieOf }) => {
  const query = { ...june, to: '2026-05-01' };
  const answer = await app.inject({ url: SALES, query, headers: { cookie: await cookieOf(['merchant']) } });
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({
    type: '/problems/insight.period_unfit',
    data: { from: '2026-06-01', to: '2026-05-01' },
  });
});

test('an unknown metric is refused', async ({ app, cookieOf }) => {
  const query = { ...june, metric: 'profit' };
  const answer = await app.inject({ url: SALES, query, headers: { cookie: await cookieOf(['admin']) } });
  expect(answer.statusCode).toBe(400);
});

test('GET /v1/insight/metrics lists every definition, and nothing of how it is computed', async ({
  app,
  cookieOf,
}) => {
  const headers = { cookie: await cookieOf(['operations']) };
  const { metrics } = (await app.inject({ url: '/v1/insight/metrics', headers })).json<{
    metrics: { name: string }[];
  }>();
  expect(metrics.map(({ name }) => name)).toEqual(METRIC_NAMES);
  expect(metrics[0]).toEqual({
    name: 'net_sales',
    title: 'Net sales',
    definition: expect.stringContaining('after discounts, returns and cancellations'),
    formula: 'gross sales − discounts − returns − cancellations',
    unit: 'money',
    kind: 'additive',
    grain: 'line of an order, a return or a cancellation',
    owner: 'sales',
    freshness: 'seconds after the commit',
    dimensions: [
      'region',
      'area',
      'day',
      'week',
      'month',
      'touchpoint',
      'source',
      'customer',
      'product',
      'variant',
      'category',
      'department',
      'brand',
    ],
  });
});

test('POST /v1/insight/query and /drill answer figures with their freshness, definition and SQL, to staff alone', async ({
  app,
  db,
  databaseUrl,
  clickhouse,
  cookieOf,
}) => {
  const currency = 'QRY';
  const { orderId } = await inTransaction(db, (tx) =>
    recordSale(tx, { currency, regionCode: 'NL-west', lines: [{ quantity: 2, grossMinor: 1000 }] }),
  );
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);
  const period = { from: '2026-06-01', to: '2026-06-02', currency };
  const post = (path: string, payload: object, cookie?: string) =>
    app.inject({ method: 'POST', url: `/v1/insight/${path}`, payload, headers: cookie ? { cookie } : {} });
  const question = {
    ...period,
    metrics: ['net_sales', 'units_per_order'],
    by: ['region', 'day'],
    filters: { region: ['NL'] },
  };
  expect((await post('query', question)).statusCode).toBe(401);
  const cookie = await cookieOf(['merchant', 'service']);

  const answer = await post('query', question, cookie);
  expect(answer.statusCode, answer.body).toBe(200);
  const { asOf, sql, definitions, ...rest } = answer.json<{
    asOf: string;
    sql: { fact: string; text: string; params: object }[];
    definitions: { name: string }[];
  }>();
  const figures = {
    net_sales: { value: 1000 },
    units_per_order: { value: 2, numerator: 2, denominator: 1 },
  };
  expect(rest).toEqual({
    currency,
    period: { from: '2026-06-01', to: '2026-06-02' },
    isBehind: false,
    rows: [
      { keys: { region: 'NL', day: '2026-06-01' }, figures },
      {
        keys: { region: 'NL', day: '2026-06-02' },
        figures: {
          net_sales: { value: 0 },
          units_per_order: { value: null, numerator: 0, denominator: 0 },
        },
      },
    ],
    total: { figures },
  });
  expect(Date.now() - Date.parse(asOf)).toBeLessThan(60_000);
  expect(definitions.map(({ name }) => name)).toEqual(['net_sales', 'units_per_order']);
  expect(sql).toEqual([
    {
      fact: 'sales',
      text: expect.stringContaining('FROM sale_day FINAL'),
      params: { ...period, region: ['NL'] },
    },
  ]);

  const behind = await post('drill', { ...period, metric: 'net_sales' }, cookie);
  expect(behind.json()).toMatchObject({
    definition: { name: 'net_sales' },
    rows: [{ documentId: orderId, orderId, businessDay: '2026-06-01', region: 'NL-west', value: 1000 }],
  });
  expect(
    (await post('drill', { ...period, metric: 'net_sales', after: `2026-06-01_${orderId}` }, cookie)).json(),
  ).toMatchObject({ rows: [] });
  const unfit = await post('query', { ...question, by: ['store'] }, cookie);
  expect(unfit.statusCode).toBe(422);
  expect(unfit.json()).toMatchObject({ type: '/problems/insight.dimension_unfit' });
});
