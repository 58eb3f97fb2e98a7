import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPlacedOrder, aSpreadVariant, partsOf } from '#modules/fulfilment/factory.ts';
import { effectsOf } from '#modules/guidance/effects.ts';
import { measureCarriers } from '#modules/guidance/measure-carriers.ts';
import { businessDayAt, shiftDay } from '#modules/insight/index.ts';
import { publishRules, rulesInForce } from '#modules/routing/index.ts';
import type { Db } from '#platform/db.ts';
import { inTransaction } from '#platform/db.ts';
import { orderDelays } from '#read/order-delays.ts';
import { test } from './harness.ts';
import { measureRules } from '../src/measure-rules.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';

/** An accepted adjustment, decided so many days ago at noon. */
async function taken(db: Db, kind: string, region: string, facts: object, decidedAt: Date) {
  const id = randomUUID();
  await sql`
    with adjustment as (
      insert into guidance.adjustment (id, kind, subject, region, state, facts, expected_units, currency, proposed_at, changed_at)
      values (${id}, ${kind}::guidance.adjustment_kind, ${`${kind} ${id}`}, ${region}, 'accepted', ${JSON.stringify(facts)}::jsonb,
        28, 'EUR', ${decidedAt}, ${decidedAt}) returning id)
    insert into guidance.decision select ${randomUUID()}, ${id}, 'accepted', '', 'system', ${decidedAt} from (select 1) one`.execute(
    db,
  );
  return id;
}

const carrierFacts = (carrier: string) => ({
  carrier,
  from: '2026-01-01',
  to: '2026-01-28',
  due: 80,
  late: 20,
  othersDue: 100,
  othersLate: 4,
  elsewhereDue: 0,
  elsewhereLate: 0,
});

