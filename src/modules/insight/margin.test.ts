import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aShippedOrder, bringBack, request, send } from '#modules/orders/factory.ts';
import type { Db } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { drill } from './drill.ts';
import { live, orderActs } from './factory.ts';
import { catchUp } from './follow-events.ts';
import { freshness, goodsCostsFreshness } from './freshness.ts';
import { MARGIN_METRICS } from './margin-metrics.ts';
import { metricDimensions, type MetricName } from './metrics.ts';
import { businessDayAt, shiftDay } from './periods.ts';
import { followShelves } from './product-shelves.ts';
import type { Question } from './questions.ts';

const { signal: never } = new AbortController();
const MARKETPLACE = { currency: 'EUR', timeZone: 'Europe/Amsterdam' };
const METRICS = ['net_sales', ...Object.keys(MARGIN_METRICS)] as MetricName[];
const TODAY = businessDayAt(new Date(), MARKETPLACE.timeZone);
const PERIOD = { from: shiftDay(TODAY, -1), to: shiftDay(TODAY, 1), currency: MARKETPLACE.currency };

const test = base
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    // A transaction of another test's database holds everybody's rows back until it ends.
    do await catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never);
    while ((await goodsCostsFreshness(db)).behind || (await freshness(db)).behind);
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

/** An order of three units of a product of its own, of which five cost so much. */
async function anOrder(db: Db, databaseUrl: string, valueMinor: number) {
  const bought = await aShippedOrder(db, databaseUrl, { sent: 0 });
  const { variantId, orderId } = bought;
  await sql`update inventory.stock_level set value_minor = ${valueMinor} where variant_id = ${variantId}`.execute(
    db,
  );
  const { rows } = await sql<{ productId: string; netMinor: number }>`
    select product_id as "productId", net_minor as "netMinor" from orders.order_line
    where order_id = ${orderId} and variant_id = ${variantId}`.execute(db);
  const [line] = rows;
  if (!line) throw new Error('The order has no line');
  return { ...bought, ...line };
}

async function stand(db: Db, productId: string, ...slugs: string[]): Promise<void> {
  let parentId: string | null = null;
  for (const slug of slugs) {
    const { rows }: { rows: { id: string }[] } = await sql<{ id: string }>`
      insert into catalog.category (id, slug, name, parent_id)
      values (${randomUUID()}, ${slug}, ${slug}, ${parentId})
      on conflict (slug) do update set name = excluded.name returning id`.execute(db);
    parentId = rows[0]?.id ?? null;
  }
  await sql`update catalog.product set category_id = ${parentId} where id = ${productId}`.execute(db);
}

test('the margin of an order is exact from the parcel to the shelf, by market, product and category', async ({
  db,
  databaseUrl,
  clickhouse,
  follow,
  ask,
}) => {
  const order = await anOrder(db, databaseUrl, 502);
  const { productId, netMinor } = order;
  const filters = { product: [productId] };
  const figures = async (question: Partial<Question> = {}) => {
    await follow();
    const { total } = await ask({ filters, ...question });
    return new Map(Object.entries(total.figures).map(([name, { value }]) => [name, value]));
  };
  expect(Object.fromEntries(await figures())).toEqual({
    net_sales: netMinor,
    goods_cost: 0,
    cm1: netMinor,
    cm1_rate: 1,
    cost_known: 0,
    spoilt_returns: 0,
  });
  await send(db, order, 3); // a week later it would count on the day of the order all the same
  expect(Object.fromEntries(await figures())).toMatchObject({
    goods_cost: 301,
    cm1: netMinor - 301,
    cost_known: 1,
  });
  await bringBack(db, order, await request(db, order, 2), { restock: 1, damage: 1 });
  const back = await figures();
  expect(Object.fromEntries(back)).toMatchObject({ goods_cost: 101, spoilt_returns: 100, cost_known: 1 });
  const left = Number(back.get('net_sales')) - 101;
  expect(back.get('cm1')).toBe(left);

  await stand(db, productId, 'margin-home', 'margin-tables');
  await followShelves({ db, clickhouse });
  const rowsBy = async (by: Question['by'], narrowed: Question['filters']) =>
    (await ask({ by, filters: narrowed, metrics: ['goods_cost', 'cm1'] })).rows.map(
      ({ keys, figures: row }) => [...Object.values(keys), row.goods_cost?.value, row.cm1?.value],
    );
  const margin = [101, left];
  expect(await rowsBy(['category'], filters)).toEqual([['margin-home/margin-tables', ...margin]]);
  expect(await rowsBy(['department'], filters)).toEqual([['margin-home', ...margin]]);
  expect(await rowsBy(['product'], { category: ['margin-home'] })).toEqual([[productId, ...margin]]);
  expect(await rowsBy(['region', 'category'], { category: ['margin-home/margin-tables'] })).toEqual([
    ['NL', 'margin-home/margin-tables', ...margin],
  ]);
  expect(await rowsBy(['region'], { category: ['margin-home/margin'] })).toEqual([]); // no slug is half of another
  const brandId = randomUUID();
  await sql`insert into catalog.brand (id, slug, name) values (${brandId}, ${brandId}, 'Ada')`.execute(db);
  expect(await rowsBy(['brand'], filters)).toEqual([['00000000-0000-0000-0000-000000000000', ...margin]]);
  await sql`update catalog.product set brand_id = ${brandId} where id = ${productId}`.execute(db);
  await stand(db, productId, 'margin-garden');
  await followShelves({ db, clickhouse });
  expect(await rowsBy(['brand'], filters)).toEqual([[brandId, ...margin]]);
  expect(await rowsBy(['product'], { brand: [brandId] })).toEqual([[productId, ...margin]]);
  expect(await rowsBy(['category'], filters)).toEqual([['margin-garden', ...margin]]);

  const { rows } = await drill(
    clickhouse,
    { ...PERIOD, metric: 'cm1', filters },
    { today: TODAY, limit: 10 },
  );
  expect(rows.reduce((sum, { value }) => sum + value, 0)).toBe(left);
  expect(rows.find(({ documentId }) => documentId === order.orderId)?.value).toBe(netMinor - 301);
  expect(rows.every(({ orderId }) => orderId === order.orderId)).toBe(true);
  const [first] = (await drill(clickhouse, { ...PERIOD, metric: 'cm1', filters }, { today: TODAY, limit: 1 }))
    .rows;
  expect(first).toEqual(rows[0]);
});

