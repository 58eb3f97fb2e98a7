import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPlacedOrder, aSpreadVariant, partsOf } from '#modules/fulfilment/factory.ts';
import { brokering, reject } from '#modules/fulfilment/index.ts';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { drill } from '#modules/insight/drill.ts';
import { serviceFreshness } from '#modules/insight/freshness.ts';
import type { MetricName } from '#modules/insight/metrics.ts';
import { shiftDay } from '#modules/insight/periods.ts';
import { inTransaction } from '#platform/db.ts';
import { locationService } from '#read/service-levels.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import {
  METRICS,
  TODAY,
  PERIOD,
  test,
  sumsOf,
  stepped,
  noonAfter,
  inRegion,
  givenBack,
} from './service-ground.ts';

test('an order through its states: given back and sent by another, in time, late by the first promise, and back damaged', async ({
  db,
  databaseUrl,
  deps,
  clickhouse,
  follow,
  ask,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [4, 4]);
  const orderId = await aPlacedOrder(db, { [variantId]: 3 });
  await inRegion(db, orderId, 'BE');
  const [first] = await partsOf(db, orderId);
  if (!first) throw new Error('The order has no part');
  const promised = first.firstPromisedTo;
  const [line] = first.lines;
  const lines = [{ orderLineId: line?.orderLineId ?? '', quantity: 3, reason: 'not_in_stock' as const }];
  const of = { filters: { region: ['BE'] } };
  const told = async (at: Date, metrics = METRICS) => {
    await follow();
    return sumsOf((await ask(at, { ...of, metrics })).total.figures);
  };
  const beforeItsEnd = noonAfter(promised, 0);
  const after = noonAfter(promised, 1);
  const NOTHING = Object.fromEntries(METRICS.map((name) => [name, '0 of 0']));
  expect(await told(beforeItsEnd)).toEqual({ ...NOTHING, rejection_rate: '0 of 1' });
  expect(await told(after)).toMatchObject({ on_time: '0 of 1', order_otif: '0 of 1', fill_rate: '0 of 3' });

  await brokering(db, (tx) =>
    reject(tx, { id: randomUUID(), fulfilmentOrderId: first.id, lines }, new Date()),
  );
  await inRegion(db, orderId, 'BE');
  const second = (await partsOf(db, orderId)).find(({ id }) => id !== first.id);
  if (!second) throw new Error('Nobody else was asked');
  expect(await told(beforeItsEnd)).toEqual({ ...NOTHING, rejection_rate: '1 of 2', fill_rate: '0 of 3' });
  for (const to of ['accepted', 'picked', 'packed', 'shipped'] as const)
    await stepped(db, second.id, to, noonAfter(promised, -1));
  await stepped(db, second.id, 'delivered', noonAfter(promised, 0));
  const done = {
    on_time: '1 of 1',
    on_time_last: '1 of 1',
    in_full: '1 of 1',
    perfect_parts: '1 of 1',
    unit_otif: '3 of 3',
    unit_otif_last: '3 of 3',
    fill_rate: '0 of 3',
    rejection_rate: '1 of 2',
    order_otif: '1 of 1',
    order_otif_last: '1 of 1',
    perfect_order: '1 of 1',
  };
  expect(await told(beforeItsEnd)).toEqual(done);
  // Its first location let the promise pass; the order had what it wanted.
  expect(await told(after)).toMatchObject({ on_time: '1 of 2', unit_otif: '3 of 6', order_otif: '1 of 1' });
  const places = await ask(after, { ...of, by: ['location'], metrics: ['on_time', 'rejection_rate'] });
  expect(
    Object.fromEntries(places.rows.map(({ keys, figures }) => [keys.location, sumsOf(figures)])),
  ).toEqual({
    [first.locationId]: { on_time: '0 of 1', rejection_rate: '1 of 1' },
    [second.locationId]: { on_time: '1 of 1', rejection_rate: '0 of 1' },
  });
  // The orders behind a figure add up to it, those that failed too.
  const behind = async (metric: MetricName) => {
    const page = { limit: 10, today: after.toISOString().slice(0, 10) };
    const { rows } = await drill(clickhouse, { ...PERIOD, currency: 'EUR', metric, ...of }, page);
    return rows.map((row) => [row.orderId, row.value, row.denominator]);
  };
  expect(await behind('on_time')).toEqual([[orderId, 1, 2]]);
  expect(await behind('rejection_rate')).toEqual([[orderId, 1, 2]]);
  expect(await behind('order_otif')).toEqual([[orderId, 1, 1]]);
  expect(new Set(locationIds)).toEqual(new Set([first.locationId, second.locationId]));
  await expect(ask(after, { by: ['location'], metrics: ['order_otif'] })).rejects.toMatchObject({
    code: 'insight.dimension_unfit',
  });
  await expect(ask(after, { by: ['variant'], metrics: ['on_time'] })).rejects.toMatchObject({
    code: 'insight.dimension_unfit',
  });

  // Told a day before the one that was promised first, and delivered on it: late by the last promise alone.
  await sql`update fulfilment.fulfilment_order set promised_to = ${shiftDay(promised, -1)},
    promised_from = ${shiftDay(promised, -1)} where id = ${second.id}`.execute(db);
  const last = {
    on_time: '1 of 1',
    unit_otif_last: '0 of 3',
    order_otif: '1 of 1',
    order_otif_last: '0 of 1',
  };
  expect(await told(beforeItsEnd)).toMatchObject(last);

  await givenBack(db, orderId, 'changed_mind');
  expect(await told(beforeItsEnd)).toMatchObject({ perfect_order: '1 of 1' });
  await givenBack(db, orderId, 'damaged_on_arrival');
  expect(await told(beforeItsEnd)).toMatchObject({
    perfect_order: '0 of 1',
    perfect_parts: '0 of 1',
    order_otif: '1 of 1',
  });
  const levels = await locationService(deps.reads, { from: new Date(0), to: after, now: beforeItsEnd });
  expect(levels.find(({ id }) => id === second.locationId)).toMatchObject({
    onTime: 1,
    inFull: 1,
    perfect: 0,
  });
});

