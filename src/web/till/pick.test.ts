import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { levelOf, partsOf } from '#modules/fulfilment/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { aCart, aLocation, aProduct, aWish, COLLECT, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder, putDeliveryMethod, readOrder } from '#modules/orders/index.ts';
import { aRegister } from '#modules/till/factory.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const PATH = '/till/pick';
/** A store with ten units each of two variants, and its register. */
async function aStore(db: Db, databaseUrl: string) {
  const [variantId, otherId] = [randomUUID(), randomUUID()];
  await aProduct(databaseUrl, { [variantId]: 1000, [otherId]: 1000 });
  const locationId = await aLocation(db, { kind: 'store', name: `Store ${variantId.slice(0, 4)}` });
  const lines = [variantId, otherId].map((id) => ({ variantId: id, quantity: 10 }));
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  const register = await aRegister(db, { locationId });
  return { variantId, otherId, locationId, register };
}

/** Two units of the one and one of the other, to a door, or collected at a store. */
async function anOrder(
  { db }: Pick<Deps, 'db'>,
  { variantId, otherId }: Record<'variantId' | 'otherId', string>,
  work: () => Promise<void>,
  pickupLocationId?: string,
) {
  const cartId = await aCart(db, GUEST, { [variantId]: 2, [otherId]: 1 });
  const facts = pickupLocationId === undefined ? {} : { deliveryCode: 'collect', pickupLocationId };
  const wish = aWish(cartId, pickupLocationId === undefined ? 3495 : 3000, facts);
  await placeOrder(placingDeps(db), GUEST, wish);
  await work();
  const [part] = await partsOf(db, wish.orderId);
  const { number } = await readOrder(db, wish.orderId);
  const stateNow = async () => (await partsOf(db, wish.orderId)).map(({ state }) => state);
  return { orderId: wish.orderId, number, id: part?.id ?? '', path: `${PATH}/${part?.id}`, stateNow };
}

test('an order is accepted, picked by scanning each unit, packed and sent; wrong scans are told', async ({
  app,
  db,
  deps,
  databaseUrl,
  work,
}) => {
  const store = await aStore(db, databaseUrl);
  const order = await anOrder(deps, store, work);
  const { path, number, stateNow } = order;
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  associate.jar.set('stoa_register', store.register.id);
  const queue = (await associate.open(PATH)).body;
  expect(queue).toContain(`href="${path}">${number}</a>`);
  expect(queue).toMatch(/3 units · Assigned/);

  const step = async (state: string, got = '') => {
    const body = (await associate.open(`${path}?got=${got}`)).body;
    return associate.send(`${path}/step`, { stepId: fieldOf(body, 'stepId') ?? randomUUID(), state, got });
  };
  // Its papers bear a name and an address: they are for those who have taken it on, in this store.
  expect((await associate.open(`${path}/packing-slip`)).statusCode).toBe(404);
  expect((await step('accepted')).statusCode).toBe(303);
  const slip = await associate.open(`${path}/packing-slip`);
  expect([slip.statusCode, slip.headers['content-type']]).toEqual([200, 'application/pdf']);
  expect((await associate.open(path)).body).toContain(`href="${path}/packing-slip"`);
  associate.jar.set('stoa_register', (await aStore(db, databaseUrl)).register.id);
  expect((await associate.open(`${path}/packing-slip`)).statusCode).toBe(404);
  associate.jar.set('stoa_register', store.register.id);
  const api = `/v1/fulfilment/fulfilment-orders/${order.id}/packing-slip`;
  expect((await associate.open(api)).statusCode).toBe(403);
  const early = await step('picked', '1.1');
  expect([early.statusCode, early.body.includes('Not all of it is scanned yet.')]).toEqual([409, true]);

  let got = '0.0';
  const scan = async (code: string) => {
    const answer = await associate.send(`${path}/scan`, { scan: code, got });
    got = /got=([\d.]+)/.exec(answer.headers['location'] ?? '')?.[1] ?? got;
    return answer;
  };
  const { variantId: stranger } = await aStore(db, databaseUrl);
  for (const [code, status, text] of [
    [stranger, 409, 'is not in this order. Put it back.'],
    [randomUUID(), 404, 'Nothing here is called'],
    ['', 422, 'Scan something'],
    ['\u0007', 422, 'no code that we know'],
  ] as const) {
    const refused = await scan(code);
    expect([refused.statusCode, refused.body.includes(text)], code).toEqual([status, true]);
  }
  expect((await scan(store.otherId)).statusCode).toBe(303);
  const more = await scan(store.otherId);
  expect([more.statusCode, more.body.includes('There is enough of')]).toEqual([409, true]);
  await scan(store.variantId);
  expect((await associate.open(`${path}?got=${got}`)).body).toContain('1 of 2');
  await scan(store.variantId);
  expect((await step('picked', got)).statusCode).toBe(303);
  expect((await step('packed')).statusCode).toBe(303);

  expect((await associate.open(`${path}/label`)).statusCode).toBe(404);
  const form = { shipmentId: randomUUID(), carrier: 'manual', tracking: '', weight: '500' };
  const untracked = await associate.send(`${path}/shipment`, form);
  expect([untracked.statusCode, untracked.body.includes('Type the number')]).toEqual([422, true]);
  for (const _attempt of [1, 2])
    expect((await associate.send(`${path}/shipment`, { ...form, tracking: 'NL-1' })).statusCode).toBe(303);
  expect(await stateNow()).toEqual(['shipped']);
  expect((await associate.open(`${path}/label`)).headers['content-type']).toBe('application/pdf');
  expect(await levelOf(db, store.variantId, store.locationId)).toMatchObject({ onHand: 8, allocated: 0 });

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  merchant.jar.set('stoa_register', store.register.id);
  for (const each of [PATH, path]) expect((await merchant.open(each)).statusCode).toBe(403);
  const body = { stepId: randomUUID(), state: 'accepted' };
  expect((await merchant.send(`${path}/step`, body)).statusCode).toBe(403);
});

