import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { test } from '#test/harness.ts';
import { buildApp } from '../../app.ts';
import { aBrowser, aProduct, fieldOf } from '../factory.ts';

test('page, cart, checkout, API and order say the same days, and all of them move at the cut-off', async ({
  db,
  databaseUrl,
  deps,
}) => {
  let now = new Date('2027-03-05T16:59:00Z'); // a minute before the store in Amsterdam closes
  const app = await buildApp({ ...deps, now: () => now });
  onTestFinished(() => app.close());
  const { slug, variants } = await aProduct(db, databaseUrl, { stock: 5, amountMinor: 2400 });
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });

  const seen = async () => ({
    page: daysIn((await guest.open(`/p/${slug}`)).body),
    cart: daysIn((await guest.open('/cart')).body),
    checkout: daysIn((await guest.open('/checkout')).body),
    api: (await app.inject(`/v1/orders/promises?variantId=${variants[0]?.id}&countryCode=NL`)).json()
      .promises,
  });
  const same = (days: string, promisedFrom: string, promisedTo: string, express: string) => ({
    page: days,
    cart: days,
    checkout: days,
    api: [
      { deliveryCode: 'standard', name: 'Standard', promisedFrom, promisedTo },
      { deliveryCode: 'express', name: 'Express', promisedFrom: express, promisedTo: express },
    ],
  });
  expect(await seen()).toEqual(
    same('Sun, March 7 and Tue, March 9', '2027-03-07', '2027-03-09', '2027-03-06'),
  );

  now = new Date('2027-03-05T17:00:00Z');
  expect(await seen()).toEqual(
    same('Mon, March 8 and Wed, March 10', '2027-03-08', '2027-03-10', '2027-03-07'),
  );

  const form = (await guest.open('/checkout')).body;
  const paid = await guest.send('/checkout', {
    order: fieldOf(form, 'order') ?? '',
    cart: fieldOf(form, 'cart') ?? '',
    goods: fieldOf(form, 'goods') ?? '',
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
  expect(daysIn(order)).toBe('Mon, March 8 and Wed, March 10');
});

test('what can’t be promised is said by name', async ({ app, db, databaseUrl }) => {
  const { variants } = await aProduct(db, databaseUrl, { stock: 2 });
  const ask = async (query: string) => {
    const answer = await app.inject(`/v1/orders/promises?${query}`);
    return [answer.statusCode, answer.json().type, answer.json().data];
  };
  const variantId = variants[0]?.id ?? '';

  expect(await ask(`variantId=${variantId}&countryCode=NL&quantity=3`)).toEqual([
    409,
    '/problems/orders.not_enough_stock',
    { variantId, wanted: 3, available: 2 },
  ]);
  expect(await ask(`variantId=${variantId}&countryCode=ZZ`)).toEqual([
    422,
    '/problems/orders.country_unknown',
    { countryCode: 'ZZ' },
  ]);
  for (const quantity of ['0', '-1', '1000000', 'much']) {
    const answer = await app.inject(
      `/v1/orders/promises?variantId=${randomUUID()}&countryCode=NL&quantity=${quantity}`,
    );
    expect(answer.statusCode).toBe(400);
  }
});

const daysIn = (html: string) => /At your door between ([^<]+)</.exec(html)?.[1];
