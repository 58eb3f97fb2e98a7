import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aMember } from '#modules/identity/factory.ts';
import { customerOfMember, setConsent } from '#modules/identity/index.ts';
import {
  aDevice,
  customerNode,
  memberNode,
  type PersonNode,
  resolved,
  resolveTouched,
  someEvidence,
  undoEvidence,
} from '#modules/persons/factory.ts';
import { erasePersons } from '#modules/persons/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { countCustomers, countRegrouped, eraseCustomerFigures } from './customers-count.ts';
import { purchasesOfAll } from './customers-histories.ts';
import { customerSeen, customersSeen } from './customers.ts';
import { recordSale, type RecordedSale } from './factory.ts';
import type { Dimension } from './facts.ts';
import { catchUp } from './follow-events.ts';
import { freshness } from './freshness.ts';
import { dayCount } from './periods.ts';
import { recomputed } from './recomputed.ts';
import { retention } from './retention.ts';

vi.setConfig({ testTimeout: 240_000 });

const TODAY = '2026-06-15';
const CLOCK = { now: new Date('2026-06-15T12:00:00Z'), timeZone: 'Europe/Amsterdam' };
const PERIOD = { from: '2025-05-01', to: TODAY };
const MONTHS = { from: '2025-05', to: '2026-05' };

const test = base.extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);
});

const undo = (db: Db, id: string) => inTransaction(db, (tx) => undoEvidence(tx, 'system', id, CLOCK.now));

interface Part {
  currency: string;
  regionCode: string;
}

/** What PostgreSQL has of the events, with people as its graph has them: cohorts of one region. */
async function cohortsRecomputed(db: Db, { regionCode }: Part) {
  const { rows } = await sql<{ month: string; after: number; buyers: number }>`
    with bought as (
      select coalesce(node.person_id::text, payload ->> 'customerId') as who,
        date_trunc('month', (payload ->> 'businessDay')::date) as month
      from platform.event as placed
      left join persons.node on node.kind = 'customer' and node.value = payload ->> 'customerId'
      where name = 'orders.order_recorded.v1' and payload ->> 'regionCode' = ${regionCode}
        and payload ->> 'customerId' is not null and not exists (
          select from platform.event as cancelled where cancelled.name = 'orders.units_cancelled.v1'
            and cancelled.payload ->> 'orderId' = placed.payload ->> 'orderId')
    ), first as (select who, min(month) as cohort from bought group by who)
    select to_char(cohort, 'YYYY-MM') as month, count(distinct who)::integer as buyers,
      ((extract(year from month) - extract(year from cohort)) * 12
        + extract(month from month) - extract(month from cohort))::integer as after
    from bought join first using (who) group by cohort, month order by cohort, month`.execute(db);
  return rows;
}

/** The same of what is scored: orders, net sales and days of each person. */
async function purchasesRecomputed(db: Db, { currency }: Part) {
  const { rows } = await sql<{
    customers: string[];
    ordersEver: number;
    orders: number;
    netMinor: number;
    lastDay: string;
  }>`
    with line as (
      select payload ->> 'customerId' as customer, payload ->> 'orderId' as order_id, name,
        coalesce(node.person_id::text, payload ->> 'customerId') as person, (payload ->> 'businessDay')::date as day,
        (one ->> 'quantity')::integer as quantity,
        (one ->> 'netMinor')::bigint * case name when 'orders.order_recorded.v1' then 1 else -1 end as net
      from platform.event cross join jsonb_array_elements(payload::jsonb -> 'lines') as one
      left join persons.node on node.kind = 'customer' and node.value = payload ->> 'customerId'
      where payload ->> 'currency' = ${currency} and payload ->> 'customerId' is not null
    ), placed as (
      select person, order_id, min(day) filter (where name = 'orders.order_recorded.v1') as day,
        sum(case name when 'orders.order_recorded.v1' then quantity when 'orders.units_cancelled.v1' then -quantity else 0 end)
          > 0 as is_order
      from line group by person, order_id
    )
    select (select array_agg(distinct customer order by customer) from line where line.person = placed.person) as customers,
      count(*) filter (where is_order)::integer as "ordersEver",
      count(*) filter (where is_order and day > ${TODAY}::date - 365)::integer as orders,
      (select coalesce(sum(net) filter (where day > ${TODAY}::date - 365), 0) from line
        where line.person = placed.person)::integer as "netMinor",
      max(day) filter (where is_order)::text as "lastDay"
    from placed group by person having count(*) filter (where is_order) > 0 order by customers`.execute(db);
  return rows.map(({ lastDay, ...row }) => ({
    ...row,
    recencyDays: dayCount({ from: lastDay, to: TODAY }) - 1,
  }));
}