test('a carrier that was asked is measured beside the others in its country, with its uncertainty, and the desk shows it', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [3]);
  const [part] = await partsOf(db, await aPlacedOrder(db, { [variantId]: 1 }));
  const today = businessDayAt(deps.now(), deps.config.timeZone);
  /** What a carrier was given on each of some days: so many, every so manyth of them late. */
  const send = (
    carrier: string,
    region: string,
    [first, last]: [number, number],
    each: number,
    late: number,
  ) =>
    sql`
      with day as (select ${today}::date - back as day, n from generate_series(${last}::integer, ${first}::integer) back,
          generate_series(1, ${each}::integer) n),
      part as (
        insert into fulfilment.fulfilment_order
        select (jsonb_populate_record(whole, jsonb_build_object('id', gen_random_uuid(), 'region_code', ${region}::text,
          'leaves_on', day, 'promised_to', day + case when n <= ${late} then 0 else 3 end, 'promised_from', day, 'is_first', false))).*
        from fulfilment.fulfilment_order whole, day where whole.id = ${part?.id ?? ''}
        returning id, order_id, location_id, leaves_on)
      insert into fulfilment.shipment (id, fulfilment_order_id, order_id, location_id, carrier, state, asked_at, shipped_at, delivered_at)
      select gen_random_uuid(), id, order_id, location_id, ${carrier}, 'delivered'::fulfilment.shipment_state,
        leaves_on + interval '9 hours', leaves_on + interval '9 hours', leaves_on + interval '2 days'
      from part`.execute(db);
  // Twenty days ago Swift was asked about the Netherlands. Four of ten came late, and one of ten since.
  await send('Swift', 'NL', [76, 21], 10, 4);
  await send('Swift', 'NL', [20, 20], 10, 10); // neither before nor after
  await send('Swift', 'NL', [19, 4], 10, 1);
  await send('Calm', 'NL', [76, 4], 20, 2);
  await send('Swift', 'DE', [76, 4], 20, 19); // elsewhere, where others there say more
  await send('Asked', 'NL', [76, 4], 20, 19); // asked itself
  const noon = (back: number) => new Date(`${shiftDay(today, -back)}T12:00:00Z`);
  const [swift, asked, early, unknown] = [
    await taken(db, 'contact_carrier', 'NL', carrierFacts('Swift'), noon(20)),
    await taken(db, 'contact_carrier', 'NL', carrierFacts('Asked'), noon(18)),
    await taken(db, 'contact_carrier', 'DE', carrierFacts('Swift'), noon(5)),
    await taken(db, 'contact_carrier', 'FR', carrierFacts('Swift'), noon(50)),
  ];
  const of = async (id: string) => effectsOf(db, id);
  await Promise.all([measureCarriers(deps), measureCarriers(deps)]);
  const [found, ...older] = await of(swift);
  expect(older).toEqual([]);
  // 224 of 560, then 16 of 160 where a tenth stayed a tenth with the others: 64 by its own share.
  const others = 32.5 / 321 / (112.5 / 1121);
  expect(found).toEqual({
    metric: 'late_shipments',
    beside: 'carriers',
    fromDay: shiftDay(today, -19),
    toDay: shiftDay(today, -1),
    knownTo: shiftDay(today, -1),
    isFinal: false,
    state: 'measured',
    way: 'comparison',
    markets: 1,
    observed: 16,
    expected: expect.closeTo(160 * (224.5 / 561) * others, 6),
    hoped: (-28 * 19) / 28,
    chance: expect.any(Number),
    between: { low: expect.any(Number), high: expect.any(Number) },
    weights: [{ carrier: 'Calm', region: 'NL', weight: 1 }],
  });
  if (found?.state !== 'measured' || !found.between) throw new Error('not measured');
  expect(found.chance).toBeLessThan(1e-4);
  expect(found.between.low).toBeGreaterThan(16);
  expect((await of(asked))[0]).toMatchObject({ state: 'measured', weights: [{ carrier: 'Calm' }] });
  expect((await of(early))[0]).toMatchObject({ state: 'too_early', isFinal: false });
  expect((await of(unknown))[0]).toMatchObject({ state: 'too_little', isFinal: true });
  // With what was late as well and was not asked, those are the measure.
  for (const carrier of ['Left', 'Alone']) {
    await send(carrier, 'SE', [76, 4], 10, 5);
    const id = await taken(db, 'contact_carrier', 'SE', carrierFacts(carrier), noon(21));
    await sql`alter table guidance.decision disable trigger append_only`.execute(db);
    await sql`delete from guidance.decision where adjustment_id = ${id}`.execute(db);
    await sql`alter table guidance.decision enable trigger append_only`.execute(db);
    await sql`update guidance.adjustment set state = 'lapsed' where id = ${id}`.execute(db);
  }
  const tomorrow = { ...deps, now: () => new Date(deps.now().getTime() + 86_400_000) };
  await measureCarriers(tomorrow);
  expect(await of(swift)).toMatchObject([
    {
      way: 'holdout',
      markets: 2,
      weights: [
        { carrier: 'Alone', region: 'SE', weight: 0.5 },
        { carrier: 'Left', region: 'SE', weight: 0.5 },
      ],
    },
    { way: 'comparison' },
  ]);

  const desk = await aSignedInBrowser(app, deps, ['merchant']);
  const { body } = await desk.open('/desk/guidance');
  const text = body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/−\d+ shipments late, where −\d+ was expected in that time\./);
  expect(text).toContain('gone the way of 2 carriers that were as late and were not asked');
  expect(text).toContain('What was seen is hardly chance.');
  expect(text).toContain('Compared with: Alone, Sweden 50% and Left, Sweden 50%.');
  const told = JSON.parse((await desk.open(`/v1/guidance/adjustments/${swift}/effects`)).body).effects[1];
  expect(told).toMatchObject({
    between: found.between,
    weights: [{ carrier: 'Calm', region: 'NL', weight: 1 }],
  });
});

