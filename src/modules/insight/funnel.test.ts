import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import { aMachine } from '#modules/identity/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { coPurchases } from './co-purchases.ts';
import { recordSale, type Sale } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import { funnel } from './funnel.ts';

vi.setConfig({ testTimeout: 60_000 });

const CLOCK = { now: new Date('2026-07-31T12:00:00Z'), timeZone: 'Europe/Amsterdam' };

interface Step {
  who: string;
  name: string;
  at: string;
  region?: string;
  isBot?: boolean;
  analytics?: boolean;
}

const happened = ({ clickhouse }: Pick<Deps, 'clickhouse'>, steps: Step[]) =>
  clickhouse.insert({
    table: 'event',
    format: 'JSONEachRow',
    values: steps.map(({ who, name, at, region = '', isBot = false, analytics }) => ({
      source_id: '00000000-0000-4000-8000-000000000009',
      message_id: randomUUID(),
      kind: 'track',
      name,
      keyed_at: at,
      occurred_at: at,
      received_at: at,
      anonymous_id: who,
      region,
      is_bot: isBot,
      consent: analytics === undefined ? {} : { analytics },
    })),
  });

const joined = async ({ clickhouse }: Pick<Deps, 'clickhouse'>, who: string, personId: string) =>
  clickhouse.command({
    query: `insert into person_override select lower(hex(substring(SHA256(concat('anonymous\\0',
      '00000000-0000-4000-8000-000000000009', '\\0', {who: String})), 1, 16))), {personId: UUID}, 1`,
    query_params: { who, personId },
  });

test('counts each person once by the furthest step in order within the window, by region', async ({
  deps,
  app,
}) => {
  const { clickhouse } = deps;
  const key = randomUUID().slice(0, 8);
  const [view, add, buy] = [`view ${key}`, `add ${key}`, `buy ${key}`];
  const at = (day: string, time = '12:00:00') => `${day} ${time}.000`;
  const [phone, laptop, person] = [randomUUID(), randomUUID(), randomUUID()];
  await joined(deps, phone, person);
  await joined(deps, laptop, person);
  await happened(deps, [
    // One person on two devices: the region that is told first.
    { who: phone, name: view, at: at('2026-06-01'), region: 'NL' },
    { who: laptop, name: add, at: at('2026-06-01', '13:00:00'), region: 'BE' },
    { who: laptop, name: buy, at: at('2026-06-02', '12:00:00') },
    // Twice the same is one person; the window of 24 hours ends on the last hour.
    { who: `${key} late`, name: view, at: at('2026-06-03'), region: 'NL' },
    { who: `${key} late`, name: view, at: at('2026-06-03', '12:30:00'), region: 'NL' },
    { who: `${key} late`, name: add, at: at('2026-06-03', '13:00:00'), region: 'NL' },
    { who: `${key} late`, name: buy, at: at('2026-06-04', '12:30:01'), region: 'NL' },
    // The wrong way round.
    { who: `${key} round`, name: add, at: at('2026-06-05'), region: 'BE' },
    { who: `${key} round`, name: view, at: at('2026-06-05', '12:01:00'), region: 'BE' },
    // Begins in the last hour of the period (Amsterdam), ends beyond it; begins after it; begins before it.
    { who: `${key} edge`, name: view, at: at('2026-06-10', '21:59:59') },
    { who: `${key} edge`, name: add, at: at('2026-06-11', '20:00:00') },
    { who: `${key} after`, name: view, at: at('2026-06-10', '22:00:00') },
    { who: `${key} after`, name: add, at: at('2026-06-11', '20:00:00') },
    { who: `${key} before`, name: view, at: at('2026-05-31', '21:59:59') },
    { who: `${key} before`, name: add, at: at('2026-05-31', '23:00:00') },
    { who: `${key} robot`, name: view, at: at('2026-06-05'), isBot: true },
    { who: `${key} no`, name: view, at: at('2026-06-05'), analytics: false },
    { who: `${key} yes`, name: view, at: at('2026-06-05'), analytics: true, region: 'BE' },
  ]);
  const question = { steps: [view, add, buy], windowHours: 24, from: '2026-06-01', to: '2026-06-10' };
  const answer = await funnel(clickhouse, question, CLOCK);
  expect(answer).toMatchObject({
    rows: [
      { region: '', persons: [1, 1, 0] },
      { region: 'BE', persons: [2, 0, 0] },
      { region: 'NL', persons: [2, 2, 1] },
    ],
    total: [5, 3, 1],
    isOpen: false,
  });
  const early = { ...CLOCK, now: new Date('2026-06-11T20:00:00Z') };
  expect((await funnel(clickhouse, question, early)).isOpen).toBe(true);

  const { authorization } = await aMachine(deps, ['insight:read']);
  const post = (payload: object) =>
    app.inject({ method: 'POST', url: '/v1/insight/funnel', headers: { authorization }, payload });
  const over = await post(question);
  expect([over.statusCode, over.json().total, over.json().isBehind]).toEqual([200, [5, 3, 1], false]);
  const shown = over.json().sql;
  const again = await clickhouse.query({
    query: shown.text,
    query_params: shown.params,
    format: 'JSONEachRow',
  });
  expect(await again.json()).toHaveLength(3);
  const refused = await post({ ...question, to: '2026-05-01' });
  expect([refused.statusCode, refused.json().type]).toEqual([422, '/problems/insight.period_unfit']);
  expect((await post({ ...question, steps: [view, view] })).statusCode).toBe(400);
});

