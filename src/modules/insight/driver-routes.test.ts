import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { seedMember, signIn } from '../identity/index.ts';
import { recordSale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';

const [LAMP, VASE] = [randomUUID(), randomUUID()];

/** `ask(url, body)`: what staff is answered, when three sales are in the figures. */
const test = base.extend('ask', { scope: 'file' }, async ({ app, deps }) => {
  await inTransaction(deps.db, async (tx) => {
    for (const [businessDay, productId, grossMinor] of [
      ['2025-12-24', VASE, 700],
      ['2026-06-01', LAMP, 1_000],
      ['2026-06-02', VASE, 200],
    ] as const)
      await recordSale(tx, { businessDay, lines: [{ productId, grossMinor }] });
  });
  do await catchUp(deps, new AbortController().signal);
  while ((await freshness(deps.db)).behind);
  const account = { email: 'drivers@stoa.example', password: 'a stoa is a covered walk' };
  await seedMember(deps, { ...account, name: 'Ada', staffRoles: ['merchant'] });
  const caller = { headers: { host: 'localhost', origin: 'http://localhost' }, ip: '127.0.0.1' };
  const cookie = (await signIn(deps, caller, account)).map((each) => each.split(';', 1)[0]).join('; ');
  const headers = { origin: 'http://localhost:80', cookie };
  return async (path: string, payload: object) =>
    app.inject({ method: 'POST', url: `/v1/insight/${path}`, payload, headers });
});

const christmas = { from: '2025-12-24', to: '2025-12-24' };
const asked = { from: '2026-06-01', to: '2026-06-02', currency: 'EUR' };

test('POST /v1/insight/drivers says what a change is made of, against any days, and is refused for what does not add up', async ({
  app,
  ask,
}) => {
  const guest = await app.inject({ method: 'POST', url: '/v1/insight/drivers', payload: {} });
  expect(guest.statusCode).toBe(401);
  const question = { ...asked, metric: 'net_sales', dimension: 'product', against: christmas, most: 1 };

  const answer = await ask('drivers', question);
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.json()).toMatchObject({
    dimension: 'product',
    title: 'Product',
    change: 500,
    definition: { name: 'net_sales', unit: 'money' },
    rows: [
      { key: LAMP, now: 1000, before: 0, change: 1000 },
      { key: '', isRest: true, now: 200, before: 700, change: -500 },
    ],
  });
  const usual = await ask('drivers', { ...asked, metric: 'net_sales', dimension: 'product' });
  expect(usual.json()).toMatchObject({ change: 1200 }); // against the two days before

  const ratio = await ask('drivers', {
    ...asked,
    metric: 'average_order',
    dimension: 'source',
    against: christmas,
  });
  expect(ratio.json()).toMatchObject({
    change: -100,
    rows: [{ key: 'stoa', now: 600, before: 700, change: -100, mix: 0, rate: -100 }],
  });
  const undivided = await ask('drivers', { ...asked, metric: 'average_order', dimension: 'source' });
  expect(undivided.json()).toMatchObject({ change: null, rows: [] });

  for (const [metric, dimension] of [
    ['average_order', 'product'],
    ['stock_turn', 'location'],
    ['orders', 'product'],
    ['net_sales', 'touchpoint'],
    ['net_sales', 'region'],
  ]) {
    const refused = await ask('drivers', { ...asked, metric, dimension });
    expect(refused.json(), metric).toMatchObject({
      type: '/problems/insight.dimension_unfit',
      status: 422,
      data: { metric, dimension },
    });
  }
});

test('POST /v1/insight/query answers beside any other days, and not for rows that those have none of', async ({
  ask,
}) => {
  const question = { ...asked, metrics: ['net_sales'], by: ['day'], against: christmas };
  const answer = await ask('query', question);
  expect(answer.json()).toMatchObject({
    periodBefore: christmas,
    rows: [
      {
        keys: { day: '2026-06-01' },
        figures: { net_sales: { value: 1000 } },
        before: { net_sales: { value: 700 } },
      },
      {
        keys: { day: '2026-06-02' },
        figures: { net_sales: { value: 200 } },
        before: { net_sales: { value: 0 } },
      },
    ],
    total: { figures: { net_sales: { value: 1200 } }, before: { net_sales: { value: 700 } } },
  });
  for (const more of [{ compare: 'year' }, { rolling: 7 }, { by: ['region'], top: { count: 1 } }]) {
    const refused = await ask('query', { ...question, ...more });
    expect(refused.json()).toMatchObject({
      type: '/problems/insight.question_unfit',
      data: { reason: 'against_is_of_whole_rows' },
    });
  }
});
