import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aCart, aLocation, aVariant, aWish, COLLECT, placingDeps } from '../orders/factory.ts';
import { receive } from '../inventory/index.ts';
import { orderOf, placeOrder, putDeliveryMethod } from '../orders/index.ts';
import { collectionCode } from './collection-code.ts';
import { endUncollected, handOver, makeReady } from './collect.ts';
import { eventsOf, levelOf, partsOf } from './factory.ts';
import { ship } from './ship.ts';
import { takeOrder } from './take-order.ts';
import { takeStep } from './step.ts';

/** An order of two that is collected in the first of as many new places as there are figures of stock. */
async function aCollection(
  db: Db,
  databaseUrl: string,
  units: readonly number[],
  kind: 'store' | 'supplier' = 'store',
) {
  await inTransaction(db, (tx) => putDeliveryMethod(tx, COLLECT));
  const variantId = await aVariant(databaseUrl);
  const places: string[] = [];
  for (const [index, quantity] of units.entries()) {
    const locationId = await aLocation(db, index === 0 ? {} : { kind });
    places.push(locationId);
    if (quantity === 0) continue;
    const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity }] };
    await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
  }
  const [storeId = '', otherId = ''] = places;
  const cartId = await aCart(db, GUEST, { [variantId]: 2 });
  const wish = aWish(cartId, 2000, { deliveryCode: 'collect', pickupLocationId: storeId });
  await placeOrder(placingDeps(db), GUEST, wish);
  await inTransaction(db, (tx) => takeOrder(tx, wish.orderId));
  const [part] = await partsOf(db, wish.orderId);
  return { ...wish, variantId, storeId, otherId, partId: part?.id ?? '' };
}

async function pack(db: Db, fulfilmentOrderId: string) {
  for (const to of ['accepted', 'picked', 'packed'] as const)
    await inTransaction(db, (tx) => takeStep(tx, { id: randomUUID(), fulfilmentOrderId, to }, new Date()));
}

const ready = (db: Db, fulfilmentOrderId: string, now = new Date()) =>
  inTransaction(db, (tx) => makeReady(tx, { id: randomUUID(), fulfilmentOrderId }, now));

const sentTo = (db: Db, fulfilmentOrderId: string) =>
  ship(placingDeps(db), {
    id: randomUUID(),
    fulfilmentOrderId,
    carrier: 'test',
    parcels: [{ weightGrams: 10 }],
  });

const stateOf = async (db: Db, orderId: string) => (await partsOf(db, orderId)).map(({ state }) => state);
/** The events by which it left, and whether a parcel carried it. */
const leftAs = async (db: Db, orderId: string) =>
  (await eventsOf(db, orderId))
    .filter(({ name }) => /shipped|delivered/.test(name))
    .map(({ name, payload }) => [name, payload['byParcel']]);
const level = (onHand: number, allocated = 0) => ({ onHand, reserved: 0, allocated, short: 0 });

test('is collected with its code: the buyer hears of it once, and goods and money go with it', async ({
  db,
  databaseUrl,
  deps,
  work,
  outbox,
}) => {
  const order = await aCollection(db, databaseUrl, [5]);
  const { orderId, cartId, storeId, partId, variantId } = order;
  const placed = await orderOf(db, GUEST, orderId, cartId);
  expect(placed).toMatchObject({ pickupLocationId: storeId, promisedFrom: placed.promisedTo });
  await pack(db, partId);
  await expect(sentTo(db, partId)).rejects.toMatchObject({ code: 'fulfilment.step_not_open' });
  await ready(db, partId);
  await work();
  const mails = outbox.filter(({ subject }) => subject.includes('can be collected'));
  const code = collectionCode(deps.config.secret, orderId);
  expect(mails.map(({ text }) => text.includes(code))).toEqual([true]);

  const id = randomUUID();
  const hand = (proof: string) => handOver(deps, { id, fulfilmentOrderId: partId, proof });
  await expect(hand('ST-2026-999999')).rejects.toMatchObject({ code: 'fulfilment.proof_wrong' });
  await hand(code.toLowerCase());
  await hand(placed.number); // a retry
  expect(await stateOf(db, orderId)).toEqual(['collected']);
  expect(await levelOf(db, variantId, storeId)).toEqual(level(3));
  expect(await leftAs(db, orderId)).toEqual([
    ['fulfilment.shipped.v1', false],
    ['fulfilment.delivered.v1', undefined],
  ]);
  await work();
  expect(await orderOf(db, GUEST, orderId, cartId)).toMatchObject({
    state: 'paid',
    capturedMinor: 2000,
    outstandingMinor: 0,
  });
});