test('what nobody can give is not in full, also once it is let go; what the buyer lets go is owed no more', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  const told = async (region: string, at: Date) => {
    await follow();
    const metrics: MetricName[] = ['order_otif', 'order_otif_last', 'unit_otif'];
    return sumsOf((await ask(at, { filters: { region: [region] }, metrics })).total.figures);
  };
  const { variantId } = await aSpreadVariant(db, databaseUrl, [6]);
  const [short, cut] = [
    await aPlacedOrder(db, { [variantId]: 3 }),
    await aPlacedOrder(db, { [variantId]: 3 }),
  ];
  await inRegion(db, short, 'DE');
  await inRegion(db, cut, 'FR');
  const [one] = await partsOf(db, short);
  const [other] = await partsOf(db, cut);
  if (!one || !other) throw new Error('An order has no part');
  const inTime = noonAfter(one.firstPromisedTo, 0);
  const lines = [{ orderLineId: one.lines[0]?.orderLineId ?? '', quantity: 1, reason: 'damaged' as const }];
  await brokering(db, (tx) => reject(tx, { id: randomUUID(), fulfilmentOrderId: one.id, lines }, new Date()));
  await sql`update fulfilment.fulfilment_order_line set cancelled = 1 where fulfilment_order_id = ${other.id}`.execute(
    db,
  );
  for (const { id } of [one, other])
    for (const to of ['accepted', 'picked', 'packed', 'shipped', 'delivered'] as const)
      await stepped(db, id, to, inTime);
  const { rows } = await sql<{ id: string }>`
    select id from fulfilment.unfillable where order_id = ${short} and resolved_at is null`.execute(db);
  expect(rows).toHaveLength(1);
  expect(await told('FR', inTime)).toEqual({
    order_otif: '1 of 1',
    order_otif_last: '1 of 1',
    unit_otif: '2 of 2',
  });
  // The unit that nobody can give is still to come, until the promise is over.
  const waiting = { order_otif: '0 of 0', order_otif_last: '0 of 0', unit_otif: '2 of 3' };
  expect(await told('DE', inTime)).toEqual(waiting);
  expect(await told('DE', noonAfter(one.firstPromisedTo, 1))).toMatchObject({ order_otif: '0 of 1' });
  await sql`update fulfilment.unfillable set resolved_at = now(), let_go = quantity where order_id = ${short}`.execute(
    db,
  );
  const missing = { order_otif: '0 of 1', order_otif_last: '0 of 1', unit_otif: '2 of 3' };
  expect(await told('DE', inTime)).toEqual(missing);
});

