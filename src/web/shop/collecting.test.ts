import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aLocation } from '#modules/inventory/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

const FORM = {
  email: 'ada@example.com',
  name: 'Ada Example',
  street: 'Long Street 1',
  postcode: '1011 AB',
  city: 'Amsterdam',
  country: 'NL',
  phone: '',
  delivery: 'collect-it:0:pickup',
  payment: 'approved',
};

const carried = (html: string) => ({
  order: fieldOf(html, 'order') ?? '',
  cart: fieldOf(html, 'cart') ?? '',
  goods: fieldOf(html, 'goods') ?? '',
});

test('a way to collect is made on the desk; the checkout lists its stores, and the order’s page says where and with which code', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { slug, variants } = await aProduct(db, databaseUrl, { amountMinor: 2400 });
  const storeId = await aLocation(db, { name: 'Stoa Haarlem', city: 'Haarlem', street: 'Grote Markt 2' });
  const lines = [{ variantId: variants[0]?.id ?? '', quantity: 3 }];
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId: storeId, lines }, new Date()));
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const before = (await guest.open('/checkout')).body;
  expect(before).not.toContain('name="store"');
  const standard = /value="standard:495"[^]*?<small>([^<]*)</.exec(before)?.[1];

  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const way = { code: 'collect-it', name: 'Collect it', kind: 'pickup', days_min: '1', days_max: '3' };
  const sent = await desk.send('/desk/delivery', {
    ...way,
    position: '9',
    regions: '',
    rates: 'EUR 0',
    active: 'yes',
  });
  expect(sent.statusCode).toBe(303);
  const kept = (await desk.open('/desk/delivery/collect-it')).body;
  expect(kept).toMatch(/<option[^>]*(value="pickup"[^>]*selected|selected[^>]*value="pickup")/);

  const checkout = (await guest.open('/checkout')).body;
  expect(checkout).toMatch(new RegExp(`value="${storeId}"[^>]*>Stoa Haarlem, Haarlem: ready from [^<]+<`));
  expect(checkout).toContain('value="collect-it:0:pickup"');
  // The promise of those who have it sent is what it was.
  expect(/value="standard:495"[^]*?<small>([^<]*)</.exec(checkout)?.[1]).toBe(standard);
  const nowhere = await guest.send('/checkout', { ...carried(checkout), ...FORM, store: '' });
  expect([nowhere.statusCode, nowhere.body.includes('id="field-store-error"')]).toEqual([422, true]);
  const paid = await guest.send('/checkout', { ...carried(checkout), ...FORM, store: storeId });
  expect(paid.statusCode).toBe(303);
  const order = (await guest.open(String(paid.headers['location']))).body;
  expect(order).toContain('At Stoa Haarlem, Grote Markt 2, Haarlem');
  expect(order).toMatch(/Your code at the counter: <strong class="figures">[A-Z0-9]{6}<\/strong>/);
});
