import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Value } from 'typebox/value';
import { expect } from 'vitest';
import { orderRecorded, returnRecorded } from '#events/orders.ts';
import { openBulk } from '#platform/bulk.ts';
import type { Db } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { test } from '#test/harness.ts';
import { aPastOrder, aVariant } from './factory.ts';
import { type PastLine, type PastReturn, pastLineId, recordOrders, recordReturns } from './past.ts';

const goods = (variantId: string, netMinor: number): PastLine => ({
  kind: 'goods',
  productId: randomUUID(),
  variantId,
  title: 'T-light holder\twith a \\ and a\nsecond line',
  quantity: 6,
  unitPriceMinor: 255,
  discountMinor: 100,
  netMinor,
});
const postage: PastLine = {
  kind: 'postage',
  productId: null,
  variantId: null,
  title: 'Postage',
  quantity: 1,
  unitPriceMinor: 1800,
  discountMinor: 0,
  netMinor: 1800,
};

const eventOf = async (db: Db, key: 'orderId' | 'returnId', id: string) => {
  const { rows } = await sql<{ name: string; payload: unknown }>`
    select name, payload from platform.event where payload->>${key} = ${id}`.execute(db);
  return rows;
};

test('an order of the past is recorded with its lines and an event, and once', async ({
  db,
  databaseUrl,
  work,
}) => {
  const variantId = await aVariant(databaseUrl);
  const ref = randomUUID();
  const order = aPastOrder(ref, { id: idOf('test:order', ref), lines: [goods(variantId, 1430), postage] });
  await using bulk = await openBulk(databaseUrl);

  expect(await bulk.run((each) => recordOrders(each, [order, order]))).toEqual({ recorded: 1 });
  expect(await bulk.run((each) => recordOrders(each, [order]))).toEqual({ recorded: 0 });

  const { rows } = await sql`
    select goods_minor, postage_minor, other_minor, total_minor, business_day, state, title, line.id, position, net_minor
    from orders.order join orders.order_line line on order_id = "order".id
    where "order".id = ${order.id} order by position`.execute(db);
  const totals = { goods_minor: 1430, postage_minor: 1800, other_minor: 0, total_minor: 3230 };
  const head = { ...totals, business_day: '2010-12-01', state: 'paid' };
  expect(rows).toEqual([
    { ...head, title: order.lines[0]?.title, id: pastLineId(order.id, 1), position: 1, net_minor: 1430 },
    { ...head, title: 'Postage', id: pastLineId(order.id, 2), position: 2, net_minor: 1800 },
  ]);
  const events = await eventOf(db, 'orderId', order.id);
  expect(events).toHaveLength(1);
  expect(Value.Parse(orderRecorded.schema, events[0]?.payload)).toMatchObject({
    occurredAt: '2010-12-01T08:26:00.000Z',
    lines: [
      { grossMinor: 1530, discountMinor: 100, netMinor: 1430 },
      { kind: 'postage', netMinor: 1800 },
    ],
  });
  await work();
  const { rows: receipts } = await sql`select from orders.receipt where order_id = ${order.id}`.execute(db);
  expect(receipts).toEqual([]);
});

test('a return of the past is recorded with an event, and once', async ({ db, databaseUrl }) => {
  const variantId = await aVariant(databaseUrl);
  const document: PastReturn = {
    id: randomUUID(),
    source: 'test',
    externalRef: randomUUID(),
    number: `C${randomUUID()}`,
    orderId: null,
    customerId: null,
    touchpoint: 'web',
    currency: 'GBP',
    regionCode: 'x-channel-islands',
    returnedAt: new Date('2011-01-02T10:00:00Z'),
    businessDay: '2011-01-02',
    lines: [
      {
        kind: 'goods',
        productId: null,
        variantId,
        title: 'A vase',
        quantity: 2,
        amountMinor: 510,
        reason: 'broken',
      },
      {
        kind: 'discount',
        productId: null,
        variantId: null,
        title: 'Discount',
        quantity: 1,
        amountMinor: 90,
        reason: '',
      },
    ],
  };
  await using bulk = await openBulk(databaseUrl);

  for (const recorded of [1, 0]) {
    expect(await bulk.run((each) => recordReturns(each, [document]))).toEqual({ recorded });
  }

  const { rows } = await sql`
    select total_minor, amount_minor, reason from orders.return join orders.return_line on return_id = "return".id
    where "return".id = ${document.id} order by position`.execute(db);
  expect(rows).toEqual([
    { total_minor: 600, amount_minor: 510, reason: 'broken' },
    { total_minor: 600, amount_minor: 90, reason: '' },
  ]);
  const [event] = await eventOf(db, 'returnId', document.id);
  expect(Value.Parse(returnRecorded.schema, event?.payload)).toMatchObject({
    orderId: null,
    regionCode: 'x-channel-islands',
  });
});