async function expectSame({ db, clickhouse }: Pick<Deps, 'db' | 'clickhouse'>, part: Part) {
  const { currency, regionCode } = part;
  const metrics = ['orders', 'net_sales', 'returns', 'cancellations'] as const;
  for (const by of [['customer'], ['day', 'customer'], ['region', 'customer', 'month']] as Dimension[][]) {
    for (const dated of ['own', 'order'] as const) {
      const question = { ...PERIOD, by, metrics: [...metrics], currency, dated };
      const { rows } = await answer(clickhouse, question, CLOCK);
      const told = rows
        .map(({ keys, figures }) => [
          by.map((name) => keys[name]),
          metrics.map((name) => figures[name]?.value),
        ])
        .filter(([, sums]) => sums?.some((sum) => sum !== 0));
      const expected = (await recomputed(db, { ...PERIOD, by, currency }, dated))
        .map(({ key, sums }) => [key, metrics.map((name) => sums[name])])
        .filter(([, sums]) => sums?.some((sum) => sum !== 0));
      const inOrder = (all: unknown[][]) => all.map((each) => JSON.stringify(each)).toSorted();
      expect(inOrder(told), `${dated} ${by.join(' ')}`).toEqual(inOrder(expected));
    }
  }
  const { cohorts } = await retention(clickhouse, { ...MONTHS, region: regionCode }, CLOCK);
  const months = cohorts.flatMap(({ month, buyers }) =>
    buyers.flatMap((count, after) => (count ? [{ month, after, buyers: count }] : [])),
  );
  expect(months).toEqual(await cohortsRecomputed(db, part));
  const people = (await purchasesOfAll(clickhouse, TODAY))
    .filter((each) => each.currency === currency)
    .map(({ customers, ordersEver, orders, netMinor, recencyDays }) => {
      return { customers, ordersEver, orders, netMinor, recencyDays };
    })
    .toSorted((a, b) => (a.customers.join() < b.customers.join() ? -1 : 1));
  expect(people).toEqual(await purchasesRecomputed(db, part));
}

const aStep = fc.record({
  does: fc.constantFrom(
    'order',
    'order',
    'order',
    'back',
    'cancel',
    'join',
    'join',
    'join',
    'undo',
    'resolve',
  ),
  who: fc.nat(4),
  from: fc.nat(6),
  to: fc.nat(6),
  isStrong: fc.boolean(),
  of: fc.nat(20),
  on: fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 28 })),
  isFollowed: fc.boolean(),
});

type Step = Parameters<Parameters<typeof aStep.map>[0]>[0];
const USUAL: Step = {
  does: 'order',
  who: 0,
  from: 0,
  to: 1,
  isStrong: true,
  of: 0,
  on: [6, 1],
  isFollowed: false,
};
/** So that each history has two who bought and are one person, until it says otherwise. */
const BEGINNING: readonly Step[] = [USUAL, { ...USUAL, who: 1 }, { ...USUAL, does: 'join' }];

const dayOf = ([months, day]: [number, number]) =>
  `${new Date(Date.UTC(2025, 4 + months, 1)).toISOString().slice(0, 8)}${String(day).padStart(2, '0')}`;

test('whatever is joined, undone, bought late and sent back in whatever order, figures by customer are what PostgreSQL says', async ({
  deps,
  db,
  clickhouse,
  follow,
}) => {
  let [run, joined, parted] = [0, 0, 0];
  const accounts = await Promise.all(Array.from({ length: 2 }, () => aMember(deps)));
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 12, maxLength: 36 }), async (random) => {
      const steps = [...BEGINNING, ...random];
      run += 1;
      const part = {
        currency: `M${String.fromCharCode(65 + run)}A`,
        regionCode: `x-${randomUUID().slice(0, 8)}`,
      };
      for (const table of ['undoing', 'evidence', 'node'])
        await sql`delete from ${sql.table(`persons.${table}`)}`.execute(db);
      const customers = Array.from({ length: 4 }, () => randomUUID());
      const nodes: PersonNode[] = [
        ...customers.map(customerNode),
        ...accounts.map(({ memberId }) => memberNode(memberId)),
        aDevice(),
      ];
      const orders: (RecordedSale & { customerId: string | null })[] = [];
      const holding = new Set<string>();
      for (const [index, step] of steps.entries()) {
        const { does, who, from, to, isStrong, of, on, isFollowed } = step;
        const businessDay = dayOf(on);
        const occurredAt = `${businessDay}T10:00:${String(59 - index).padStart(2, '0')}.000Z`;
        const sale = { ...part, businessDay, occurredAt, lines: [{ grossMinor: 100 + index, quantity: 1 }] };
        const order = orders[of % Math.max(1, orders.length)];
        const [one, other] = [nodes[from], nodes[to]];
        if (does === 'order') {
          const customerId = customers[who] ?? null;
          const placed = await inTransaction(db, (tx) => recordSale(tx, { ...sale, customerId }));
          orders.push({ ...placed, customerId });
        } else if ((does === 'back' || does === 'cancel') && order) {
          const kind = does === 'back' ? { isReturn: true } : { isCancellation: true };
          const { customerId } = order;
          await inTransaction(db, (tx) => recordSale(tx, { ...sale, ...kind, customerId, of: order }));
        } else if (does === 'join' && one && other && from !== to) {
          const evidence = someEvidence(one, other, { kind: 'match', isStrong });
          await resolved(db, evidence);
          holding.add(evidence.id);
        } else if (does === 'undo') {
          const [id] = [...holding].slice(of % Math.max(1, holding.size));
          if (id === undefined) continue;
          await undo(db, id);
          holding.delete(id);
          parted += 1;
        } else if (does === 'resolve') await resolveTouched(deps);
        if (isFollowed) await follow();
      }
      await follow();
      await resolveTouched(deps);
      joined += (await purchasesRecomputed(db, part)).filter((each) => each.customers.length > 1).length;
      await expectSame({ db, clickhouse }, part);
      // All of it undone: everybody is who they were.
      for (const id of holding) await undo(db, id);
      await resolveTouched(deps);
      await expectSame({ db, clickhouse }, part);
    }),
    { numRuns: 10, endOnFailure: true },
  );
  // The histories were not too tame to show anything.
  expect([joined > 0, parted > 0]).toEqual([true, true]);
});