test('freshness tells of what waits, and two transactions on one order are both told', async ({
  db,
  databaseUrl,
  follow,
  ask,
}) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [3]);
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  await inRegion(db, orderId, 'AT');
  expect((await serviceFreshness(db)).behind).toBe(true);
  await follow();
  expect((await serviceFreshness(db)).behind).toBe(false);
  const [part] = await partsOf(db, orderId);
  const id = part?.id ?? '';
  const at = noonAfter(part?.firstPromisedTo ?? TODAY, 0);
  // Neither touches a row of the other. The first has noted the part and has not ended when the second comes to its end.
  const isWaiting = async () => {
    const { rows } = await sql<{ waits: boolean }>`
      select exists (select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())) as waits`.execute(
      db,
    );
    return rows[0]?.waits;
  };
  const second: { ended?: boolean; run?: Promise<void> } = {};
  await inTransaction(db, async (tx) => {
    await sql`update fulfilment.fulfilment_order set state = 'delivered', shipped_at = ${at}, delivered_at = ${at}
      where id = ${id}`.execute(tx);
    await sql`set constraints all immediate`.execute(tx);
    second.run = inTransaction(db, async (other) => {
      await sql`update fulfilment.fulfilment_order_line set cancelled = 1 where fulfilment_order_id = ${id}`.execute(
        other,
      );
    }).then(() => void (second.ended = true));
    await expect.poll(async () => second.ended === true || (await isWaiting())).toBe(true);
  });
  await second.run;
  await follow();
  const { total } = await ask(at, { filters: { region: ['AT'] }, metrics: ['unit_otif', 'order_otif'] });
  expect(sumsOf(total.figures)).toEqual({ unit_otif: '1 of 1', order_otif: '1 of 1' });
});

test('the map and the API answer service by region, from the registry alone', async ({
  app,
  db,
  databaseUrl,
  deps,
  follow,
}) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [6]);
  for (const days of [-1, 3]) {
    const orderId = await aPlacedOrder(db, { [variantId]: 2 });
    await inRegion(db, orderId, 'SE');
    const [part] = await partsOf(db, orderId);
    await sql`update fulfilment.fulfilment_order set state = 'delivered', shipped_at = placed_at,
      delivered_at = ${noonAfter(part?.firstPromisedTo ?? TODAY, days)} where order_id = ${orderId}`.execute(
      db,
    );
  }
  await follow();
  const desk = await aSignedInBrowser(app, deps, ['admin']);
  const path = `/desk/market?metric=on_time&currency=EUR&from=${PERIOD.from}&to=${PERIOD.to}`;
  const page = await desk.open(path);
  expect(page.statusCode).toBe(200);
  expect(page.body).toMatch(/Sweden: 50\s?%/);
  const question = { ...PERIOD, currency: 'EUR', metrics: ['on_time', 'perfect_order'], by: ['region'] };
  const { body, statusCode } = await app.inject({
    method: 'POST',
    url: '/v1/insight/query',
    payload: { ...question, filters: { region: ['SE'] } },
    headers: { cookie: (await aSignedInMember(deps, ['merchant'])).cookie },
  });
  expect(statusCode, body).toBe(200);
  const told = JSON.parse(body) as { rows: unknown[] };
  expect(told.rows).toEqual([
    {
      keys: { region: 'SE' },
      figures: {
        on_time: { value: 0.5, numerator: 1, denominator: 2 },
        perfect_order: { value: 0.5, numerator: 1, denominator: 2 },
      },
    },
  ]);
});