test('guesses at the counter are few, and the right code waits with them', async ({
  db,
  databaseUrl,
  deps,
}) => {
  const { orderId, partId } = await aCollection(db, databaseUrl, [2]);
  await pack(db, partId);
  await ready(db, partId);
  const hand = (proof: string, now = deps.now) =>
    handOver({ ...deps, now }, { id: randomUUID(), fulfilmentOrderId: partId, proof });
  const guesses = await Promise.allSettled(Array.from({ length: 9 }, () => hand('AAAAAA')));
  const codes = guesses.map((each) =>
    each.status === 'rejected' ? (each.reason as { code: string }).code : '',
  );
  expect(codes.filter((code) => code === 'fulfilment.proof_wrong')).toHaveLength(5);
  expect(codes.filter((code) => code === 'fulfilment.too_many_attempts')).toHaveLength(4);
  const right = collectionCode(deps.config.secret, orderId);
  await expect(hand(right)).rejects.toMatchObject({ code: 'fulfilment.too_many_attempts' });
  await hand(right, () => new Date(Date.now() + 16 * 60_000));
  expect(await stateOf(db, orderId)).toEqual(['collected']);
});

test('what nobody collects goes back to the shelf, and the money back to the buyer', async ({
  db,
  databaseUrl,
  deps,
  work,
}) => {
  const { orderId, cartId, storeId, partId, variantId } = await aCollection(db, databaseUrl, [2]);
  await pack(db, partId);
  await ready(db, partId, new Date(Date.now() - 7 * 86_400_000 + 60_000));
  await endUncollected(deps);
  expect(await stateOf(db, orderId)).toEqual(['ready']);
  await endUncollected({ ...deps, now: () => new Date(Date.now() + 120_000) });
  await work();
  expect(await stateOf(db, orderId)).toEqual(['not_collected']);
  expect(await levelOf(db, variantId, storeId)).toEqual(level(2));
  expect(await orderOf(db, GUEST, orderId, cartId)).toMatchObject({
    state: 'cancelled',
    outstandingMinor: 0,
  });
});

test.for(['store', 'supplier'] as const)(
  'a %s sends it to the store: its stock leaves with the parcel, and the store’s never knows it',
  async (kind, { db, databaseUrl, deps, work }) => {
    const order = await aCollection(db, databaseUrl, [0, 5], kind);
    const { orderId, cartId, storeId, otherId, partId, variantId } = order;
    await pack(db, partId);
    await expect(ready(db, partId)).rejects.toMatchObject({ code: 'fulfilment.step_not_open' });
    await sentTo(db, partId);
    expect(await levelOf(db, variantId, otherId)).toEqual(level(3));
    await work();
    expect(await leftAs(db, orderId)).toEqual([]);
    await ready(db, partId);
    await handOver(deps, {
      id: randomUUID(),
      fulfilmentOrderId: partId,
      proof: collectionCode(deps.config.secret, orderId),
    });
    await work();
    expect(await leftAs(db, orderId)).toEqual([
      ['fulfilment.shipped.v1', true], // it came to the store in one
      ['fulfilment.delivered.v1', undefined],
    ]);
    expect(await levelOf(db, variantId, otherId)).toEqual(level(3));
    expect(await levelOf(db, variantId, storeId)).toBeUndefined();
    expect(await orderOf(db, GUEST, orderId, cartId)).toMatchObject({ state: 'paid', capturedMinor: 2000 });
  },
);

test('what was sent to the store and nobody collects is the store’s', async ({
  db,
  databaseUrl,
  deps,
  work,
}) => {
  const { orderId, cartId, storeId, otherId, partId, variantId } = await aCollection(db, databaseUrl, [0, 5]);
  await pack(db, partId);
  await sentTo(db, partId);
  await ready(db, partId);
  await endUncollected({ ...deps, now: () => new Date(Date.now() + 8 * 86_400_000) });
  await work();
  expect(await stateOf(db, orderId)).toEqual(['not_collected']);
  expect(await levelOf(db, variantId, otherId)).toEqual(level(3));
  expect(await levelOf(db, variantId, storeId)).toEqual(level(2));
  expect(await orderOf(db, GUEST, orderId, cartId)).toMatchObject({
    state: 'cancelled',
    outstandingMinor: 0,
  });
});
