import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { putPriceList, sellIn, setPrices } from '#modules/catalog/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, fieldOf } from '../factory.ts';

test('a visitor chooses a currency without script: list, page, cart and checkout are in it', async ({
  app,
  db,
  databaseUrl,
}) => {
  const sold = await aProduct(db, databaseUrl, { amountMinor: 2400 });
  const unsold = await aProduct(db, databaseUrl, { amountMinor: 3100 });
  const listId = randomUUID();
  await inTransaction(db, async (tx) => {
    await sellIn(tx, 'system', { currency: 'GBP', countryCodes: ['GB'] });
    const dates = { validFrom: new Date('2020-01-01T00:00:00Z'), validTo: null };
    await putPriceList(tx, 'system', listId, { name: 'Pounds', currency: 'GBP', priority: 0, ...dates });
    const lines = sold.variants.map(({ sku }) => ({ sku, amountMinor: 1999 }));
    await setPrices(tx, 'system', listId, lines, { now: new Date() });
  });
  const visitor = aBrowser(app);
  const addressed = await app.inject({ url: `/p/${sold.slug}`, headers: { 'accept-language': 'en-GB' } });
  expect(addressed.body).toContain('£19.99');
  expect((await visitor.open(`/p/${sold.slug}`)).body).toContain('€24.00');
  await visitor.send('/cart', { product: sold.slug, quantity: '2', 'option-0': 'Sage' });
  await visitor.send('/cart', { product: unsold.slug, quantity: '1', 'option-0': 'Sage' });
  expect((await visitor.open('/cart')).body).toContain('€79.00');

  const chosen = await visitor.send('/currency', { currency: 'GBP', next: '/cart' });
  expect([chosen.statusCode, chosen.headers.location]).toEqual([303, '/cart']);
  expect((await visitor.send('/currency', { currency: 'JPY', next: '/' })).statusCode).toBe(404);

  const cart = (await visitor.open('/cart')).body;
  expect(cart).toContain('£39.98');
  expect(cart).toContain('Not sold in GBP. Remove it');
  expect(cart).not.toContain('href="/checkout"');
  // The page was kept in euros a moment ago.
  const page = (await visitor.open(`/p/${sold.slug}`)).body;
  expect([page.includes('£19.99'), page.includes('€24.00'), page.includes('"priceCurrency":"GBP"')]).toEqual([
    true,
    false,
    true,
  ]);
  expect((await visitor.open(`/p/${unsold.slug}`)).body).toContain('Not sold in GBP');
  const listed = (await visitor.open('/search?sort=price&min=19&max=20')).body;
  expect([listed.includes(sold.slug), listed.includes(unsold.slug)]).toEqual([true, false]);

  await visitor.send('/cart/lines', { variant: unsold.variants[0]?.id ?? '', remove: 'yes' });
  const checkout = (await visitor.open('/checkout')).body;
  expect(fieldOf(checkout, 'goods')).toBe('3998');
  expect(checkout).toContain('standard:425');
  await visitor.send('/currency', { currency: 'EUR', next: '/' });
  expect((await visitor.open('/cart')).body).toContain('€48.00');
});