test('counts the orders in which two products meet, beside the orders of each', async ({ deps, app }) => {
  const { db, clickhouse } = deps;
  const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()].toSorted() as [string, string, string];
  const sale = (products: string[], more: Partial<Sale> = {}): Sale => ({
    regionCode: 'SE',
    businessDay: '2026-06-05',
    ...more,
    lines: products.map((productId) => ({ productId, grossMinor: 100 })),
  });
  await inTransaction(db, async (tx) => {
    await recordSale(tx, sale([a, b]));
    await recordSale(tx, sale([a, b, b, c]));
    await recordSale(tx, sale([a]));
    await recordSale(tx, sale([b], { regionCode: 'DE' }));
    await recordSale(tx, sale([a, c], { businessDay: '2026-06-30' }));
    const gone = await recordSale(tx, sale([a, c]));
    await recordSale(tx, sale([a, c], { isCancellation: true, of: gone, businessDay: '2026-06-09' }));
    // What came back was bought together all the same.
    const back = await recordSale(tx, sale([b, c]));
    await recordSale(tx, sale([b, c], { isReturn: true, of: back, businessDay: '2026-06-09' }));
  });
  const { signal } = new AbortController();
  do await catchUp(deps, signal);
  while ((await freshness(db)).behind);

  const period = { from: '2026-06-01', to: '2026-06-10' };
  const found = await coPurchases(clickhouse, { ...period, top: 10 });
  expect([found.orders, found.rows]).toEqual([
    5,
    [
      { productId: a, otherId: b, orders: 2, ordersOfProduct: 3, ordersOfOther: 4, lift: 10 / 12 },
      { productId: b, otherId: c, orders: 2, ordersOfProduct: 4, ordersOfOther: 2, lift: 10 / 8 },
      { productId: a, otherId: c, orders: 1, ordersOfProduct: 3, ordersOfOther: 2, lift: 5 / 6 },
    ],
  ]);
  const { authorization } = await aMachine(deps, ['insight:read']);
  const url = `/v1/insight/co-purchases?from=2026-06-01&to=2026-06-10&product=${c}&region=SE&top=1`;
  const answer = await app.inject({ url, headers: { authorization } });
  expect([answer.statusCode, answer.json().orders, answer.json().rows]).toEqual([
    200,
    4,
    [{ productId: c, otherId: b, orders: 2, ordersOfProduct: 2, ordersOfOther: 3, lift: 8 / 6 }],
  ]);
});
