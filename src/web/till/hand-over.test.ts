import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { levelOf, partsOf } from '#modules/fulfilment/factory.ts';
import { collectionCode, makeReady, takeStep } from '#modules/fulfilment/index.ts';
import { receive } from '#modules/inventory/index.ts';
import { aCart, aLocation, aVariant, aWish, COLLECT, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder, putDeliveryMethod, readOrder } from '#modules/orders/index.ts';
import { aRegister } from '#modules/till/factory.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const PATH = '/till/hand-over';
/** Two units that lie ready for their buyer in a store with three more, and that store's register. */
async function aCollection(db: Db, databaseUrl: string, work: () => Promise<void>) {
  await inTransaction(db, (tx) => putDeliveryMethod(tx, COLLECT));
  const [variantId, locationId] = [await aVariant(databaseUrl), await aLocation(db, { kind: 'store' })];
  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity: 5 }] };
  await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
  const cartId = await aCart(db, GUEST, { [variantId]: 2 });
  const wish = aWish(cartId, 2000, { deliveryCode: 'collect', pickupLocationId: locationId });
  await placeOrder(placingDeps(db), GUEST, wish);
  await work();
  const [part] = await partsOf(db, wish.orderId);
  const fulfilmentOrderId = part?.id ?? '';
  for (const to of ['accepted', 'picked', 'packed'] as const)
    await inTransaction(db, (tx) => takeStep(tx, { id: randomUUID(), fulfilmentOrderId, to }, new Date()));
  await inTransaction(db, (tx) => makeReady(tx, { id: randomUUID(), fulfilmentOrderId }, new Date()));
  const { number } = await readOrder(db, wish.orderId);
  const register = await aRegister(db, { locationId });
  const stock = async () => (await levelOf(db, variantId, locationId))?.onHand;
  const stateNow = async () => (await partsOf(db, wish.orderId)).map(({ state }) => state);
  return { orderId: wish.orderId, partId: fulfilmentOrderId, number, register, stock, stateNow };
}

test('a code or number finds what lies here; it is handed over once, or put back, and nowhere else', async ({
  app,
  db,
  deps,
  databaseUrl,
  work,
}) => {
  const one = await aCollection(db, databaseUrl, work);
  const other = await aCollection(db, databaseUrl, work);
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  const code = collectionCode(deps.config.secret, one.orderId);

  associate.jar.set('stoa_register', other.register.id);
  expect((await associate.open(`${PATH}?q=${code}`)).statusCode).toBe(404);
  const away = (await associate.open(`${PATH}?q=${one.number}`)).body;
  expect(away).toContain('Something of it is collected at');
  const stranger = { stepId: randomUUID(), proof: one.number };
  expect((await associate.send(`${PATH}/${one.partId}`, stranger)).statusCode).toBe(404);

  associate.jar.set('stoa_register', one.register.id);
  const shown = await associate.open(`${PATH}?q=${code.toLowerCase()}`);
  expect([shown.statusCode, shown.body.includes('2 × A vase · Sage')]).toEqual([200, true]);
  expect(shown.body).not.toContain('is still to pay');
  const form = { stepId: fieldOf(shown.body, 'stepId') ?? '', proof: fieldOf(shown.body, 'proof') ?? '' };
  const wrong = await associate.send(`${PATH}/${one.partId}`, { ...form, proof: 'AAAAAA' });
  expect([wrong.statusCode, await one.stateNow()]).toEqual([409, ['ready']]);
  for (const _attempt of [1, 2])
    expect((await associate.send(`${PATH}/${one.partId}`, form)).statusCode).toBe(303);
  expect([await one.stateNow(), await one.stock()]).toEqual([['collected'], 3]);
  const late = await associate.send(`${PATH}/${one.partId}/not-collected`, { proof: code });
  expect([late.statusCode, await one.stateNow()]).toEqual([409, ['collected']]);

  associate.jar.set('stoa_register', other.register.id);
  expect((await associate.open(`${PATH}?q=${other.number}`)).body).toContain('Put it back');
  for (const _attempt of [1, 2]) {
    const ended = await associate.send(`${PATH}/${other.partId}/not-collected`, { proof: other.number });
    expect(ended.statusCode).toBe(303);
  }
  expect([await other.stateNow(), await other.stock()]).toEqual([['not_collected'], 5]);
  await work();
  expect(await readOrder(db, other.orderId)).toMatchObject({ state: 'cancelled', outstandingMinor: 0 });

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  merchant.jar.set('stoa_register', one.register.id);
  expect((await merchant.open(`${PATH}?q=${code}`)).statusCode).toBe(403);
  expect((await merchant.send(`${PATH}/${one.partId}`, form)).statusCode).toBe(403);
});
