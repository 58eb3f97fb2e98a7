import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aMachine, aSignedInMember } from '#modules/identity/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { aCart, aLocation, aVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { rulesInForce } from '#modules/routing/index.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';

/** One store near the buyers of a month and one far away, as they stood, and the hours in which three units were bought. */
async function aMonth(db: Db, databaseUrl: string) {
  const variantId = await aVariant(databaseUrl);
  const arrives = async (locationId: string, quantity: number) => {
    const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity }] };
    await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
  };
  const buys = async (quantity: number) => {
    const wish = aWish(await aCart(db, GUEST, { [variantId]: quantity }), quantity * 1000 + 495);
    await placeOrder(placingDeps(db), GUEST, wish);
  };
  const near = await aLocation(db, { latitude: 52.13, longitude: 5.29 });
  const far = await aLocation(db, { latitude: 40.42, longitude: -3.7, countryCode: 'ES' });
  await arrives(near, 1);
  await arrives(far, 3);
  await buys(1); // what it took is not there any more when the period begins
  const from = new Date();
  await arrives(near, 1);
  await buys(1);
  await buys(2);
  return { from: from.toISOString(), to: new Date().toISOString() };
}

test('a dry run tells what today’s rules and others make of a period’s orders, on the stock of then', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const period = await aMonth(db, databaseUrl);
  const { version, rules } = await rulesInForce(db);
  const { cookie } = await aSignedInMember(deps, ['operations']);
  const ask = (body: object, headers: Record<string, string> = { cookie }) =>
    app.inject({ method: 'POST', url: '/v1/routing/dry-runs', headers, payload: body });
  const nearOnly = { ...rules, filters: [{ keep: 'within_km', km: 900 }] };

  const answer = await ask({ rules: nearOnly, ...period });
  // A parcel costs 4.50 and 0.2 cents for each kilometre: some 30 from the near store, some 1,500 from the far one.
  expect(answer.json()).toEqual({
    today: {
      orders: 2,
      units: 3,
      fillRate: 1,
      onTime: 1,
      costMinor: 456 + 750,
      splitShare: 0,
      unfillable: 0,
      parcels: 2,
    },
    tried: {
      orders: 2,
      units: 3,
      fillRate: 1 / 3,
      onTime: 0.5,
      costMinor: 456,
      splitShare: 0,
      unfillable: 1,
      parcels: 1,
    },
    isCut: false,
  });
  expect((await rulesInForce(db)).version).toBe(version);

  const backwards = await ask({ rules, from: period.to, to: period.from });
  expect([backwards.statusCode, backwards.json().type]).toEqual([422, '/problems/routing.period_unfit']);
  const merchant = await aSignedInMember(deps, ['merchant']);
  expect((await ask({ rules, ...period }, { cookie: merchant.cookie })).statusCode).toBe(403);
  const machine = await aMachine(deps, ['orders:read']);
  expect((await ask({ rules, ...period }, { authorization: machine.authorization })).statusCode).toBe(403);
});
