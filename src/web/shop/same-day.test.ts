import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { fulfilmentOrdersOf, takeStep } from '#modules/fulfilment/index.ts';
import { receive } from '#modules/inventory/index.ts';
import { aLocation } from '#modules/inventory/factory.ts';
import { addArea } from '#modules/market/index.ts';
import { aCart, aVariant } from '#modules/orders/factory.ts';
import { putDeliveryMethod } from '#modules/orders/index.ts';
import { publishRules, rulesInForce } from '#modules/routing/index.ts';
import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { locationService } from '#read/service-levels.ts';
import { test } from '#test/harness.ts';
import { buildApp } from '../../app.ts';
import { aBrowser, aProduct, fieldOf } from '../factory.ts';

const TODAY = {
  code: 'today',
  name: 'By bicycle',
  kind: 'same_day' as const,
  transitDaysMin: 0,
  transitDaysMax: 0,
  position: 9,
  isActive: true,
  regionCodes: [],
  rates: [{ currency: 'EUR', amountMinor: 695, freeFromMinor: null }],
};
/** A minute before the store's cut-off, on a Friday. */
const OPEN = new Date('2027-03-05T16:59:00Z');
const SHUT = new Date('2027-03-05T17:00:00Z');

test('same day is offered within the distance, before the cut-off and while there is room; its part is due today, and late tomorrow', async ({
  db,
  databaseUrl,
  deps,
  work,
}) => {
  let now = OPEN;
  const app = await buildApp({ ...deps, now: () => now });
  onTestFinished(() => app.close());
  const variantId = await aVariant(databaseUrl);
  const locationId = await aLocation(db);
  await sql`update inventory.location set capacity_per_day = 2 where id = ${locationId}`.execute(db);
  await inTransaction(db, async (tx) => {
    await receive(tx, { id: randomUUID(), locationId, lines: [{ variantId, quantity: 9 }] }, OPEN);
    const within = { parentCode: 'NL', name: 'Somewhere' };
    const near = {
      by: 'postcodes',
      postcodes: ['10'],
      middle: { latitude: 52.36, longitude: 4.93 },
    } as const;
    const far = { by: 'postcodes', postcodes: ['35'], middle: { latitude: 52.09, longitude: 5.12 } } as const;
    await addArea(tx, { ...within, code: 'NL-near', plan: near });
    await addArea(tx, { ...within, code: 'NL-far', plan: far });
    await addArea(tx, { ...within, code: 'NL-unplaced', plan: { by: 'postcodes', postcodes: ['90'] } });
    await putDeliveryMethod(tx, TODAY);
    const { version, rules } = await rulesInForce(tx);
    const about = { over: version, note: 'Bicycles', publishedBy: null, at: OPEN };
    await publishRules(tx, { ...rules, sameDayKm: 10 }, about);
  });

  const offered = async (postcode: string, units = 1) => {
    const cartId = await aCart(db, GUEST, { [variantId]: units });
    const url = `/v1/orders/carts/${cartId}/delivery-options?countryCode=NL&postcode=${postcode}`;
    const { deliveryOptions } = (await app.inject({ url })).json();
    return deliveryOptions.find(({ code }: { code: string }) => code === 'today')?.promise;
  };
  const buy = async () => {
    const orderId = randomUUID();
    const cartId = await aCart(db, GUEST, { [variantId]: 1 });
    const address = { name: 'Ada Example', street: 'Long Street 1', postcode: '1011 AB', city: 'Amsterdam' };
    const answer = await app.inject({
      method: 'PUT',
      url: `/v1/orders/orders/${orderId}`,
      payload: {
        cartId,
        totalMinor: 1695,
        deliveryCode: 'today',
        touchpoint: 'web',
        paymentToken: 'approved',
        address: { ...address, email: 'ada@example.com', countryCode: 'NL' },
      },
    });
    return { orderId, statusCode: answer.statusCode, body: answer.json() };
  };
  const today = { promisedFrom: '2027-03-05', promisedTo: '2027-03-05' };
  expect(await offered('1011AB')).toEqual(today);
  expect(await offered('3511AB')).toBeUndefined(); // forty kilometres away
  expect(await offered('9011AB')).toBeUndefined(); // nobody knows how far
  expect(await offered('1011AB', 10)).toBeUndefined(); // the store has nine
  const { slug, variants } = await aProduct(db, databaseUrl, { stock: 3 });
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const form = (await guest.open('/checkout')).body;
  const fields = { country: 'NL', order: fieldOf(form, 'order') ?? '', cart: fieldOf(form, 'cart') ?? '' };
  const says = async (postcode: string) =>
    (await guest.send('/checkout/ways', { ...fields, goods: '2400', postcode })).body.includes(
      'At your door today',
    );
  expect([await says('1011 AB'), await says('3511 AB')]).toEqual([true, false]);
  const where = (postcode: string, next: string) =>
    guest.send('/place', { country: 'NL', postcode, forget: '', next });
  const saysOn = async (path: string) => (await guest.open(path)).body.includes('At your door today');
  const pages = async () => [await saysOn(`/p/${slug}`), await saysOn('/cart'), await saysOn('/checkout')];
  expect(await pages()).toEqual([false, false, false]);
  expect((await where('1011ab', `/p/${slug}`)).headers['location']).toBe(`/p/${slug}`);
  expect((await guest.open(`/p/${slug}`)).body).toMatch(/To 1011AB, (the )?Netherlands\./i);
  expect((await guest.open(`/p/${slug}`)).body).toContain('By bicycle, €6.95');
  expect(await pages()).toEqual([true, true, true]);
  const promised = async (postcode: string) => {
    const url = `/v1/orders/promises?variantId=${variants[0]?.id}&countryCode=NL&postcode=${postcode}`;
    return (await app.inject({ url }))
      .json()
      .promises.find((each: { deliveryCode: string }) => each.deliveryCode === 'today');
  };
  expect(await promised('1011AB')).toEqual({ deliveryCode: 'today', name: 'By bicycle', ...today });
  expect(await promised('3511AB')).toBeUndefined();
  await where('3511 AB', '/cart');
  expect(await pages()).toEqual([false, false, false]);
  for (const [country, postcode] of [
    ['ZZ', '1011AB'],
    ['NL', '<b>'],
    ['NL', ''],
    ['nl', '1011AB'],
  ] as const) {
    const refused = await guest.send('/place', { country, postcode, forget: '', next: '/cart' });
    expect([refused.statusCode, guest.jar.get('stoa_place')]).toEqual([422, 'NL%203511%20AB']);
  }
  expect((await where('1011AB', '//elsewhere.example/')).headers['location']).toBe('/');
  expect(await pages()).toEqual([true, true, true]);
  now = SHUT;
  expect(await says('1011 AB')).toBe(false);
  expect(await pages()).toEqual([false, false, false]);
  await guest.send('/place', { country: '', postcode: '', forget: 'yes', next: '/cart' });
  expect((await guest.open('/cart')).body).toContain('Say where it goes');
  expect(await offered('1011AB')).toBeUndefined();
  expect(await buy()).toMatchObject({ statusCode: 409, body: { type: '/problems/orders.delivery_unknown' } });

  now = OPEN;
  const first = await buy();
  expect(first).toMatchObject({ statusCode: 200 });
  await work();
  const [part] = await fulfilmentOrdersOf(db, first.orderId);
  expect(part).toMatchObject({ locationId, state: 'assigned', ...today, leavesOn: '2027-03-05' });
  expect((await buy()).statusCode).toBe(200);
  expect(await offered('1011AB')).toBeUndefined(); // two parcels a day, and they are taken
  expect((await buy()).statusCode).toBe(409);
  await work();

  const step = { id: randomUUID(), fulfilmentOrderId: part?.id ?? '', to: 'accepted' as const };
  await inTransaction(db, (tx) => takeStep(tx, step, OPEN));
  const measured = async (at: string) => {
    const period = { from: new Date('2027-03-01'), to: new Date('2027-04-01'), now: new Date(at) };
    return (await locationService(deps.reads, period)).find(({ id }) => id === locationId)?.onTime;
  };
  expect(await measured('2027-03-05T20:00:00Z')).toBeNull();
  expect(await measured('2027-03-06T00:00:00Z')).toBe(0);
});
