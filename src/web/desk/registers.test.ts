import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aLocation } from '#modules/inventory/factory.ts';
import { anOpenRegister, aRegister, aSoldOrder } from '#modules/till/factory.ts';
import { closeShift, findRegister, openShift } from '#modules/till/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const PATH = '/desk/registers';
const textOf = (body: string) => body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

test('operations add a register, name it, move it until it sells, and take it out of use', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const operations = await aSignedInBrowser(app, deps, ['operations']);
  const [store, other, warehouse] = [
    await aLocation(db, { kind: 'store', name: 'Athens' }),
    await aLocation(db, { kind: 'store', name: 'Berlin' }),
    await aLocation(db, { kind: 'warehouse' }),
  ];
  const id = fieldOf((await operations.open(PATH)).body, 'id') ?? '';
  const wish = { id, name: 'By the door', store, currency: 'eur' };
  for (const [wrong, text] of [
    [{ name: ' ' }, 'Give it a name of at most 80 characters.'],
    [{ store: warehouse }, 'Choose a store.'],
    [{ store: randomUUID() }, 'Choose a store.'],
    [{ currency: 'EURO' }, 'Enter a currency’s three letters, such as EUR.'],
  ] as const) {
    const refused = await operations.send(PATH, { ...wish, ...wrong });
    expect([refused.statusCode, refused.body.includes(text)], text).toEqual([422, true]);
  }
  expect(await findRegister(db, id)).toBeUndefined();
  for (const attempt of ['first', 'retry'])
    expect((await operations.send(PATH, wish)).headers['location'], attempt).toBe(`${PATH}/${id}`);
  expect(await findRegister(db, id)).toEqual({
    id,
    name: 'By the door',
    locationId: store,
    currency: 'EUR',
    active: true,
  });
  const taken = await operations.send(PATH, { ...wish, id: randomUUID() });
  expect([taken.statusCode, taken.body.includes('That store has a register of that name.')]).toEqual([
    409,
    true,
  ]);

  const change = (more: object) =>
    operations.send(`${PATH}/${id}`, { name: 'Till 1', store, currency: 'EUR', use: 'yes', ...more });
  expect((await change({ store: other })).statusCode).toBe(303);
  expect((await change({ currency: 'GBP' })).body).toContain('Its currency stays.');
  const shift = { id: randomUUID(), registerId: id, floatMinor: 100, memberId: operations.memberId };
  await inTransaction(db, (tx) => openShift(tx, shift, new Date()));
  expect((await change({ store })).body).toContain('It has been opened here: add another register there.');
  expect((await change({ store: other, use: '' })).body).toContain('Its drawer is open: count and close it');
  expect(await findRegister(db, id)).toMatchObject({ name: 'Till 1', locationId: other });
  const list = textOf((await operations.open(PATH)).body);
  expect(list).toMatch(/Till 1 Berlin Open since [^€]*, Ada Example €1\.00/);

  const closing = { shiftId: shift.id, countedMinor: 90, memberId: operations.memberId };
  await inTransaction(db, (tx) => closeShift(tx, closing, new Date()));
  expect((await change({ store: other, use: '' })).statusCode).toBe(303);
  expect(await findRegister(db, id)).toBeUndefined();
  expect(textOf((await operations.open(PATH)).body)).toMatch(/Till 1 Berlin Not in use -€0\.10/);
  const again = { ...shift, id: randomUUID() };
  await expect(inTransaction(db, (tx) => openShift(tx, again, new Date()))).rejects.toMatchObject({
    code: 'till.register_not_found',
  });
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from identity.audit
    where action = 'register_set' and subject = ${`register:${id}`}`.execute(db);
  expect(rows).toEqual([{ count: 3 }]);

  // What was sold while it was in use, and is told now, is entered.
  const till = await anOpenRegister(db, databaseUrl, { units: 3, memberId: operations.memberId });
  const soldAt = new Date().toISOString();
  const last = { shiftId: till.shiftId, countedMinor: 11_210, memberId: operations.memberId };
  await inTransaction(db, (tx) => closeShift(tx, last, new Date(Date.now() + 60_000)));
  await sql`update till.register set active = false where id = ${till.registerId}`.execute(db);
  const agreed = { unitPriceMinor: 1210, discountMinor: 0 };
  const lines = [{ variantId: till.variantId, quantity: 1, agreed }];
  expect(await aSoldOrder(db, till, { soldAt, lines })).toMatchObject({ totalMinor: 1210 });
  await expect(aSoldOrder(db, till)).rejects.toMatchObject({ code: 'till.register_not_found' });
});

test('each shift is told with who opened and counted it, by the piece, and what it differed by', async ({
  app,
  db,
  deps,
}) => {
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const register = await aRegister(db);
  const shift = { id: randomUUID(), registerId: register.id, memberId: merchant.memberId };
  const counts = { 2000: 2, 50: 3 };
  await inTransaction(db, (tx) => openShift(tx, { ...shift, floatMinor: 4150, counts }, new Date()));
  const counted = { 2000: 2, 20: 1 };
  const closing = { shiftId: shift.id, countedMinor: 4020, counts: counted, memberId: merchant.memberId };
  await inTransaction(db, (tx) => closeShift(tx, closing, new Date()));

  const one = await merchant.open(`${PATH}/${register.id}`);
  expect(textOf(one.body)).toMatch(/, Ada Example [^€]*, Ada Example €41\.50 €41\.50 €40\.20 -€1\.30/);
  expect(one.body).not.toContain('<form method="post" action="/desk/registers');
  const { body } = await merchant.open(`${PATH}/${register.id}/shifts/${shift.id}`);
  expect(textOf(body)).toContain('€20.00 2 €40.00 €0.50 3 €1.50 €41.50');
  expect(textOf(body)).toContain('€20.00 2 €40.00 €0.20 1 €0.20 €40.20');
  expect(textOf(body)).toMatch(/Difference of the count Ada Example -€1\.30/);
  const elsewhere = await aRegister(db);
  expect((await merchant.open(`${PATH}/${elsewhere.id}/shifts/${shift.id}`)).statusCode).toBe(404);
  const form = { name: 'Mine', store: register.locationId, currency: 'EUR', use: 'yes' };
  expect((await merchant.send(`${PATH}/${register.id}`, form)).statusCode).toBe(403);
  const url = `/v1/till/registers/${register.id}`;
  const put = await app.inject({
    method: 'PUT',
    url,
    payload: { name: 'Mine', locationId: register.locationId, currency: 'EUR' },
  });
  expect(put.statusCode).toBe(401);
});
