import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine, aMember } from '#modules/identity/factory.ts';
import { customerOfMember } from '#modules/identity/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { CONTACT_KEYS, contactsOf, firstContacts, type Matter, MATTERS, noteContact } from './contacts.ts';
import { anAddressedOrder } from './factory.ts';
import { mailQuestion } from './mail-question.ts';
import { questionId } from './occasions.ts';

const HOUR_MS = 3_600_000;
const ZONE = 'Europe/Amsterdam';

const aCustomer = async (deps: Deps): Promise<string> => {
  const { memberId } = await aMember(deps);
  return inTransaction(deps.db, (tx) => customerOfMember(tx, memberId));
};

interface Noted {
  orderId: string;
  at: string;
  matter?: Matter;
  touchpoint?: 'service' | 'till' | 'web';
}

const note = (db: Db, { orderId, at, matter = 'delivery', touchpoint = 'service' }: Noted) =>
  inTransaction(db, (tx) =>
    noteContact(
      tx,
      'system',
      { id: randomUUID(), orderId, matter, touchpoint, isSettled: false, occurredAt: new Date(at) },
      new Date('2040-01-01T00:00:00Z'),
    ),
  );

test('a settled case asks its customer by mail once; sent twice it is one contact, and another under its id is refused', async ({
  app,
  deps,
  db,
  outbox,
}) => {
  const { authorization } = await aMachine(deps, ['orders:write']);
  const email = `${randomUUID()}@example.com`;
  const orderId = await anAddressedOrder(db, { email });
  const put = (id: string, more: object = {}) =>
    app.inject({
      method: 'PUT',
      url: `/v1/satisfaction/contacts/${id}`,
      headers: { authorization },
      payload: { orderId, matter: 'delivery', touchpoint: 'till', isSettled: true, ...more },
    });
  const [settled, open] = [randomUUID(), randomUUID()];
  for (const _ of ['sent', 'again']) expect((await put(settled)).statusCode).toBe(200);
  expect(
    (await Promise.all([put(open, { isSettled: false }), put(open, { isSettled: false })])).map(
      (each) => each.statusCode,
    ),
  ).toEqual([200, 200]);
  expect((await put(settled, { matter: 'payment' })).json()).toMatchObject({
    status: 409,
    type: '/problems/satisfaction.contact_differs',
  });
  expect((await put(randomUUID(), { occurredAt: '2199-01-01T00:00:00Z' })).json()).toMatchObject({
    status: 422,
    type: '/problems/satisfaction.contact_to_come',
  });
  expect((await put(randomUUID(), { orderId: randomUUID() })).json()).toMatchObject({
    type: '/problems/satisfaction.order_unknown',
  });
  const asked = await sql<{ id: string; touchpoint: string }>`
    select id, touchpoint from satisfaction.question where order_id = ${orderId} and occasion = 'case'`.execute(
    db,
  );
  expect(asked.rows).toEqual([{ id: questionId('case', settled), touchpoint: 'till' }]);
  await mailQuestion(deps, { questionId: questionId('case', settled) });
  expect(outbox.filter(({ to }) => to === email)).toHaveLength(1);
  const told = async () => new Map((await contactsOf(db, orderId)).map((each) => [each.id, each.isSettled]));
  expect(await told()).toEqual(
    new Map([
      [settled, true],
      [open, false],
    ]),
  );
  const settle = (id: string) =>
    app.inject({
      method: 'PUT',
      url: `/v1/satisfaction/contacts/${id}/settlement`,
      headers: { authorization },
    });
  expect((await Promise.all([settle(open), settle(open)])).map(({ statusCode }) => statusCode)).toEqual([
    204, 204,
  ]);
  expect((await settle(randomUUID())).statusCode).toBe(404);
  expect(await told()).toEqual(
    new Map([
      [settled, true],
      [open, true],
    ]),
  );
  // Nobody came again: what was settled later is one contact all the same.
  const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);
  const period = { from: dayOf(Date.now() - 24 * HOUR_MS), to: dayOf(Date.now()) };
  const judged = { now: new Date(Date.now() + 8 * 24 * HOUR_MS), timeZone: 'UTC' };
  expect(await firstContacts(db, period, 'none', judged)).toMatchObject([{ matters: 1, resolved: 0 }]);
  await expect(sql`update satisfaction.contact set matter = 'other'`.execute(db)).rejects.toThrow(
    'append-only',
  );
});

