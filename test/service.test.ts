import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { noteComplaints } from '#modules/fulfilment/complaints.ts';
import { aPlacedOrder, aSpreadVariant, partsOf } from '#modules/fulfilment/factory.ts';
import { brokering, reject, takeStep, tryAgain } from '#modules/fulfilment/index.ts';
import { answer } from '#modules/insight/answers.ts';
import { catchUp } from '#modules/insight/follow-events.ts';
import { freshness, serviceFreshness, stockFreshness } from '#modules/insight/freshness.ts';
import type { MetricName } from '#modules/insight/metrics.ts';
import { businessDayAt, shiftDay } from '#modules/insight/periods.ts';
import type { Question } from '#modules/insight/questions.ts';
import { SERVICE_METRICS } from '#modules/insight/service-metrics.ts';
import { AppError } from '#platform/errors.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { locationService } from '#read/service-levels.ts';
import { test as base } from '#test/harness.ts';

const { signal: never } = new AbortController();
const MARKETPLACE = { currency: 'EUR', timeZone: 'Europe/Amsterdam' };
const METRICS = Object.keys(SERVICE_METRICS) as MetricName[];
const OF_PARTS = METRICS.filter((name) => !name.includes('order'));
const TODAY = businessDayAt(new Date(), MARKETPLACE.timeZone);
const PERIOD = { from: shiftDay(TODAY, -8), to: shiftDay(TODAY, 2) };

const test = base
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    // A transaction of another test's database holds everybody's entries back until it ends.
    do await catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never);
    while (
      (await serviceFreshness(db)).behind ||
      (await stockFreshness(db)).behind ||
      (await freshness(db)).behind
    );
  })
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (at: Date, question: Partial<Question> = {}) =>
        answer(
          clickhouse,
          { ...PERIOD, by: [], metrics: METRICS, currency: MARKETPLACE.currency, ...question },
          { now: at, timeZone: MARKETPLACE.timeZone },
        ),
  );

type Figures = Awaited<ReturnType<typeof answer>>['total']['figures'];
/** A ratio as its two sums. */
const sumsOf = (figures: Figures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, { numerator, denominator }]) => [
      name,
      `${numerator} of ${denominator}`,
    ]),
  );

type To = Parameters<typeof takeStep>[1]['to'];
const stepped = (db: Db, fulfilmentOrderId: string, to: To, at: Date) =>
  inTransaction(db, (tx) => takeStep(tx, { id: randomUUID(), fulfilmentOrderId, to }, at));

const noonAfter = (day: string, days: number) => new Date(`${shiftDay(day, days)}T12:00:00Z`);
/** Nobody else's: the regions and locations of a test are its own. */
const inRegion = (db: Db, orderId: string, region: string) =>
  sql`update fulfilment.fulfilment_order set region_code = ${region} where order_id = ${orderId}`.execute(db);

async function givenBack(db: Db, orderId: string, reason: string): Promise<void> {
  const returnId = randomUUID();
  await sql`
    insert into orders.return (id, number, order_id, touchpoint, currency, region_code, returned_at, business_day, total_minor)
    values (${returnId}, ${returnId}, ${orderId}, 'web', 'EUR', 'NL', now(), now()::date, 0)`.execute(db);
  await sql`
    insert into orders.return_line (id, return_id, position, order_line_id, kind, variant_id, title, quantity,
      amount_minor, reason)
    select gen_random_uuid(), ${returnId}, 1, id, 'goods', variant_id, 'x', 1, 0, ${reason}
    from orders.order_line where order_id = ${orderId} and variant_id is not null`.execute(db);
  const told = {
    returnId,
    orderId,
    number: returnId,
    customerId: null,
    touchpoint: 'web',
    regionCode: 'NL',
    currency: 'EUR',
    businessDay: TODAY,
    occurredAt: new Date().toISOString(),
    source: 'stoa',
    lines: [],
  };
  for (let times = 0; times < 2; times++) await inTransaction(db, (tx) => noteComplaints(tx, told));
}

