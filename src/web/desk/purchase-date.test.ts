import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { aLocation } from '#modules/inventory/factory.ts';
import { orderFromSupplier, purchaseDatesOf, sellBy } from '#modules/inventory/index.ts';
import { addDays } from '#platform/days.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { buildApp } from '../../app.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

test('a purchase gets a new date on the desk, and the page of an order that waits for it tells both', async ({
  db,
  databaseUrl,
  deps,
  outbox,
  work,
}) => {
  const at = new Date();
  const app = await buildApp({ ...deps, now: () => at });
  onTestFinished(() => app.close());
  const today = at.toISOString().slice(0, 10);
  await aProduct(db, databaseUrl); // its store sends
  const storeId = await aLocation(db);
  const { slug, variants } = await aProduct(db, databaseUrl, { stock: 0, colours: ['Sage'] });
  const [{ id: variantId } = { id: '' }] = variants;
  const rule = { kind: 'back_order' as const, unitsMax: 3, leadDays: 30 };
  await inTransaction(db, (tx) => sellBy(tx, variantId, rule, at));
  const [id, expectedOn] = [randomUUID(), addDays(today, 5)];
  const lines = [{ variantId, quantity: 3, unitCostMinor: 100 }];
  const purchase = { id, number: 'P-1', supplier: 'Kiln', locationId: storeId, expectedOn, lines };
  await inTransaction(db, (tx) => orderFromSupplier(tx, purchase));
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const checkout = (await guest.open('/checkout')).body;
  const paid = await guest.send('/checkout', {
    order: fieldOf(checkout, 'order') ?? '',
    cart: fieldOf(checkout, 'cart') ?? '',
    goods: fieldOf(checkout, 'goods') ?? '',
    email: 'ada@example.com',
    name: 'Ada Example',
    street: 'Long Street 1',
    postcode: '1011 AB',
    city: 'Amsterdam',
    country: 'NL',
    phone: '',
    delivery: 'standard:495',
    payment: 'approved',
  });
  await work();
  const orderPath = String(paid.headers['location']);
  const first = windowIn((await guest.open(orderPath)).body);

  const keeper = await aSignedInBrowser(app, deps, ['operations']);
  const path = `/desk/stock/purchases/${id}`;
  const form = (facts: object) => ({
    date: fieldOf(page, 'date') ?? '',
    expected: addDays(today, 15),
    reason: 'The ship is late',
    ...facts,
  });
  const page = (await keeper.open(path)).body;
  for (const wrong of [{ reason: ' ' }, { expected: addDays(today, -1) }, { expected: 'soon' }])
    expect((await keeper.send(`${path}/date`, form(wrong))).statusCode).toBe(422);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.send(`${path}/date`, form({}))).statusCode).toBe(403);
  expect((await keeper.send(`${path}/date`, form({}))).statusCode).toBe(303);
  expect((await keeper.send(`${path}/date`, form({}))).statusCode).toBe(303);
  expect(await purchaseDatesOf(db, id)).toHaveLength(1);
  expect((await keeper.open(path)).body).toContain('The ship is late');
  const spent = await keeper.send(`${path}/date`, form({ reason: 'Another' }));
  expect(spent.statusCode).toBe(409);

  outbox.length = 0;
  await work();
  await work();
  expect(outbox.map(({ subject }) => subject)).toEqual([
    expect.stringContaining('a new date for your order'),
  ]);
  const told = (await guest.open(orderPath)).body;
  expect(told).toContain('New date for what is still to come.');
  expect(told).toContain(`When you ordered we said At your door ${first}`);
  expect(windowIn(told)).not.toBe(first);
  expect(told).toContain('id="cancel"');
  const orderId = orderPath.split('/').at(-1)?.split('?')[0] ?? '';
  const service = await aSignedInBrowser(app, deps, ['service']);
  const desk = (await service.open(`/desk/orders/${orderId}`)).body;
  expect(desk).toContain('Promised for another day');
  expect(desk).toContain('Mail about the new date sent');
});

const windowIn = (html: string) => /At your door ((?:between|on) [^<]+)</.exec(html)?.[1];