async function aBuyer(deps: Deps) {
  const { memberId } = await aMember(deps);
  return inTransaction(deps.db, async (tx) => {
    await setConsent(tx, { memberId }, { analytics: true }, { touchpoint: 'web' });
    return { memberId, customerId: await customerOfMember(tx, memberId) };
  });
}

test('a merge counts from the next question on, in past days too, and its undoing brings each figure back', async ({
  deps,
  db,
  clickhouse,
  follow,
}) => {
  const [ada, ben] = [await aBuyer(deps), await aBuyer(deps)];
  const [first, second] = [ada, ben].toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1));
  if (!first || !second) throw new Error('no buyers');
  for (const { memberId, customerId } of [ada, ben])
    await resolved(db, someEvidence(memberNode(memberId), customerNode(customerId), { kind: 'order' }));
  const currency = 'PLN';
  const buy = (customerId: string, businessDay: string, grossMinor: number) =>
    inTransaction(db, (tx) =>
      recordSale(tx, { customerId, businessDay, currency, regionCode: 'PL', lines: [{ grossMinor }] }),
    );
  await buy(ada.customerId, '2026-05-01', 100);
  await buy(ben.customerId, '2026-05-10', 20);
  await buy(ben.customerId, '2026-05-20', 3);
  await follow();
  await resolveTouched(deps);
  const firstOrders = async () => {
    const question = {
      from: '2026-04-01',
      to: '2026-05-31',
      by: ['day', 'customer'] as Dimension[],
      currency,
    };
    const { rows } = await answer(clickhouse, { ...question, metrics: ['net_sales'] }, CLOCK);
    return rows.flatMap(({ keys, figures }) =>
      keys.customer === 'new' && figures.net_sales?.value ? [`${keys.day} ${figures.net_sales.value}`] : [],
    );
  };
  let minute = 0;
  const clock = () => ({ ...deps, now: () => new Date(CLOCK.now.getTime() + (minute += 1) * 60_000) });
  const listed = async () => {
    const { counted, customers } = await customersSeen(db, { currency, limit: 10 });
    return [
      counted?.customers,
      ...customers.map((each) => [each.customerId, each.ordersEver, each.netMinor]),
    ];
  };
  const seenOf = async ({ customerId }: typeof ada) =>
    (await customerSeen(db, customerId)).figures.map((each) => [each.customerId, each.netMinor]);
  await countCustomers(clock());
  const apart = [2, [ada.customerId, 1, 100], [ben.customerId, 2, 23]];
  expect([await firstOrders(), await listed()]).toEqual([['2026-05-01 100', '2026-05-10 20'], apart]);

  const match = someEvidence(memberNode(ada.memberId), memberNode(ben.memberId), { kind: 'match' });
  await resolved(db, match);
  // Known at once: nobody is shown as less than they are.
  expect([await listed(), await seenOf(ada), await seenOf(ben)]).toEqual([[2], [], []]);
  await resolveTouched(deps);
  expect(await firstOrders()).toEqual(['2026-05-01 100']);
  await countRegrouped(clock());
  const together = [1, [first.customerId, 3, 123]];
  expect(await listed()).toEqual(together);
  expect([await seenOf(first), await seenOf(second)]).toEqual([
    [[first.customerId, 123]],
    [[second.customerId, 123]],
  ]);
  // By what either of the accounts is drawn to, and by what others have of either, the one of them who is told of is found.
  const lamps = randomUUID();
  await sql`
    insert into insight.customer_interest (customer_id, kind, target_id, title, viewed, saved, bought, weight, own_share,
      all_share, lift, counted_at)
    values (${second.customerId}, 'category', ${lamps}, 'Lamps', 0, 2, 0, 6, 0.5, 0.1, 3, now())`.execute(db);
  await sql`
    insert into insight.customer_advocacy (customer_id, reviews, answers, made, shared, helpful, saved, brought, points, segment,
      counted_at)
    values (${second.customerId}, 1, 0, 0, 0, 0, 0, 0, 10, 'voice', now())`.execute(db);
  const drawn = async (interest: string, segment?: 'voice' | 'advocate') => {
    const { customers, tastes } = await customersSeen(db, { currency, interest, segment, limit: 10 });
    return customers.map(({ customerId }) => [
      customerId,
      tastes.get(customerId)?.interests.map(({ title, lift }) => `${title} ${lift}`),
      tastes.get(customerId)?.advocacy?.points,
    ]);
  };
  expect(await drawn(lamps)).toEqual([[first.customerId, ['Lamps 3'], 10]]);
  expect(await drawn(lamps, 'voice')).toEqual([[first.customerId, ['Lamps 3'], 10]]);
  expect((await customerSeen(db, first.customerId)).interests.map(({ title }) => title)).toEqual(['Lamps']);
  expect([await drawn(randomUUID()), await drawn(lamps, 'advocate')]).toEqual([[], []]);
  // A sale that is told late lands on its day, and takes the first place of one that was there.
  await buy(ben.customerId, '2026-04-30', 4);
  await follow();
  expect(await firstOrders()).toEqual(['2026-04-30 4']);
  const { counted: before } = await customersSeen(db, { currency, limit: 1 });
  await countRegrouped(clock());
  expect((await customersSeen(db, { currency, limit: 1 })).counted).toEqual(before);

  await undo(db, match.id);
  await resolveTouched(deps);
  expect([await firstOrders(), await listed()]).toEqual([['2026-04-30 4', '2026-05-01 100'], [1]]);
  await countRegrouped(clock());
  expect(await listed()).toEqual([2, [ada.customerId, 1, 100], [ben.customerId, 3, 27]]);
  expect((await drawn(lamps)).map(([id]) => id)).toEqual([second.customerId]);

  await resolved(db, { ...match, id: randomUUID() });
  await resolveTouched(deps);
  await countRegrouped(clock());
  expect(await listed()).toEqual([1, [first.customerId, 4, 127]]);
  await inTransaction(db, (tx) => eraseCustomerFigures(tx, second.customerId));
  expect([await listed(), await seenOf(first)]).toEqual([[1], []]);
  // Who is erased takes along what joined them, in ClickHouse too: what is left of the sales is two customers'.
  await inTransaction(db, (tx) => erasePersons(tx, ben.memberId));
  await resolveTouched(deps);
  expect(await firstOrders()).toEqual(['2026-04-30 4', '2026-05-01 100']);
  const left = await clickhouse.query({
    query: 'select toString(customer_id) as id from customer_person where customer_id in {ids: Array(UUID)}',
    query_params: { ids: [ada.customerId, ben.customerId] },
    format: 'JSONEachRow',
  });
  expect(new Set((await left.json<{ id: string }>()).map(({ id }) => id))).toEqual(new Set([ada.customerId]));
});

