import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import {
  aRatedPlace,
  aShippedOrder,
  bringBack,
  costsTold,
  request,
  sendAndTell,
} from '#modules/orders/factory.ts';
import { settleAll } from '#modules/payments/factory.ts';
import { noteSpend } from '#modules/marketing/index.ts';
import { noteContact, setContactRate } from '#modules/satisfaction/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { COST_METRICS } from './cost-metrics.ts';
import { drill } from './drill.ts';
import { live, orderActs } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness, goodsCostsFreshness, serveCostsFreshness, spendFreshness } from './freshness.ts';
import { metricDimensions, type MetricName } from './metrics.ts';
import { businessDayAt, shiftDay } from './periods.ts';
import type { Question } from './questions.ts';

const { signal: never } = new AbortController();
const MARKETPLACE = { currency: 'EUR', timeZone: 'Europe/Amsterdam' };
const METRICS = [
  'net_sales',
  'goods_cost',
  'cm1',
  'spoilt_returns',
  ...Object.keys(COST_METRICS),
] as MetricName[];
const TODAY = businessDayAt(new Date(), MARKETPLACE.timeZone);
const PERIOD = { from: shiftDay(TODAY, -1), to: shiftDay(TODAY, 1), currency: MARKETPLACE.currency };

const test = base
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    await settleAll(db);
    await costsTold(db);
    const all = [serveCostsFreshness, goodsCostsFreshness, spendFreshness, freshness];
    const isBehind = async () =>
      (await Promise.all(all.map((each) => each(db)))).some(({ behind }) => behind);
    // A transaction of another test's database holds everybody's rows back until it ends.
    do await catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never);
    while (await isBehind());
  })
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (question: Partial<Question> = {}) =>
        answer(
          clickhouse,
          { ...PERIOD, by: [], metrics: METRICS, ...question },
          { now: new Date(Date.now() + 3 * 86_400_000), timeZone: MARKETPLACE.timeZone },
        ),
  );

const ADDRESS = {
  email: 'ada@example.com',
  name: 'Ada Example',
  street: 'Long Street 1',
  postcode: '1000',
  city: 'Porto',
};

/** An order of three units, of which five cost 502, in a region of its own. */
async function anOrder(db: Db, databaseUrl: string, regionCode: string) {
  const address = { ...ADDRESS, countryCode: regionCode };
  const bought = await aShippedOrder(db, databaseUrl, { sent: 0, address });
  const level = sql`where variant_id = ${bought.variantId}`;
  await sql`update inventory.stock_level set value_minor = 502 ${level}`.execute(db);
  return bought;
}

test('a market’s cost to serve and what is left of its sales are exact, part by part, and behind them their documents', async ({
  db,
  databaseUrl,
  clickhouse,
  follow,
  ask,
}) => {
  const order = await anOrder(db, databaseUrl, 'FR');
  await aRatedPlace(db, order.locationId);
  await sendAndTell(db, order, 3);
  await follow();
  const filters = { region: ['FR'] };
  const figures = async () => {
    const { total } = await ask({ filters });
    return Object.fromEntries(Object.entries(total.figures).map(([name, { value }]) => [name, value]));
  };
  const before = await figures();
  const netMinor = Number(before['net_sales']);
  // 5.5 minutes at 50, label, packaging; 1.4 % of 34.98 and 25
  const served = 275 + 410 + 60 + 74;
  expect(before).toMatchObject({
    cost_to_serve: served,
    serving: served,
    cost_to_serve_per_order: served,
    cm1: netMinor - 301,
    cm2: netMinor - 301 - served,
  });
  await bringBack(db, order, await request(db, order, 2), { restock: 1, damage: 1 });
  await follow();
  const after = await figures();
  const left = Number(after['net_sales']) - 101 - 100 - served - 250 - 10;
  expect(after).toMatchObject({
    cost_to_serve: served + 100 + 250 + 10, // spoilt, five minutes, a refund
    serving: served + 250 + 10,
    cm2: left,
  });
  await inTransaction(db, async (tx) => {
    const rate = { startsOn: '2020-01-01', currency: 'EUR', minutes: 6, minuteMinor: 52.5 };
    await setContactRate(tx, 'system', rate, new Date());
    const about = {
      id: randomUUID(),
      orderId: order.orderId,
      matter: 'delivery',
      touchpoint: 'service',
    } as const;
    await noteContact(tx, 'system', { ...about, isSettled: true }, new Date());
  });
  await follow();
  expect((await figures())['cm2']).toBe(left - 315);
  const { rows } = await ask({ by: ['cost_kind'], metrics: ['serving'], filters });
  expect(rows.map(({ keys, figures: row }) => [keys.cost_kind, row.serving?.value])).toEqual([
    ['label', 410],
    ['packaging', 60],
    ['payment_fee', 74],
    ['refund_fee', 10],
    ['return_work', 250],
    ['service_work', 315],
    ['work', 275],
  ]);
  const byPlace = await ask({ by: ['location'], metrics: ['serving'], filters });
  expect(byPlace.rows.map(({ keys, figures: row }) => [keys.location, row.serving?.value])).toEqual([
    ['', 84 + 315],
    [order.locationId, 275 + 410 + 60 + 250],
  ]);
  const documents = await drill(
    clickhouse,
    { ...PERIOD, metric: 'cm2', filters },
    { today: '2026-12-31', limit: 10 },
  );
  expect(documents.rows.reduce((sum, { value }) => sum + value, 0)).toBe(left - 315);
  expect(documents.rows.every(({ orderId }) => orderId === order.orderId)).toBe(true);
  expect(documents.rows.find(({ documentId }) => documentId === order.orderId)?.value).toBe(
    netMinor - 301 - served - 315,
  );
});