test('what left counts on the day of its order, what came back on its own', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  const order = await anOrder(db, databaseUrl, 500);
  await sql`update orders.order set business_day = '2019-03-04' where id = ${order.orderId}`.execute(db);
  await send(db, order, 3);
  await bringBack(db, order, await request(db, order, 1), { restock: 1 });
  await follow();
  const byDay = await ask({
    from: '2019-03-04',
    to: TODAY,
    by: ['month'],
    metrics: ['goods_cost'],
    filters: { product: [order.productId] },
  });
  expect(
    byDay.rows.flatMap(({ keys, figures }) =>
      figures.goods_cost?.value ? [[keys.month, figures.goods_cost.value]] : [],
    ),
  ).toEqual([
    ['2019-03-01', 300],
    [`${TODAY.slice(0, 7)}-01`, -100],
  ]);
});

test('an order in another currency has no cost in its own, and says so', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  const order = await anOrder(db, databaseUrl, 500);
  await sql`update orders.order set currency = 'SEK' where id = ${order.orderId}`.execute(db);
  await send(db, order, 3);
  await follow();
  const { total } = await ask({ currency: 'SEK', metrics: ['goods_cost', 'cost_known'] });
  expect(total.figures.goods_cost?.value).toBe(0);
  expect(total.figures.cost_known?.numerator).toBe(0);
});

test('after any history the cost by product is what the stock ledger moved, and all rows add up', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 3 }),
      orderActs,
      async (values, acts) => {
        const orders: Awaited<ReturnType<typeof anOrder>>[] = [];
        for (const value of values) orders.push(await anOrder(db, databaseUrl, value));
        await live(db, orders, acts, { send: (order, units) => send(db, order, units), follow });
        const product = orders.map(({ productId }) => productId);
        const { rows, total } = await ask({ by: ['product'], filters: { product } });
        for (const { productId, variantId } of orders) {
          const row = rows.find(({ keys }) => keys.product === productId);
          const figure = (name: MetricName) => row?.figures[name]?.value ?? 0;
          expect([figure('goods_cost'), figure('spoilt_returns')]).toEqual(await moved(db, variantId));
          expect(figure('cm1')).toBe(figure('net_sales') - figure('goods_cost'));
        }
        const sum = rows.reduce((all, { figures }) => all + (figures.goods_cost?.value ?? 0), 0);
        expect(total.figures.goods_cost?.value).toBe(sum);
      },
    ),
    { numRuns: 8 },
  );
  // The sums that are kept say what the ledger does.
  const kept = await ask({ by: ['region', 'day'] });
  const asked = await ask({ by: ['region', 'day', 'variant'] });
  for (const name of METRICS) expect(kept.total.figures[name]).toEqual(asked.total.figures[name]);
});

/** What the stock ledger says: what left less what came back, and what was spoilt. Nobody else has the variant. */
async function moved(db: Db, variantId: string): Promise<[number, number]> {
  const { rows } = await sql<{ cost: number; spoilt: number }>`
    select coalesce(-sum(value_delta_minor) filter (where kind in ('ship', 'return_in')), 0)::bigint as cost,
      coalesce(-sum(value_delta_minor) filter (where kind = 'damage'), 0)::bigint as spoilt
    from inventory.stock_movement where variant_id = ${variantId}`.execute(db);
  return [rows[0]?.cost ?? Number.NaN, rows[0]?.spoilt ?? Number.NaN];
}

test('a margin is split by what a sale and its cost have in common', () => {
  expect(metricDimensions('cm1')).toEqual([
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
  ]);
});
