import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { anAddressedOrder } from '#modules/satisfaction/factory.ts';
import { noteContact } from '#modules/satisfaction/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { answer } from './answers.ts';
import { catchUp } from './follow-events.ts';
import { contactsFreshness } from './freshness.ts';
import { metricDimensions } from './metrics.ts';
import type { Question } from './questions.ts';

const { signal: never } = new AbortController();
const MARKETPLACE = { currency: 'EUR', timeZone: 'Europe/Amsterdam' };
const HOUR_MS = 3_600_000;

const test = base
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    do await catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never);
    while ((await contactsFreshness(db)).behind);
  })
  .extend(
    'ask',
    { scope: 'file' },
    async ({ clickhouse }) =>
      (question: Partial<Question> & Pick<Question, 'from' | 'to'>, now: string) =>
        answer(
          clickhouse,
          { by: [], metrics: ['first_contact_resolution', 'contacts'], currency: 'EUR', ...question },
          { now: new Date(now), timeZone: MARKETPLACE.timeZone },
        ),
  );

interface Noted {
  orderId: string | null;
  at: number;
  matter?: 'delivery' | 'payment';
  touchpoint?: 'service' | 'till' | 'web';
  regionCode?: string | undefined;
}

const note = (db: Db, { at, matter = 'delivery', touchpoint = 'service', ...more }: Noted) =>
  inTransaction(db, (tx) =>
    noteContact(
      tx,
      'system',
      { ...more, id: randomUUID(), matter, touchpoint, isSettled: false, occurredAt: new Date(at) },
      new Date('2040-01-01T00:00:00Z'),
    ),
  );

test('a matter that is younger than seven days has no figure, not zero; one that came up again is told anew, and so is one that was noted late', async ({
  db,
  follow,
  ask,
}) => {
  const order = await anAddressedOrder(db, {});
  const at = (text: string) => Date.parse(`2031-${text}:00Z`);
  await note(db, { orderId: order, at: at('03-29T23:30') }); // the 30th in Amsterdam
  await follow();
  const day = { from: '2031-03-30', to: '2031-03-30' };
  const figure = async (now: string) => (await ask(day, now)).total.figures;
  const none = { value: null, numerator: 0, denominator: 0, standardError: null };
  expect(await figure('2031-04-05T23:00:00Z')).toEqual({
    first_contact_resolution: none,
    contacts: { value: 1 },
  });
  const one = { value: 1, numerator: 1, denominator: 1, standardError: 0 };
  expect((await figure('2031-04-06T00:10:00Z')).first_contact_resolution).toEqual(one);
  // Again at the counter, a minute before the seven days are over: judged at once, and not resolved.
  await note(db, { orderId: order, at: at('04-05T23:29'), touchpoint: 'till' });
  await follow();
  const zero = { value: 0, numerator: 0, denominator: 1, standardError: 0 };
  expect((await figure('2031-04-05T23:30:00Z')).first_contact_resolution).toEqual(zero);
  const till = { from: '2031-04-01', to: '2031-04-30', filters: { touchpoint: ['till'] } };
  expect((await ask(till, '2031-06-01T00:00:00Z')).total.figures).toEqual({
    first_contact_resolution: none, // it belongs to the matter that was begun in writing
    contacts: { value: 1 },
  });
  // Noted late: they had come the day before the first, so the matter began then.
  await note(db, { orderId: order, at: at('03-28T12:00'), touchpoint: 'web' });
  await follow();
  expect((await figure('2031-06-01T00:00:00Z')).first_contact_resolution).toEqual(none);
  const march = await ask(
    { from: '2031-03-01', to: '2031-03-31', by: ['touchpoint'] },
    '2031-06-01T00:00:00Z',
  );
  expect(
    march.rows.map(({ keys, figures }) => [keys.touchpoint, figures.first_contact_resolution?.value]),
  ).toEqual([
    ['service', null],
    ['web', 0],
  ]);
  expect(metricDimensions('first_contact_resolution')).toEqual([
    'region',
    'area',
    'day',
    'week',
    'month',
    'touchpoint',
    'store',
    'matter',
  ]);
});