test('what is spent on marketing is off what is left, as its source tells it by now', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  await anOrder(db, databaseUrl, 'LU');
  await follow();
  const filters = { region: ['LU'] };
  const before = await ask({ filters });
  const metrics: MetricName[] = ['marketing', 'marketing_rate', 'cm3'];
  const [net = 0, left = 0] = (['net_sales', 'cm2'] as const).map(
    (name) => before.total.figures[name]?.value ?? 0,
  );
  const spend = async (amountMinor: number) => {
    const line = {
      reference: 'a',
      day: TODAY,
      regionCode: 'LU',
      campaign: 'Spring',
      currency: 'EUR',
      amountMinor,
    };
    const by = { actor: 'system', today: TODAY, now: new Date() } as const;
    await inTransaction(db, (tx) => noteSpend(tx, 'a-paper', [line], by));
    await follow();
    const { total } = await ask({ metrics, filters });
    return metrics.map((name) => total.figures[name]?.value);
  };
  expect(left).toBeGreaterThan(2000);
  expect(await spend(1234)).toEqual([1234, 1234 / net, left - 1234]);
  expect(await spend(500)).toEqual([500, 500 / net, left - 500]);
  const { rows } = await ask({ by: ['campaign'], metrics: ['marketing'], filters });
  expect(rows.map(({ keys, figures }) => [keys.campaign, figures.marketing?.value])).toEqual([
    ['Spring', 500],
  ]);
  expect(metricDimensions('cm3')).toEqual(['region', 'area', 'day', 'week', 'month']);
});

test('a cost in another currency than its order’s is not known, and nothing is made up for it', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  const order = await anOrder(db, databaseUrl, 'NL');
  await aRatedPlace(db, order.locationId);
  await sql`update orders.order set currency = 'SEK' where id = ${order.orderId}`.execute(db);
  await sendAndTell(db, order, 3);
  await follow();
  const { total } = await ask({ currency: 'SEK', metrics: ['serving'] });
  expect(total.figures.serving?.value).toBe(0);
});

const REGIONS = ['DE', 'BE', 'ES'];

test('after any history the cost of each market is what the ledgers say, and the markets add up to the whole', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 3 }),
      orderActs,
      async (minutes, acts) => {
        const orders: Awaited<ReturnType<typeof anOrder>>[] = [];
        for (const [index, minuteMinor] of minutes.entries()) {
          const order = await anOrder(db, databaseUrl, REGIONS[index] ?? 'ES');
          await aRatedPlace(db, order.locationId, minuteMinor);
          orders.push(order);
        }
        await live(db, orders, acts, { send: (order, units) => sendAndTell(db, order, units), follow });
        const { rows, total } = await ask({ by: ['region'] });
        for (const region of REGIONS) {
          const row = rows.find(({ keys }) => keys.region === region);
          const figure = (name: MetricName) => row?.figures[name]?.value ?? 0;
          const { serving, spoilt } = await recomputed(db, region);
          expect([figure('serving'), figure('cost_to_serve')]).toEqual([serving, serving + spoilt]);
          expect(figure('cm2')).toBe(figure('cm1') - figure('cost_to_serve'));
        }
        for (const name of ['serving', 'cost_to_serve', 'cm2'] as const) {
          const sum = rows.reduce((all, { figures }) => all + (figures[name]?.value ?? 0), 0);
          expect(total.figures[name]?.value).toBe(sum);
        }
      },
    ),
    { numRuns: 6 },
  );
  // The sums that are kept say what the ledger does.
  const kept = await ask({ by: ['region', 'day', 'cost_kind'], metrics: ['serving'] });
  const asked = await ask({ by: ['region', 'day', 'cost_kind', 'location'], metrics: ['serving'] });
  expect(kept.total.figures).toEqual(asked.total.figures);
});

/** From the ledgers that the costs come from: what locations were credited with, what was taken for money, what spoilt. */
async function recomputed(db: Db, region: string): Promise<{ serving: number; spoilt: number }> {
  const { rows } = await sql<{ serving: number; spoilt: number }>`
    select coalesce((select sum(amount_minor) from market.sale_credit credit
        join orders.order o on o.id = credit.sale_id where kind = 'fulfilment' and o.region_code = ${region}), 0)::bigint
      + coalesce((select sum(fee.amount_minor) from payments.fee_entry fee join payments.payment on payment.id = payment_id
        join orders.order o on o.id = payment.order_id where o.region_code = ${region}), 0)::bigint as serving,
      coalesce((select -sum(value_delta_minor) from inventory.stock_movement moved
        join orders.order_line line on line.variant_id = moved.variant_id join orders.order o on o.id = line.order_id
        where moved.kind = 'damage' and o.region_code = ${region}), 0)::bigint as spoilt`.execute(db);
  return rows[0] ?? { serving: Number.NaN, spoilt: Number.NaN };
}

test('a cost to serve belongs to an order: it is split by what an order has one of', () => {
  expect(metricDimensions('cm2')).toEqual([
    'region',
    'area',
    'day',
    'week',
    'month',
    'touchpoint',
    'source',
    'customer',
  ]);
  expect(metricDimensions('serving')).toEqual([...metricDimensions('cm2'), 'location', 'cost_kind']);
});
