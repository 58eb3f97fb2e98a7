import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, fieldOf } from '../factory.ts';

const ADDRESS = {
  email: 'ada@example.com',
  name: 'Ada Example',
  street: 'Long Street 1',
  postcode: '1011 AB',
  city: 'Amsterdam',
  country: 'NL',
  phone: '',
  delivery: 'standard:495',
  payment: 'approved',
};

/** What the checkout's page carries in hidden fields. */
const carried = (html: string) => ({
  order: fieldOf(html, 'order') ?? '',
  cart: fieldOf(html, 'cart') ?? '',
  goods: fieldOf(html, 'goods') ?? '',
});

test('a guest buys without script: chooses, changes, pays, and sees the order', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug, variants } = await aProduct(db, databaseUrl, { title: 'Bottle vase', amountMinor: 2400 });
  const guest = aBrowser(app);

  const added = await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sand' });
  expect([added.statusCode, added.headers['location']]).toEqual([303, '/cart']);
  await guest.send('/cart/lines', { variant: variants[1]?.id ?? '', quantity: '2' });
  const cart = await guest.open('/cart');
  expect(cart.body).toContain('Bottle vase');
  expect(cart.body).toContain('€48.00');
  expect(cart.body).toMatch(/<cart-badge[^>]*>2<\/cart-badge>/);

  const checkout = await guest.open('/checkout');
  const paid = await guest.send('/checkout', { ...carried(checkout.body), ...ADDRESS });
  expect(paid.statusCode).toBe(303);
  const order = await guest.open(String(paid.headers['location']));
  expect(order.statusCode).toBe(200);
  expect(order.body).toMatch(/Order ST-\d{4}-\d{6}/);
  expect(order.body).toContain('€52.95');
  expect(order.body).toContain('Ada Example');
  expect((await guest.open('/cart')).body).toContain('Your cart is empty');
});

test('the same checkout sent twice is one order', async ({ app, db, databaseUrl }) => {
  const { slug } = await aProduct(db, databaseUrl);
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const fields = { ...carried((await guest.open('/checkout')).body), ...ADDRESS };

  const first = await guest.send('/checkout', fields);
  const second = await guest.send('/checkout', fields);

  expect(second.statusCode).toBe(303);
  expect(second.headers['location']).toBe(first.headers['location']);
});

test('a checkout with errors keeps what was typed and says what is wrong beside it', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const fields = { ...carried((await guest.open('/checkout')).body), ...ADDRESS };

  const again = await guest.send('/checkout', {
    ...fields,
    email: 'ada at home',
    street: ' ',
    city: 'Utrecht',
  });

  expect(again.statusCode).toBe(422);
  expect(fieldOf(again.body, 'email')).toBe('ada at home');
  expect(fieldOf(again.body, 'city')).toBe('Utrecht');
  expect(fieldOf(again.body, 'order')).toBe(fields.order);
  expect(again.body).toContain('<p class="field-error" id="field-email-error">');
  expect(again.body).toContain('<p class="field-error" id="field-street-error">');
  expect(again.body).not.toContain('id="field-city-error"');
});

test('a declined payment leaves the cart as it was, and the form to try again', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const fields = { ...carried((await guest.open('/checkout')).body), ...ADDRESS };

  const declined = await guest.send('/checkout', { ...fields, payment: 'declined' });
  expect(declined.statusCode).toBe(422);
  expect(declined.body).toContain('no money was taken');
  const paid = await guest.send('/checkout', fields);
  expect(paid.headers['location']).toBe(`/orders/${fields.order}?cart=${fields.cart}`);
});

test('what is short is said in the cart, and cannot be ordered', async ({ app, db, databaseUrl }) => {
  const { slug } = await aProduct(db, databaseUrl, { stock: 1 });
  const guest = aBrowser(app);

  await guest.send('/cart', { product: slug, quantity: '3', 'option-0': 'Sage' });
  const cart = await guest.open('/cart');

  expect(cart.body).toContain('Only 1 left');
  expect(cart.body).not.toContain('href="/checkout"');
});

test("another's order does not exist for a stranger", async ({ app, db, databaseUrl }) => {
  const { slug } = await aProduct(db, databaseUrl);
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const fields = { ...carried((await guest.open('/checkout')).body), ...ADDRESS };
  await guest.send('/checkout', fields);

  const seen = await aBrowser(app).open(`/orders/${fields.order}`);

  expect(seen.statusCode).toBe(404);
  expect(seen.body).not.toContain('Ada Example');
});

