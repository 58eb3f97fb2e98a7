import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine, aSignedInMember } from '#modules/identity/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { contactRates, costOfContact, setContactRate } from './contact-rates.ts';
import { noteContact } from './contacts.ts';
import { anAddressedOrder } from './factory.ts';

const NOW = new Date('2040-01-01T00:00:00Z');
const rate = (startsOn: string, minutes: number, minuteMinor: number) => ({
  startsOn,
  currency: 'EUR',
  minutes,
  minuteMinor,
});
const set = (db: Db, ...facts: Parameters<typeof rate>) =>
  inTransaction(db, (tx) => setContactRate(tx, 'system', rate(...facts), NOW));

const note = (db: Db, orderId: string | null, at: string, id: string = randomUUID()) =>
  inTransaction(db, (tx) =>
    noteContact(
      tx,
      'system',
      { id, orderId, matter: 'delivery', touchpoint: 'service', isSettled: false, occurredAt: new Date(at) },
      NOW,
    ),
  );

const toldOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ payload: Record<string, unknown> }>`
    select payload from platform.event
    where name = 'satisfaction.contact_costed.v1' and payload ->> 'orderId' = ${orderId} order by id`.execute(
    db,
  );
  return rows.map(({ payload }) => [payload['contactId'], payload['currency'], payload['amountMinor']]);
};

test('a contact costs what the rate of its day says, once; before the first rate, and about no order, nothing', async ({
  db,
}) => {
  await set(db, '2032-03-10', 6, 52.5);
  await set(db, '2032-04-01', 5, 50.5);
  const orderId = await anAddressedOrder(db, {});
  const [first, second] = [randomUUID(), randomUUID()];
  await note(db, orderId, '2032-03-09T23:00:00Z');
  for (const _ of ['sent', 'again']) await note(db, orderId, '2032-03-10T08:00:00Z', first);
  await note(db, orderId, '2032-04-02T08:00:00Z', second);
  await note(db, null, '2032-04-02T08:00:00Z');
  expect(await toldOf(db, orderId)).toEqual([
    [first, 'EUR', 315],
    [second, 'EUR', 252], // 252.5, half to even
  ]);
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from platform.event where name = 'satisfaction.contact_costed.v1'`.execute(
    db,
  );
  expect(rows).toEqual([{ count: 2 }]);

  await set(db, '2032-04-01', 0, 50.5); // what was noted stays
  await note(db, orderId, '2032-04-03T08:00:00Z');
  expect(await toldOf(db, orderId)).toHaveLength(2);
  expect(await contactRates(db)).toEqual([rate('2032-03-10', 6, 52.5), rate('2032-04-01', 0, 50.5)]);
});

test.for([
  [1, 0.5, 0],
  [1, 1.5, 2],
  [1, 2.5, 2],
  [3, 0.7, 2],
])('%d minutes at %d minor units cost %d', ([minutes = 0, minuteMinor = 0, cost]) => {
  expect(costOfContact(rate('2032-01-01', minutes, minuteMinor))).toBe(cost);
});

test('operations sets a rate by the API; others are refused, and so is what is no rate', async ({
  app,
  deps,
}) => {
  const { cookie } = await aSignedInMember(deps, ['operations']);
  const { cookie: merchant } = await aSignedInMember(deps, ['merchant']);
  const { authorization } = await aMachine(deps, ['insight:read']);
  const put = (headers: Record<string, string>, more: object = {}) =>
    app.inject({
      method: 'PUT',
      url: '/v1/satisfaction/contact-rates/2033-01-01',
      headers,
      payload: { currency: 'EUR', minutes: 6, minuteMinor: 52.5, ...more },
    });
  expect((await put({ cookie })).statusCode).toBe(204);
  expect((await put({ cookie: merchant })).statusCode).toBe(403);
  expect((await put({ cookie }, { minutes: -1 })).statusCode).toBe(400);
  expect((await put({ cookie }, { currency: 'euros' })).statusCode).toBe(400);
  const listed = await app.inject({ url: '/v1/satisfaction/contact-rates', headers: { authorization } });
  expect(listed.json<{ rates: object[] }>().rates).toContainEqual(rate('2033-01-01', 6, 52.5));
});