test('what another store sends here is received here, what is refused goes elsewhere, and no store works for another', async ({
  app,
  db,
  deps,
  databaseUrl,
  work,
}) => {
  await inTransaction(db, (tx) => putDeliveryMethod(tx, COLLECT));
  const giver = await aStore(db, databaseUrl);
  const storeId = await aLocation(db, { kind: 'store', name: 'The corner' });
  const corner = await aRegister(db, { locationId: storeId });
  const order = await anOrder(deps, giver, work, storeId);
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  const at = (registerId: string) => associate.jar.set('stoa_register', registerId);
  const step = (state: string, got = '') =>
    associate.send(`${order.path}/step`, { stepId: randomUUID(), state, got });

  at(corner.id);
  expect((await associate.open(order.path)).statusCode).toBe(404);
  expect((await step('accepted')).statusCode).toBe(404);
  at(giver.register.id);
  expect((await associate.open(PATH)).body).toContain('Collected at The corner');
  const all = (await partsOf(db, order.orderId))[0]?.lines.map(({ remaining }) => remaining).join('.');
  for (const [state, got] of [['accepted'], ['picked', all], ['packed']] as const)
    expect((await step(state, got)).statusCode, state).toBe(303);
  const sent = { shipmentId: randomUUID(), carrier: 'manual', tracking: 'NL-2', weight: '500' };
  expect((await associate.send(`${order.path}/shipment`, sent)).statusCode).toBe(303);

  at(corner.id);
  const arriving = (await associate.open(PATH)).body;
  expect(arriving).toContain(`Order ${order.number} has arrived here`);
  expect(arriving).toContain('NL-2');
  const arrived = { stepId: fieldOf(arriving, 'stepId') ?? '', state: 'ready' };
  for (const _attempt of [1, 2])
    expect((await associate.send(`${order.path}/step`, arrived)).statusCode).toBe(303);
  expect(await order.stateNow()).toEqual(['ready']);

  const second = await anOrder(deps, giver, work);
  at(giver.register.id);
  const { lines } = (await partsOf(db, second.orderId))[0] ?? { lines: [] };
  const units = Object.fromEntries(
    lines.flatMap(({ orderLineId, remaining }) => [
      [`units_${orderLineId}`, String(remaining)],
      [`reason_${orderLineId}`, 'damaged'],
    ]),
  );
  const nothing = await associate.send(`${second.path}/rejection`, { rejectionId: randomUUID() });
  expect([nothing.statusCode, nothing.body.includes('Give back one unit at least.')]).toEqual([422, true]);
  const rejection = { rejectionId: randomUUID(), ...units };
  for (const _attempt of [1, 2])
    expect((await associate.send(`${second.path}/rejection`, rejection)).statusCode).toBe(303);
  expect(await second.stateNow()).toEqual(['rejected']);
  const { rows } = await sql<{ reason: string }>`
    select distinct reason from fulfilment.unfillable where order_id = ${second.orderId}`.execute(db);
  expect(rows).toEqual([{ reason: 'damaged' }]);
});
