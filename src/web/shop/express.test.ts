import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

const ADDRESS = {
  email: 'ada@example.com',
  name: 'Ada Example',
  street: 'Long Street 1',
  postcode: '1011 AB',
  city: 'Amsterdam',
  country: 'NL',
  phone: '+31 20 1234567',
  delivery: 'express:1295',
  payment: 'approved',
};

/** The hidden fields of the card: all that its button sends. */
function cardOf(html: string): Record<string, string> | undefined {
  const card = /<form[^>]*class="express".*?<\/form>/s.exec(html)?.[0];
  if (card === undefined) return undefined;
  const fields = card.matchAll(/<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}

test('who has bought before buys the next thing in two clicks, to where the last one that was no gift went', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { slug } = await aProduct(db, databaseUrl, { title: 'Bottle vase', amountMinor: 2400 });
  const ada = await aSignedInBrowser(app, deps);
  const buyNow = () =>
    ada.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage', goOn: 'checkout' });
  const pay = async (fields: Record<string, string>) => {
    const paid = await ada.send('/checkout', fields);
    expect(paid.statusCode).toBe(303);
    return (await ada.open(String(paid.headers['location']))).body;
  };
  const known = async () => (await ada.open('/v1/orders/last-address')).json();

  const added = await buyNow();
  expect([added.statusCode, added.headers['location']]).toEqual([303, '/checkout']);
  const first = (await ada.open('/checkout')).body;
  expect(cardOf(first)).toBeUndefined();
  expect(await known()).toEqual({ address: null, deliveryCode: null });
  const carried = (html: string) => ({
    order: fieldOf(html, 'order') ?? '',
    cart: fieldOf(html, 'cart') ?? '',
    goods: fieldOf(html, 'goods') ?? '',
  });
  await pay({ ...carried(first), ...ADDRESS });

  await buyNow();
  const second = (await ada.open('/checkout')).body;
  await pay({ ...carried(second), ...ADDRESS, name: 'Ben Example', street: 'His Street 2', gift: 'For you' });

  await buyNow();
  const third = (await ada.open('/checkout')).body;
  expect(third).toContain('As last time');
  expect(third).toMatch(/<li>1 × Bottle vase/);
  expect(third).toContain('Buy and pay €36.95');
  const card = cardOf(third) ?? {};
  expect(card).toMatchObject({
    name: 'Ada Example',
    street: 'Long Street 1',
    postcode: '1011 AB',
    country: 'NL',
    phone: '+31 20 1234567',
    delivery: 'express:1295',
    gift: '',
  });
  const order = await pay(card);
  expect(order).toContain('€36.95');
  expect(order).toContain('Long Street 1');
  expect(await known()).toMatchObject({ address: { street: 'Long Street 1' }, deliveryCode: 'express' });
});

test('nobody sees where another had things sent', async ({ app, db, databaseUrl, deps }) => {
  const { slug } = await aProduct(db, databaseUrl);
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  expect((await guest.open('/v1/orders/last-address')).statusCode).toBe(401);
  expect(cardOf((await guest.open('/checkout')).body)).toBeUndefined();
  const other = await aSignedInBrowser(app, deps);
  expect((await other.open('/v1/orders/last-address')).json()).toEqual({ address: null, deliveryCode: null });
});
