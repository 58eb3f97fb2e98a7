import { expect, onTestFinished } from 'vitest';
import { sellBy, sellingRuleOf } from '#modules/inventory/index.ts';
import { addDays } from '#platform/days.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { buildApp } from '../../app.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

test('what is not here yet says so and when on page, cart, checkout, order and in the API', async ({
  db,
  databaseUrl,
  deps,
}) => {
  const at = new Date();
  const app = await buildApp({ ...deps, now: () => at });
  onTestFinished(() => app.close());
  await aProduct(db, databaseUrl, { stock: 5 }); // its store sends
  const { product, brand, slug, variants } = await aProduct(db, databaseUrl, {
    stock: 0,
    amountMinor: 2400,
    colours: ['Sage'],
  });
  const [{ id: variantId } = { id: '' }] = variants;
  const guest = aBrowser(app);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await guest.open(`/p/${slug}`)).body).toContain('schema.org/OutOfStock');

  const form = { selling: 'back_order', units: '3', leadDays: '10', releaseOn: '' };
  const path = `/desk/stock/${variantId}/selling`;
  expect((await merchant.send(path, { ...form, units: '0' })).statusCode).toBe(422);
  expect((await merchant.send(path, form)).statusCode).toBe(303);
  expect(await sellingRuleOf(db, variantId)).toEqual({
    rule: { kind: 'back_order', unitsMax: 3, leadDays: 10 },
    promised: 0,
  });

  const text = 'Back-order, ships in about 10 days';
  const page = (await guest.open(`/p/${slug}`)).body;
  expect(page).toContain(text);
  expect(page).toContain('schema.org/BackOrder');
  const from = addDays(at.toISOString().slice(0, 10), 10);
  const day = new Intl.DateTimeFormat('en', {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  const card = `Back-order, from ${day.format(new Date(from))}`;
  for (const list of ['/', `/search?q=${product.title}`, `/compare?p=${slug}`, `/b/${brand.slug}`])
    expect((await guest.open(list)).body).toContain(card);
  await guest.send('/cart', { product: slug, quantity: '2', 'option-0': 'Sage' });
  expect((await guest.open('/cart')).body).toContain(text);
  const checkout = (await guest.open('/checkout')).body;
  expect(checkout).toContain(text);
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
  const order = (await guest.open(String(paid.headers['location']))).body;
  expect(order).toContain('Your order is sent when all of its goods have come.');
  expect([daysIn(checkout), daysIn(order)]).toEqual([daysIn(page), daysIn(page)]);
  const { variants: told } = (await app.inject(`/v1/inventory/availability?variantId=${variantId}`)).json();
  expect(told).toMatchObject([{ available: 0, orderable: { kind: 'back_order', units: 1 } }]);

  const releaseOn = new Date(at.getTime() + 60 * 86_400_000).toISOString().slice(0, 10);
  const rule = { kind: 'pre_order' as const, unitsMax: 5, releaseOn };
  await inTransaction(db, (tx) => sellBy(tx, variantId, rule, at));
  const early = (await guest.open(`/p/${slug}`)).body;
  expect(early).toContain('Pre-order, ships from');
  expect(early).toContain('schema.org/PreOrder');
});

const daysIn = (html: string) => /At your door (?:between|on) ([^<]+)</.exec(html)?.[1];
