import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { levelsOf } from '#modules/inventory/index.ts';
import { creditFreshness, creditSums, followCredits, setTerritory } from '#modules/market/index.ts';
import { aMember, aShippedOrder } from '#modules/orders/factory.ts';
import { readOrder, returnsOf } from '#modules/orders/index.ts';
import { anOpenRegister, aRegister, aSoldOrder } from '#modules/till/factory.ts';
import { openShiftOf } from '#modules/till/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, fieldOf } from '../factory.ts';

type App = Parameters<typeof aSignedInBrowser>[0];
const PATH = '/till/take-back';

const stockOf = async (db: Db, at: { variantId: string; locationId: string }) => {
  const { levels } = await levelsOf(db, at);
  return levels.map(({ onHand, damaged }) => [onHand, damaged]);
};

/** Hashing a password is slow on purpose: one associate for all tests. */
let known: ReturnType<typeof aSignedInBrowser> | undefined;

async function atTill(app: App, deps: Deps, registerId: string) {
  known ??= aSignedInBrowser(app, deps, ['associate']);
  const associate = await known;
  associate.jar.set('stoa_register', registerId);
  return associate;
}

const formFor = (html: string, lineId: string, more: Record<string, string>) => ({
  id: fieldOf(html, 'id') ?? '',
  [`units_${lineId}`]: '1',
  [`reason_${lineId}`]: 'changed_mind',
  [`found_${lineId}`]: 'restock',
  refund_to: 'original',
  ...more,
});

async function credited(deps: Deps) {
  const stop = new AbortController();
  const following = followCredits(deps, stop.signal, () => {});
  await expect.poll(async () => (await creditFreshness(deps.db)).isBehind).toBe(false);
  stop.abort();
  await following;
  const { locations } = await creditSums(deps.db, { from: '2020-01-01', to: '2100-01-01', currency: 'EUR' });
  return locations.map(({ locationId, regionalMinor }) => [locationId, regionalMinor]);
}

test('what was bought on the web and sent from another store comes back here: shelf, money, event and credit', async ({
  app,
  db,
  deps,
  databaseUrl,
  work,
}) => {
  const viewer = await aMember(db);
  const register = await aRegister(db);
  const regional = await aRegister(db);
  const position = { latitude: 52.37, longitude: 4.9 };
  const store = { locationId: regional.locationId, attractiveness: 1, position };
  const territory = { id: randomUUID(), regionCode: 'NL', startsOn: '2020-01-01', stores: [store] };
  await inTransaction(db, (tx) => setTerritory(tx, { ...territory, note: '', setBy: null }, new Date()));
  const order = await aShippedOrder(db, databaseUrl, { viewer, touchpoint: 'web' });
  await work();
  const { orderId, lineId, variantId } = order;
  const { number } = await readOrder(db, orderId);
  const [before] = await credited(deps);
  expect(before).toEqual([regional.locationId, 2482]); // 30.03 without 21 % tax

  const associate = await atTill(app, deps, register.id);
  expect(await stockOf(db, { variantId, locationId: register.locationId })).toEqual([]);
  for (const q of [number, number.toLowerCase(), orderId, `https://shop.example/orders/${orderId}?cart=x`]) {
    const { statusCode, body } = await associate.open(`${PATH}?${new URLSearchParams({ q }).toString()}`);
    expect([statusCode, body.includes(`Order ${number}`)], q).toEqual([200, true]);
    expect(body).not.toContain('Ada Example,'); // who it is, is for those who may see it
  }
  const { body } = await associate.open(`${PATH}?q=${number}`);
  expect(body).toContain('3 can come back');
  expect(body).toContain('€10.01 paid for each');
  const form = formFor(body, lineId, { [`units_${lineId}`]: '2' });
  const [first, again] = await Promise.all(
    [1, 2].map(() => associate.send(`${PATH}/orders/${orderId}`, form)),
  );
  expect([first?.statusCode, again?.statusCode]).toEqual([303, 303]);
  expect((await associate.send(`${PATH}/orders/${orderId}`, form)).headers['location']).toBe(
    `${PATH}/${form.id}`,
  );
  await work();

  expect(await stockOf(db, { variantId, locationId: register.locationId })).toEqual([[2, 0]]);
  expect(await readOrder(db, orderId)).toMatchObject({
    capturedMinor: 3498,
    refundedMinor: 2002,
    outstandingMinor: 0,
  });
  expect(await returnsOf(db, orderId)).toMatchObject([
    { id: form.id, state: 'closed', touchpoint: 'till', locationId: register.locationId, refundMinor: 2002 },
  ]);
  const { rows } = await sql<{ touchpoint: string; quantity: number }>`
    select payload ->> 'touchpoint' as touchpoint, (payload #>> '{lines,0,quantity}')::integer as quantity
    from platform.event where name = 'orders.return_recorded.v1' and payload ->> 'orderId' = ${orderId}`.execute(
    db,
  );
  expect(rows).toEqual([{ touchpoint: 'till', quantity: 2 }]);
  expect(await credited(deps)).toEqual([[regional.locationId, 2482 - 1655]]);
  const done = (await associate.open(`${PATH}/${form.id}`)).body;
  expect(done).toContain(`Return ${number}-R1`);
  expect(done).toMatch(/Onto the card, by itself<\/dt><dd>€20.02/);
});

