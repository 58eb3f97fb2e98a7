import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aLocation } from '#modules/inventory/factory.ts';
import { orderFromSupplier, receive } from '#modules/inventory/index.ts';
import { aRegister } from '#modules/till/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aProduct, aSignedInBrowser } from '../factory.ts';

test('a scan tells what this store has, then the others by distance, and what comes when', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const { variants, product } = await aProduct(db, databaseUrl, {
    stock: 0,
    title: 'A lamp of brass',
    reviews: [
      { author: 'Ada', rating: 1, body: 'It dazzles.' },
      { author: 'Ben', rating: 4, body: 'It glows.' },
    ],
  });
  const [variantId = '', sku = ''] = [variants[0]?.id, variants[0]?.sku];
  const place = (name: string, latitude: number, longitude: number) =>
    aLocation(db, { kind: 'store', name, latitude, longitude });
  const here = await place('Amsterdam', 52.37, 4.9);
  const far = await place('Berlin', 52.52, 13.4);
  const near = await place('Utrecht', 52.09, 5.12);
  for (const [locationId, quantity] of [
    [far, 7],
    [near, 3],
  ] as const) {
    const lines = [{ variantId, quantity }];
    await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  }
  const lines = [{ variantId, quantity: 12, unitCostMinor: 1 }];
  const purchase = { id: randomUUID(), number: randomUUID(), supplier: 'A smith', locationId: here };
  await inTransaction(db, (tx) => orderFromSupplier(tx, { ...purchase, expectedOn: '2031-03-01', lines }));
  const register = await aRegister(db, { locationId: here });
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  expect((await associate.open('/till/stock')).headers['location']).toContain('/till/register');
  associate.jar.set('stoa_register', register.id);

  const { statusCode, body } = await associate.open(`/till/stock?q=${sku}`);
  expect(statusCode).toBe(200);
  const text = body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/2\.5.*All 2 reviews/);
  for (const words of ['It dazzles.', 'It glows.']) expect(text).toContain(words);
  const rows = text.slice(text.indexOf('Where it is'));
  expect(rows).toMatch(/Amsterdam This store.* 0 12 on .*Mar.*Utrecht.* 3 – 35 km.*Berlin.* 7 – 576 km/);
  expect(body).toMatch(/<input[^>]*name="q"[^>]*autofocus|<input[^>]*autofocus[^>]*name="q"/);

  const found = await associate.open(`/till/stock?${new URLSearchParams({ q: product.title }).toString()}`);
  expect(found.body).toContain(`/till/stock?q=${sku}`);
  for (const [q, status] of [
    ['x'.repeat(10_000), 422],
    ['\u0007', 422],
    [randomUUID(), 404],
  ] as const) {
    const refused = await associate.open(`/till/stock?${new URLSearchParams({ q }).toString()}`);
    expect(refused.statusCode).toBe(status);
  }
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.open(`/till/stock?q=${sku}`)).statusCode).toBe(403);
});