test('an order through its states: given back and sent by another, in time, late by the first promise, and back damaged', async ({
  db,
  databaseUrl,
  deps,
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
  // Neither touches a row of the other, and each sees at its end what the other did before.
  let bothWrote = () => {};
  const both = new Promise<void>((resolve) => (bothWrote = resolve));
  let begun = 0;
  const meet = async () => {
    if (++begun === 2) bothWrote();
    await both;
  };
  await Promise.all([
    inTransaction(db, async (tx) => {
      await sql`update fulfilment.fulfilment_order set state = 'delivered', shipped_at = ${at}, delivered_at = ${at}
        where id = ${id}`.execute(tx);
      await meet();
    }),
    inTransaction(db, async (tx) => {
      await sql`update fulfilment.fulfilment_order_line set cancelled = 1 where fulfilment_order_id = ${id}`.execute(
        tx,
      );
      await meet();
    }),
  ]);
  await follow();
  const { total } = await ask(at, { filters: { region: ['AT'] }, metrics: ['unit_otif', 'order_otif'] });
  expect(sumsOf(total.figures)).toEqual({ unit_otif: '1 of 1', order_otif: '1 of 1' });
});

const anAct = fc.record({
  does: fc.constantFrom(
    ...['accepted', 'packed', 'shipped', 'expired', 'all', 'all', 'all', 'ready'],
    ...['reject', 'reject', 'cut', 'again', 'let go', 'date', 'promise', 'complain', 'wait', 'replay'],
  ),
  order: fc.nat(2),
  part: fc.nat(3),
  days: fc.integer({ min: -6, max: 1 }),
  kind: fc.constantFrom('damaged', 'wrong'),
  isFollowed: fc.boolean(),
});
type Act = typeof anAct extends fc.Arbitrary<infer Value> ? Value : never;

async function perform(db: Db, orderId: string, act: Act): Promise<void> {
  const parts = await partsOf(db, orderId);
  const part = parts[act.part % parts.length];
  if (!part) return;
  const day = shiftDay(TODAY, act.days);
  const at = new Date(`${day}T22:30:00Z`); // the next day in Amsterdam
  const run = (statement: ReturnType<typeof sql>) => statement.execute(db);
  const only = sql`where fulfilment_order_id = ${part.id}`;
  switch (act.does) {
    case 'reject': {
      const lines = part.lines
        .slice(0, 1)
        .map(({ orderLineId }) => ({ orderLineId, quantity: 1, reason: 'damaged' as const }));
      const wish = { id: randomUUID(), fulfilmentOrderId: part.id, lines };
      await brokering(db, (tx) => reject(tx, wish, new Date()));
      return;
    }
    case 'again': {
      const { rows } = await sql<{ id: string }>`
        select id from fulfilment.unfillable where order_id = ${orderId} and resolved_at is null`.execute(db);
      for (const { id } of rows) await brokering(db, (tx) => tryAgain(tx, id, new Date()));
      return;
    }
    case 'cut':
      await run(
        sql`update fulfilment.fulfilment_order_line set cancelled = cancelled + 1 ${only} and remaining > 0`,
      );
      return;
    case 'let go':
      await run(sql`update fulfilment.unfillable set resolved_at = now(), let_go = quantity
        where order_id = ${orderId} and resolved_at is null`);
      return;
    case 'date':
      await run(sql`update fulfilment.fulfilment_order set assigned_at = ${at} where id = ${part.id}`);
      return;
    case 'promise':
      await run(sql`update fulfilment.fulfilment_order set promised_to = ${day}, promised_from = ${day},
        first_promised_to = ${shiftDay(day, -1)}, first_promised_from = ${shiftDay(day, -1)} where order_id = ${orderId}`);
      return;
    case 'wait':
      await run(sql`update fulfilment.fulfilment_order set state = 'cancelled', waits_in = gen_random_uuid()
        where id = ${part.id} and accepted_at is null and state = 'assigned'`);
      await run(sql`update fulfilment.fulfilment_order_line line set cancelled = cancelled + remaining
        from fulfilment.fulfilment_order each ${only} and each.id = line.fulfilment_order_id and waits_in is not null`);
      return;
    case 'complain':
      await run(sql`insert into fulfilment.complaint (return_id, order_line_id, order_id, kind, noted_at)
        values (gen_random_uuid(), ${part.lines[0]?.orderLineId}, ${orderId},
          ${act.kind}::fulfilment.complaint_kind, now())`);
      return;
    case 'replay':
      await run(sql`update insight.follower set position = '0', number = 0 where name = 'service_entry'`);
      return;
    case 'all':
    case 'ready': {
      const all = [
        'accepted',
        'picked',
        'packed',
        ...(act.does === 'all' ? ['shipped', 'delivered'] : ['ready']),
      ];
      for (const to of all.slice(all.indexOf(part.state) + 1)) await stepped(db, part.id, to as To, at);
      return;
    }
    default:
      await stepped(db, part.id, act.does as To, at);
  }
}

/** Orders as their tables have them, told one by one. */
const ordersBySql = async (db: Db, orderIds: readonly string[], today: string) => {
  const { rows } = await sql<Record<'due' | 'otif' | 'otif_last' | 'due_last' | 'perfect', number>>`
    with wanted as (
      select order_id, first_promised_to as first, promised_to as last, remaining,
        (coalesce(ready_at, delivered_at) at time zone 'UTC')::date as done
      from fulfilment.fulfilment_order part join fulfilment.fulfilment_order_line on fulfilment_order_id = part.id
    ), told as (
      select
        not exists (select from wanted where order_id = of_order and remaining > 0 and done is null)
          and not exists (select from fulfilment.unfillable where order_id = of_order and resolved_at is null) as is_done,
        exists (select from fulfilment.unfillable where order_id = of_order and let_go > 0) as is_short,
        exists (select from wanted where order_id = of_order and remaining > 0)
          or exists (select from fulfilment.unfillable where order_id = of_order and (let_go > 0 or resolved_at is null)) as is_any,
        exists (select from fulfilment.complaint c join fulfilment.fulfilment_order_line l using (order_line_id)
          where c.order_id = of_order and remaining > 0) as is_bad,
        (select max(done) from wanted where order_id = of_order and remaining > 0) as done,
        (select max(first) from wanted where order_id = of_order) as first,
        coalesce((select max(last) from wanted where order_id = of_order and remaining > 0),
          (select max(first) from wanted where order_id = of_order)) as last
      from unnest(${orderIds}::uuid[]) as of_order
    ), judged as (
      select *, is_done and not is_short and done <= first as good, is_done and not is_short and done <= last as good_last
      from told where is_any
    )
    select count(*) filter (where is_done or first < ${today}::date)::integer as due,
      count(*) filter (where is_done or last < ${today}::date)::integer as due_last,
      count(*) filter (where good)::integer as otif, count(*) filter (where good_last)::integer as otif_last,
      count(*) filter (where good and not is_bad)::integer as perfect
    from judged`.execute(db);
  const [row] = rows;
  return {
    order_otif: `${row?.otif} of ${row?.due}`,
    order_otif_last: `${row?.otif_last} of ${row?.due_last}`,
    perfect_order: `${row?.perfect} of ${row?.due}`,
  };
};

const isRefusal = (error: unknown) => error instanceof AppError;
const REGIONS = ['IT', 'ES', 'PT'];

test(
  'whatever becomes of orders, the figures are what PostgreSQL says, and regions and locations add up to the whole',
  { timeout: 240_000 },
  async ({ db, databaseUrl, deps, follow, ask }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anAct, { minLength: 6, maxLength: 20 }), async (acts) => {
        await sql`update fulfilment.fulfilment_order set region_code = 'PL' where region_code = any(${REGIONS})`.execute(
          db,
        );
        const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [2, 3, 4]);
        const orders: string[] = [];
        for (const quantity of [4, 2, 2]) orders.push(await aPlacedOrder(db, { [variantId]: quantity }));
        for (const act of acts) {
          try {
            await perform(db, orders[act.order] ?? '', act);
          } catch (error) {
            if (!isRefusal(error)) throw error;
          }
          if (act.isFollowed) await follow();
        }
        for (const [index, id] of orders.entries()) await inRegion(db, id, REGIONS[index] ?? '');
        await follow();
        const now = new Date(`${TODAY}T12:00:00Z`);
        const asked = { filters: { region: REGIONS } };
        const { total } = await ask(now, asked);
        const told = sumsOf(total.figures);
        expect(told).toMatchObject(await ordersBySql(db, orders, TODAY));
        for (const by of [
          ['region'],
          ['day'],
          ['region', 'day'],
          ['touchpoint'],
          ['area'],
        ] as Question['by'][]) {
          const { rows } = await ask(now, { ...asked, by });
          const sums = METRICS.map((name) => {
            const sum = (of: 'numerator' | 'denominator') =>
              rows.reduce((all, { figures }) => all + (figures[name]?.[of] ?? 0), 0);
            return [name, `${sum('numerator')} of ${sum('denominator')}`];
          });
          expect(Object.fromEntries(sums), by.join(' ')).toEqual(told);
        }
        const levels = await locationService(deps.reads, {
          from: new Date(`${PERIOD.from}T00:00:00Z`),
          to: new Date(`${shiftDay(PERIOD.to, 1)}T00:00:00Z`),
          now,
        });
        const places = await ask(now, {
          by: ['location'],
          metrics: OF_PARTS,
          filters: { location: locationIds },
        });
        // A location whose parts were all taken away while they waited was asked for nothing.
        const measured = places.rows.filter(({ figures }) => figures.rejection_rate?.denominator !== 0);
        const byLocation = measured.map(({ keys, figures: of }) => [
          keys.location,
          ...[of.fill_rate, of.rejection_rate, of.on_time, of.in_full, of.perfect_parts].map(
            (each) => each?.value,
          ),
        ]);
        const byLevels = levels
          .filter(({ id }) => locationIds.includes(id))
          .map(({ id, fillRate, rejectionRate, onTime, inFull, perfect }) => [
            id,
            ...[fillRate, rejectionRate, onTime, inFull, perfect],
          ]);
        expect(byLocation.toSorted()).toEqual(byLevels.toSorted());
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
);
