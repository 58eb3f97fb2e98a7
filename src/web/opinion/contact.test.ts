import { sql } from 'kysely';
import { expect } from 'vitest';
import { aCart, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { GUEST } from '#platform/access.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, fieldOf } from '../factory.ts';

test('a guest writes about their order without a script, the desk answers, and the answer stands on the order’s page for its buyer alone', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1001);
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  const wish = aWish(cartId, 1001 + 495);
  await placeOrder(placingDeps(db), GUEST, wish);
  const guest = aBrowser(app);
  const orderPath = `/orders/${wish.orderId}?cart=${cartId}`;
  const path = `/contact?order=${wish.orderId}&cart=${cartId}`;
  expect((await guest.open(orderPath)).body).toContain(path.replace('&', '&amp;'));
  const form = await guest.open(path);
  expect(form.statusCode).toBe(200);
  expect(form.headers['referrer-policy']).toBe('same-origin');
  expect(form.body).toContain(`The answer goes to ${wish.address?.email}.`);
  expect(form.body).not.toContain('name="email"');
  expect((await guest.open(`/contact?order=${wish.orderId}`)).statusCode).toBe(404);
  const id = fieldOf(form.body, 'id') ?? '';
  const fields = { id, order: wish.orderId, cart: cartId, matter: '', words: 'Is <it> late?' };
  const unchosen = await guest.send('/contact', fields);
  expect(unchosen.statusCode).toBe(422);
  expect(unchosen.body).toContain('Choose what it is about.');
  expect(unchosen.body).toContain('Is &lt;it> late?');
  const sent = await guest.send('/contact', { ...fields, matter: 'delivery' });
  expect([sent.statusCode, sent.headers.location]).toEqual([303, orderPath]);
  expect((await guest.open(orderPath)).body).toContain('Not answered yet.');

  const desk = await aSignedInBrowser(app, deps, ['service']);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  for (const each of ['/desk/letters', `/desk/letters/${id}`])
    expect((await merchant.open(each)).statusCode, each).toBe(403);
  expect((await desk.open('/desk/letters')).body).toContain('One letter waits');
  expect((await desk.open(`/desk/orders/${wish.orderId}`)).body).toContain(`/desk/letters/${id}`);
  const letter = await desk.open(`/desk/letters/${id}`);
  const reply = fieldOf(letter.body, 'reply') ?? '';
  const empty = await desk.send(`/desk/letters/${id}/reply`, { reply, words: ' ', settled: 'no' });
  expect([empty.statusCode, empty.body.includes('Write some words.')]).toEqual([422, true]);
  const answered = await desk.send(`/desk/letters/${id}/reply`, {
    reply,
    words: 'It comes.',
    settled: 'yes',
  });
  expect([answered.statusCode, answered.headers.location]).toEqual([303, '/desk/letters']);
  expect((await desk.open('/desk/letters')).body).toContain('No letter waits');
  expect((await guest.open(orderPath)).body).toContain('It comes.');
  // Staff who look at the order are not its buyer.
  expect((await desk.open(`/orders/${wish.orderId}`)).body).not.toContain('It comes.');
});

test('whoever writes about no order says where the answer goes, and a member’s goes to their own address', async ({
  app,
  db,
  deps,
}) => {
  const guest = aBrowser(app);
  const form = await guest.open('/contact');
  expect(form.body).toContain('name="email"');
  const fields = { id: fieldOf(form.body, 'id') ?? '', matter: 'product', words: 'Hello', email: 'nobody' };
  const refused = await guest.send('/contact', fields);
  expect(refused.statusCode).toBe(422);
  expect(refused.body).toContain('Write an e-mail address to which we can answer.');
  const sent = await guest.send('/contact', { ...fields, email: 'ada@example.com' });
  expect([sent.statusCode, sent.headers.location]).toEqual([303, '/contact']);
  const other = await guest.send('/contact', { ...fields, email: 'ada@example.com', words: 'Else' });
  expect([other.statusCode, other.body.includes('Something else was sent')]).toEqual([409, true]);

  const member = await aSignedInBrowser(app, deps);
  const own = await member.open('/contact');
  expect(own.body).toContain(`The answer goes to ${member.email}.`);
  const id = fieldOf(own.body, 'id') ?? '';
  expect((await member.send('/contact', { ...fields, id, email: 'else@example.com' })).statusCode).toBe(303);
  const { rows } = await sql`
    select email, order_id, customer_id is not null as "isKnown"
    from satisfaction.letter join satisfaction.contact on contact.id = contact_id where contact_id = ${id}`.execute(
    db,
  );
  expect(rows).toEqual([{ email: member.email, order_id: null, isKnown: true }]);
});