test('what was paid in cash comes out of this drawer; damaged goods are no stock, and what is refused is not paid', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const { memberId } = await aMember(db);
  const sold = await anOpenRegister(db, databaseUrl, { units: 5, memberId });
  const { saleId, number } = await aSoldOrder(db, sold, {
    lines: [{ variantId: sold.variantId, quantity: 3 }],
    totalMinor: 3630,
    payments: [{ kind: 'cash', amountMinor: 3630, tenderedMinor: 3630 }],
  });
  const lineId = (await readOrder(db, saleId)).lines[0]?.id ?? '';
  const associate = await atTill(app, deps, (await aRegister(db)).id);
  const path = `${PATH}/orders/${saleId}`;
  const open = async () => (await associate.open(`${PATH}?q=${number}`)).body;

  const closed = await associate.send(path, formFor(await open(), lineId, {}));
  expect([closed.statusCode, closed.body.includes('Open the drawer first.')]).toEqual([409, true]);
  const pounds = await aRegister(db, { currency: 'GBP' });
  associate.jar.set('stoa_register', pounds.id);
  const other = await associate.send(path, formFor(await open(), lineId, {}));
  expect([other.statusCode, other.body.includes('another currency')]).toEqual([409, true]);
  expect(await returnsOf(db, saleId)).toEqual([]);

  associate.jar.set('stoa_register', sold.registerId);
  const damaged = formFor(await open(), lineId, { [`found_${lineId}`]: 'damage' });
  expect((await associate.send(path, damaged)).statusCode).toBe(303);
  expect((await associate.open(`${PATH}/${damaged.id}`)).body).toMatch(
    /Give out of the drawer<\/dt><dd>€12.10/,
  );
  expect(await stockOf(db, sold)).toEqual([[2, 1]]);
  const refused = formFor(await open(), lineId, { [`found_${lineId}`]: 'refuse' });
  expect((await associate.send(path, refused)).statusCode).toBe(303);
  expect((await associate.open(`${PATH}/${refused.id}`)).body).toContain('No money goes back.');
  expect((await openShiftOf(db, sold.registerId))?.expectedMinor).toBe(10_000 + 3630 - 1210);
  const credit = await associate.send(path, formFor(await open(), lineId, { refund_to: 'store_credit' }));
  expect([credit.statusCode, credit.body.includes('Only a member has credit')]).toEqual([409, true]);
});

test('more than was bought is refused beside its field, as are other numbers by the same form', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const viewer = await aMember(db);
  const { orderId, lineId } = await aShippedOrder(db, databaseUrl, { viewer });
  const associate = await atTill(app, deps, (await aRegister(db)).id);
  const path = `${PATH}/orders/${orderId}`;
  const { body } = await associate.open(`${PATH}?q=${orderId}`);
  for (const [units, status, text] of [
    ['4', 409, 'Choose a number from 0 to 3.'],
    ['many', 422, 'Choose a number from 0 to 3.'],
    ['0', 422, 'Say how many of at least one thing.'],
  ] as const) {
    const refused = await associate.send(path, formFor(body, lineId, { [`units_${lineId}`]: units }));
    expect([refused.statusCode, refused.body.includes(text)], units).toEqual([status, true]);
  }
  const form = formFor(body, lineId, { refund_to: 'store_credit' });
  expect((await associate.send(path, form)).statusCode).toBe(303);
  const changed = await associate.send(path, { ...form, [`units_${lineId}`]: '2' });
  expect([changed.statusCode, changed.body.includes('with other numbers')]).toEqual([409, true]);
  expect(await readOrder(db, orderId)).toMatchObject({ refundedMinor: 0, creditedMinor: 1001 });
  expect((await associate.open(`${PATH}/${form.id}`)).body).toMatch(
    /Store credit, by itself<\/dt><dd>€10.01/,
  );
});

test('only the till takes back, and it finds no order that is none', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const { orderId, lineId } = await aShippedOrder(db, databaseUrl, { units: 1 });
  const register = await aRegister(db);
  const associate = await atTill(app, deps, register.id);
  for (const [q, status] of [
    ['ST-1999-1', 404],
    [randomUUID(), 404],
    ['\u0007', 422],
    ['x'.repeat(9000), 422],
  ] as const)
    expect((await associate.open(`${PATH}?${new URLSearchParams({ q }).toString()}`)).statusCode).toBe(
      status,
    );
  const form = formFor(`<input name="id" value="${randomUUID()}">`, lineId, {});
  expect((await associate.send(`${PATH}/orders/${randomUUID()}`, form)).statusCode).toBe(404);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const shopper = await aSignedInBrowser(app, deps);
  for (const browser of [merchant, shopper]) {
    browser.jar.set('stoa_register', register.id);
    expect((await browser.open(`${PATH}?q=${orderId}`)).statusCode).toBe(403);
    expect((await browser.send(`${PATH}/orders/${orderId}`, form)).statusCode).toBe(403);
  }
  const guest = await aBrowser(app).send(`${PATH}/orders/${orderId}`, form);
  expect(guest.headers['location']).toContain('/sign-in');
  expect(await returnsOf(db, orderId)).toEqual([]);
});