test('code that adds to the cart is answered with the new number, and what to tell of it', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug, product, variants } = await aProduct(db, databaseUrl);

  const added = await aBrowser(app).send(
    '/cart',
    { product: slug, quantity: '2', 'option-0': 'Sage' },
    { accept: 'application/json' },
  );

  expect(added.statusCode).toBe(200);
  const sage = variants[0];
  expect(added.json()).toMatchObject({
    count: 2,
    message: 'It is in your cart.',
    added: {
      product_id: product.id,
      variant_id: sage?.id,
      sku: sage?.sku,
      quantity: 2,
      price: 24,
      currency: 'EUR',
    },
  });
});

test('a form from another site changes nothing', async ({ app, db, databaseUrl }) => {
  const { slug } = await aProduct(db, databaseUrl);
  const guest = aBrowser(app);
  const fields = { product: slug, quantity: '1', 'option-0': 'Sage' };

  const foreign = await guest.send('/cart', fields, { origin: 'https://elsewhere.example' });
  const framed = await guest.send('/cart', fields, { 'sec-fetch-site': 'cross-site' });

  expect([foreign.statusCode, framed.statusCode]).toEqual([403, 403]);
  expect(foreign.headers['content-type']).toContain('text/html');
  expect(guest.jar.size).toBe(0);
});

test('what sold out meanwhile is named at the checkout, and what is there is bought with all that was typed', async ({
  app,
  db,
  databaseUrl,
}) => {
  const few = await aProduct(db, databaseUrl, { title: 'Last vases', stock: 2, amountMinor: 2000 });
  const gone = await aProduct(db, databaseUrl, { title: 'Lone jug', stock: 1, amountMinor: 1000 });
  const slow = aBrowser(app);
  await slow.send('/cart', { product: few.slug, quantity: '2', 'option-0': 'Sage' });
  await slow.send('/cart', { product: gone.slug, quantity: '1', 'option-0': 'Sage' });
  const fields = { ...carried((await slow.open('/checkout')).body), ...ADDRESS, street: 'Slow Lane 9' };
  const quick = aBrowser(app);
  await quick.send('/cart', { product: few.slug, quantity: '1', 'option-0': 'Sage' });
  await quick.send('/cart', { product: gone.slug, quantity: '1', 'option-0': 'Sage' });
  const bought = await quick.send('/checkout', {
    ...carried((await quick.open('/checkout')).body),
    ...ADDRESS,
  });
  expect(bought.statusCode).toBe(303);

  const refused = await slow.send('/checkout', fields);
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain('Somebody was quicker');
  expect(refused.body).toContain('Only 1 left');
  expect(refused.body).toContain('Sold out in the meantime');
  expect(fieldOf(refused.body, 'street')).toBe('Slow Lane 9');
  expect(refused.body).not.toContain('Buy and pay');

  const left = await slow.send('/checkout/what-is-there', { ...fields, ...carried(refused.body) });
  expect(left.statusCode).toBe(200);
  expect(left.body).toContain('Your cart holds what is there now.');
  expect(left.body).not.toContain('Lone jug');
  expect(fieldOf(left.body, 'street')).toBe('Slow Lane 9');
  const paid = await slow.send('/checkout', { ...fields, ...carried(left.body) });
  expect((await slow.open(String(paid.headers['location']))).body).toContain('€24.95');
});

test('each way a payment ends badly has its own words, and the next try goes through', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const fields = { ...carried((await guest.open('/checkout')).body), ...ADDRESS };
  for (const [payment, words] of [
    ['declined', 'The payment was declined, and no money was taken.'],
    ['expired', 'That card has expired, and no money was taken.'],
  ] as const) {
    const { statusCode, body } = await guest.send('/checkout', { ...fields, payment });
    expect([statusCode, body.includes(words), fieldOf(body, 'street')], payment).toEqual([
      422,
      true,
      ADDRESS.street,
    ]);
  }
  const nowhere = await guest.send('/checkout', { ...fields, country: 'XX' });
  expect([nowhere.statusCode, nowhere.body.includes('Choose the country.')]).toEqual([422, true]);
  expect((await guest.send('/checkout', fields)).statusCode).toBe(303);
});

test('without script up to four products are kept for comparing, the latest of them, and forgotten when asked', async ({
  app,
  db,
  databaseUrl,
}) => {
  const guest = aBrowser(app);
  const slugs: string[] = [];
  for (let n = 0; n < 5; n++) slugs.push((await aProduct(db, databaseUrl)).slug);
  for (const slug of [slugs[0] ?? '', ...slugs]) {
    expect((await guest.send('/compare', { p: slug })).headers['location']).toBe('/compare');
  }
  const compared = async () =>
    [...(await guest.open('/compare')).body.matchAll(/<th scope="col"><a href="\/p\/([^"]+)"/g)].map(
      ([, slug]) => slug,
    );
  expect(await compared()).toEqual(slugs.slice(1));
  await guest.send('/compare', { clear: 'yes' });
  expect(await compared()).toEqual([]);
});