test('a return of the past tells which line of its order came back, where it knows', async ({
  db,
  databaseUrl,
}) => {
  const variantId = await aVariant(databaseUrl);
  const order = aPastOrder(randomUUID(), { lines: [goods(variantId, 1)] });
  const orderLineId = pastLineId(order.id, 1);
  const line = {
    kind: 'goods',
    productId: null,
    variantId,
    title: 'A vase',
    quantity: 1,
    reason: '',
  } as const;
  const { lines: _, placedAt: returnedAt, ...facts } = order;
  const document: PastReturn = {
    ...facts,
    id: randomUUID(),
    orderId: order.id,
    returnedAt,
    lines: [
      { ...line, amountMinor: 510, orderLineId },
      { ...line, amountMinor: 90 },
    ],
  };
  await using bulk = await openBulk(databaseUrl);
  await bulk.run(async (each) => {
    await recordOrders(each, [order]);
    await recordReturns(each, [document]);
  });
  const [event] = await eventOf(db, 'returnId', document.id);
  const { lines } = Value.Parse(returnRecorded.schema, event?.payload);
  expect(lines.map((each) => each.orderLineId)).toEqual([orderLineId, undefined]);
});

test('one bad line keeps the whole batch out', async ({ db, databaseUrl }) => {
  const variantId = await aVariant(databaseUrl);
  const good = aPastOrder(randomUUID(), { lines: [goods(variantId, 1)] });
  const bad = aPastOrder(randomUUID(), { lines: [goods(randomUUID(), 1)] });
  await using bulk = await openBulk(databaseUrl);

  await expect(bulk.run((each) => recordOrders(each, [good, bad]))).rejects.toThrow(
    'orders.order_line: 1 rows of catalog.variant are missing',
  );

  const { rows } = await sql`select from orders.order where id in (${good.id}, ${bad.id})`.execute(db);
  expect(rows).toEqual([]);
  expect(await bulk.run((each) => recordOrders(each, [good]))).toEqual({ recorded: 1 });
});

test('what a past order cost is kept where its import says so, and comes back with its return', async ({
  db,
  databaseUrl,
}) => {
  const variantId = await aVariant(databaseUrl);
  const [ref, back] = [randomUUID(), randomUUID()];
  const order = aPastOrder(ref, {
    lines: [{ ...goods(variantId, 1430), costMinor: 600 }, goods(variantId, 1430), postage],
    served: [
      { kind: 'work', locationId: null, amountMinor: 120 },
      { kind: 'label', locationId: null, amountMinor: 0 },
    ],
  });
  const line = {
    kind: 'goods' as const,
    productId: null,
    variantId,
    title: 'T',
    amountMinor: 700,
    reason: '',
  };
  const document: PastReturn = {
    ...order,
    id: back,
    externalRef: back,
    number: back,
    orderId: order.id,
    returnedAt: new Date('2010-12-09T08:00:00Z'),
    lines: [
      { ...line, quantity: 3, orderLineId: pastLineId(order.id, 1), costMinor: 300 },
      { ...line, quantity: 1, costMinor: 100 }, // of no line: nobody can say what it takes off
    ],
    served: [{ kind: 'return_work', locationId: null, amountMinor: 80 }],
  };
  await using bulk = await openBulk(databaseUrl);
  for (let times = 0; times < 2; times++) {
    await bulk.run((each) => recordOrders(each, [order]));
    await bulk.run((each) => recordReturns(each, [document]));
  }
  const { rows } = await sql`
    select kind, document_id, order_line_id, units, value_minor, at from orders.goods_cost_entry
    where order_id = ${order.id} order by id`.execute(db);
  const first = { order_line_id: pastLineId(order.id, 1) };
  expect(rows).toEqual([
    { ...first, kind: 'sent', document_id: order.id, units: 6, value_minor: 600, at: order.placedAt },
    { ...first, kind: 'back', document_id: back, units: -3, value_minor: -300, at: document.returnedAt },
  ]);
  const { rows: served } = await sql`
    select kind, cause_id, currency, amount_minor, at from orders.serve_cost_entry
    where order_id = ${order.id} order by id`.execute(db);
  expect(served).toEqual([
    { kind: 'work', cause_id: order.id, currency: 'GBP', amount_minor: 120, at: order.placedAt },
    { kind: 'return_work', cause_id: back, currency: 'GBP', amount_minor: 80, at: document.returnedAt },
  ]);
});