test('a rule is measured from when it was put in force, on orders that had a choice beside those that had none', async ({
  db,
  deps,
  databaseUrl,
}) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [3]);
  const [part] = await partsOf(db, await aPlacedOrder(db, { [variantId]: 1 }));
  const { rules, version } = await rulesInForce(db);
  const today = businessDayAt(deps.now(), deps.config.timeZone);
  const noon = (back: number) => new Date(`${shiftDay(today, -back)}T12:00:00Z`);
  const place = (asked: number, [first, last]: [number, number], each: number, late: number) =>
    sql`
      with made as (select gen_random_uuid() as order_id, gen_random_uuid() as id, ${today}::date - back as day, n
        from generate_series(${last}::integer, ${first}::integer) back, generate_series(1, ${each}::integer) n),
      placed as (
        insert into orders.order
        select (jsonb_populate_record(whole, jsonb_build_object('id', made.order_id, 'number', substr(made.order_id::text, 1, 18), 'cart_id', null,
          'placed_at', made.day + interval '12 hours'))).*
        from orders.order whole, made where whole.id = ${part?.orderId ?? ''} returning id),
      routed as (
        insert into routing.assignment
        select (jsonb_populate_record(whole, jsonb_build_object('id', made.id, 'order_id', made.order_id,
          'reasons', whole.reasons || jsonb_build_object('askedCount', ${asked}::integer)))).*
        from routing.assignment whole, made where whole.id = ${part?.id ?? ''} returning id)
      insert into fulfilment.fulfilment_order
      select (jsonb_populate_record(whole, jsonb_build_object('id', made.id, 'order_id', made.order_id, 'is_first', true,
        'placed_at', (made.day + interval '12 hours') at time zone 'UTC', 'first_promised_from', made.day,
        'first_promised_to', made.day + case when n <= ${late} then 0 else 3 end, 'state', 'delivered',
        'delivered_at', (made.day + interval '2 days') at time zone 'UTC'))).*
      from fulfilment.fulfilment_order whole, made where whole.id = ${part?.id ?? ''}`.execute(db);
  await place(3, [76, 21], 10, 4);
  await place(3, [20, 20], 10, 10);
  await place(3, [19, 4], 10, 2);
  await place(1, [76, 4], 10, 1);
  const facts = (becomes: string) => ({
    version,
    rule: 'cost',
    was: '25',
    becomes,
    from: '2026-01-01',
    to: '2026-01-28',
    orders: 100,
    today: { costMinor: 1, parcels: 1, fillRate: 1, inTime: 1 },
    tried: { costMinor: 1, parcels: 1, fillRate: 1, inTime: 1 },
  });
  // Accepted four weeks ago, put in force twenty days ago.
  const made = await taken(db, 'change_rules', '', facts('45'), noon(28));
  const left = await taken(db, 'change_rules', '', facts('5'), noon(43));
  await inTransaction(db, (tx) =>
    publishRules(
      tx,
      { ...rules, weights: { ...rules.weights, cost: 45 } },
      { over: version, note: '', publishedBy: null, at: noon(20) },
    ),
  );
  await Promise.all([measureRules(deps), measureRules(deps)]);
  const told = { metric: 'late_orders', beside: 'orders', knownTo: shiftDay(today, -1) };
  expect(await effectsOf(db, made)).toEqual([
    {
      ...told,
      fromDay: shiftDay(today, -19),
      toDay: shiftDay(today, -1),
      isFinal: false,
      state: 'measured',
      way: 'comparison',
      markets: 1,
      observed: 32,
      expected: expect.closeTo((160 * (224.5 / 561) * (16.5 / 161)) / (56.5 / 561), 6),
      hoped: -19,
      chance: expect.any(Number),
      between: { low: expect.any(Number), high: expect.any(Number) },
      weights: [],
    },
  ]);
  expect(await effectsOf(db, left)).toEqual([
    {
      ...told,
      fromDay: shiftDay(today, -42),
      toDay: shiftDay(today, -43),
      isFinal: true,
      state: 'not_in_force',
      markets: 0,
    },
  ]);
  // A part of it that is on its way is late once its promise is over; one that was called off says nothing.
  const day = shiftDay(today, -76);
  const of = async () =>
    (await orderDelays(db, { from: day, to: day, now: deps.now(), timeZone: deps.config.timeZone })).map(
      ({ hadChoice, due, late }) => [hadChoice, due, late],
    );
  expect(await of()).toEqual([
    [false, 10, 1],
    [true, 10, 4],
  ]);
  await sql`update fulfilment.fulfilment_order set state = 'cancelled'
    where first_promised_from = ${day}::date and first_promised_to = ${day}::date`.execute(db);
  expect(await of()).toEqual([
    [false, 9, 0],
    [true, 6, 0],
  ]);
  await sql`update fulfilment.fulfilment_order set state = 'shipped', delivered_at = null
    where first_promised_from = ${day}::date and state = 'delivered'`.execute(db);
  expect(await of()).toEqual([
    [false, 9, 9],
    [true, 6, 6],
  ]);
});