test('who parted from everybody is with none of those who come to the same member after', async ({
  deps,
  db,
  clickhouse,
  follow,
}) => {
  const { memberId } = await aMember(deps);
  const [parted, left, ...late] = Array.from({ length: 4 }, () => randomUUID());
  const join = async (customerId = '') => {
    const evidence = someEvidence(memberNode(memberId), customerNode(customerId), { kind: 'match' });
    await resolved(db, evidence);
    await resolveTouched(deps);
    return evidence.id;
  };
  const part = async (id: string) => {
    await undo(db, id);
    await resolveTouched(deps);
  };
  const sale = { currency: 'SEK', regionCode: 'SE', lines: [{ grossMinor: 100 }] };
  for (const customerId of [parted, ...late])
    await inTransaction(db, (tx) =>
      recordSale(tx, { ...sale, businessDay: '2026-05-01', customerId: customerId ?? '' }),
    );
  await follow();
  const [first, second] = [await join(parted), await join(left)];
  await part(second); // alone, and still the member's
  await part(first); // nobody's
  for (const each of late) await join(each);
  const people = (await purchasesOfAll(clickhouse, TODAY)).filter(({ currency }) => currency === 'SEK');
  expect(people.map(({ customers }) => customers).toSorted((a, b) => a.length - b.length)).toEqual([
    [parted],
    late.toSorted(),
  ]);
});