test('a matter is resolved the first time when nobody came again about it for seven days, at any touch point', async ({
  app,
  deps,
  db,
}) => {
  const customerId = await aCustomer(deps);
  const [one, two, guest] = [
    await anAddressedOrder(db, { customerId }),
    await anAddressedOrder(db, { customerId }),
    await anAddressedOrder(db, {}),
  ];
  const noted: Noted[] = [
    { orderId: one, at: '2031-05-01T10:00:00Z' }, // again on the 8th, at the counter, about the other order
    { orderId: two, at: '2031-05-08T10:00:00Z', touchpoint: 'till' },
    { orderId: one, at: '2031-05-15T10:00:01Z' }, // a second more than seven days: another matter, and resolved
    { orderId: one, at: '2031-05-02T10:00:00Z', matter: 'payment' }, // another matter
    { orderId: guest, at: '2031-04-30T22:30:00Z', touchpoint: 'web' }, // the 1st in Amsterdam
    { orderId: guest, at: '2031-04-30T21:30:00Z', matter: 'other' }, // the day before
    { orderId: guest, at: '2031-05-29T10:00:00Z' }, // a month later; not judged on the 31st
  ];
  for (const each of noted) await note(db, each);
  const ask = (by: (typeof CONTACT_KEYS)[number]) =>
    firstContacts(db, { from: '2031-05-01', to: '2031-05-31' }, by, {
      now: new Date('2031-05-31T12:00:00Z'),
      timeZone: ZONE,
    });
  expect(await ask('none')).toEqual([{ key: '', matters: 4, resolved: 3, open: 1, value: 0.75 }]);
  expect(await ask('touchpoint')).toEqual([
    { key: 'service', matters: 3, resolved: 2, open: 1, value: 2 / 3 },
    { key: 'web', matters: 1, resolved: 1, open: 0, value: 1 },
  ]);
  expect((await ask('matter')).map(({ key, matters, resolved }) => [key, matters, resolved])).toEqual([
    ['delivery', 3, 2],
    ['payment', 1, 1],
  ]);
  expect((await ask('day')).map(({ key }) => key)).toEqual([
    '2031-05-01',
    '2031-05-02',
    '2031-05-15',
    '2031-05-29',
  ]);
  const { authorization } = await aMachine(deps, ['insight:read']);
  const told = await app.inject({
    url: '/v1/satisfaction/first-contacts?from=2031-04-30&to=2031-04-30&by=matter',
    headers: { authorization },
  });
  expect(told.json()).toEqual({ rows: [{ key: 'other', matters: 0, resolved: 0, value: null, open: 1 }] });
});

test(
  'whoever comes when about what, the figures are those of counting contacts one by one',
  { timeout: 120_000 },
  async ({ db, deps }) => {
    const someone = fc.record({
      person: fc.nat(2),
      matter: fc.constantFrom(...MATTERS.slice(0, 2)),
      hour: fc.integer({ min: 0, max: 40 * 12 }).map((half) => half * 2),
    });
    let year = 2001;
    const customers = [await aCustomer(deps), await aCustomer(deps), null];
    await fc.assert(
      fc.asyncProperty(fc.array(someone, { minLength: 1, maxLength: 25 }), async (contacts) => {
        const begins = Date.parse(`${year}-01-01T00:00:00Z`);
        const orders = await Promise.all(customers.map((customerId) => anAddressedOrder(db, { customerId })));
        for (const { person, matter, hour } of contacts)
          await note(db, {
            orderId: orders[person] ?? '',
            matter,
            at: new Date(begins + hour * HOUR_MS).toISOString(),
          });
        const now = new Date(begins + 30 * 24 * HOUR_MS);
        const found = await firstContacts(db, { from: `${year}-01-05`, to: `${year}-02-20` }, 'none', {
          now,
          timeZone: 'UTC',
        });
        const [week, from, until] = [7 * 24, 4 * 24, 51 * 24];
        const expected = { matters: 0, resolved: 0, open: 0 };
        const sorted = contacts.toSorted((a, b) => a.hour - b.hour);
        for (const [index, { person, matter, hour }] of sorted.entries()) {
          const same = sorted.map((each) => each.person === person && each.matter === matter);
          const isLater = sorted.some((each, at) => at < index && same[at] && hour - each.hour <= week);
          if (isLater || hour < from || hour >= until) continue;
          const isRepeated = sorted.some((each, at) => at > index && same[at] && each.hour - hour <= week);
          const isOver = hour + week < 30 * 24;
          if (isRepeated || isOver) expected.matters += 1;
          if (!isRepeated && isOver) expected.resolved += 1;
          if (!isRepeated && !isOver) expected.open += 1;
        }
        expect(found[0] ?? { matters: 0, resolved: 0, open: 0 }).toMatchObject(expected);
        year += 1;
      }),
      { numRuns: 25, endOnFailure: true },
    );
  },
);