const KEYS = {
  region: `case when region_code ~ '^[A-Z]{2}-' then left(region_code, 2) else region_code end`,
  area: 'region_code',
  day: `((occurred_at at time zone 'Europe/Amsterdam')::date)::text`,
  touchpoint: 'touchpoint',
  store: `coalesce(location_id::text, '')`,
  matter: 'matter::text',
} as const;
type Key = keyof typeof KEYS;

/** By walking through each customer's contacts with a window, as nothing in insight does. */
const bySql = async (db: Db, key: Key, { from, to, today }: { from: string; to: string; today: string }) => {
  const { rows } = await sql<{ key: string; contacts: number; matters: number; resolved: number }>`
    with told as (
      select *, occurred_at - lag(occurred_at) over matter as before, lead(occurred_at) over matter - occurred_at as after
      from satisfaction.contact
      window matter as (partition by coalesce(customer_id, order_id, id), matter order by occurred_at, id)
    ), judged as (
      select *, coalesce(before > interval '168 hours', true) as begins, coalesce(after <= interval '168 hours', false) as again,
        date_trunc('day', (occurred_at + interval '168 hours') at time zone 'UTC') < ${today}::date as is_over
      from told
    )
    select ${sql.raw(KEYS[key])} as key, count(*)::integer as contacts,
      count(*) filter (where begins and (again or is_over))::integer as matters,
      count(*) filter (where begins and not again and is_over)::integer as resolved
    from judged where (occurred_at at time zone 'Europe/Amsterdam')::date between ${from}::date and ${to}::date
    group by 1 order by 1`.execute(db);
  return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
};

const aContact = fc.record({
  person: fc.nat(3),
  hour: fc.integer({ min: 0, max: 20 * 24 }),
  matter: fc.constantFrom('delivery' as const, 'payment' as const),
  touchpoint: fc.constantFrom('service' as const, 'till' as const, 'web' as const),
  regionCode: fc.constantFrom('DE', 'IT', 'ES'),
  isFollowed: fc.boolean(),
  isReplayed: fc.boolean(),
});

test(
  'whoever comes when about what, in whatever order it is noted, the figures are what PostgreSQL says and rows add up',
  { timeout: 240_000 },
  async ({ db, databaseUrl, clickhouse, follow, ask }) => {
    let year = 2001;
    await fc.assert(
      fc.asyncProperty(fc.array(aContact, { minLength: 1, maxLength: 20 }), async (contacts) => {
        const begins = Date.parse(`${year}-03-20T00:00:00Z`); // the clocks go forward in between
        const orders = [await anAddressedOrder(db, {}), await anAddressedOrder(db, {}), null, null];
        for (const { person, hour, matter, touchpoint, regionCode, isFollowed, isReplayed } of contacts) {
          const orderId = orders[person] ?? null;
          await Promise.all([
            note(db, { orderId, at: begins + hour * HOUR_MS, matter, touchpoint, regionCode }),
            ...(isFollowed ? [catchUp({ databaseUrl, clickhouse, config: MARKETPLACE }, never)] : []),
          ]);
          if (isReplayed)
            await sql`update insight.follower set position = '0', number = 0 where name = 'contact_entry'`.execute(
              db,
            );
        }
        await follow();
        const today = `${year}-04-08`;
        const period = { from: `${year}-03-22`, to: `${year}-04-07` };
        for (const key of Object.keys(KEYS) as Key[]) {
          const { rows, total } = await ask({ ...period, by: [key] }, `${today}T12:00:00Z`);
          const told = rows
            .filter(({ figures }) => figures.contacts?.value !== 0) // days without a contact
            .map(({ keys, figures: { first_contact_resolution: first, contacts: count } }) => ({
              key: keys[key] ?? '',
              contacts: count?.value,
              matters: first?.denominator,
              resolved: first?.numerator,
            }))
            .toSorted((a, b) => (a.key < b.key ? -1 : 1));
          expect(told, key).toEqual(await bySql(db, key, { ...period, today }));
          const sum = told.reduce((all, { matters }) => all + (matters ?? 0), 0);
          expect(sum).toBe(total.figures.first_contact_resolution?.denominator);
        }
        year += 1;
      }),
      { numRuns: 10, endOnFailure: true },
    );
  },
);
