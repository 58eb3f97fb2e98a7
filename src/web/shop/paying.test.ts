import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aGiftCard } from '../../modules/payments/factory.ts';
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
  payment: 'redirect',
};
const carried = (html: string) => ({
  order: fieldOf(html, 'order') ?? '',
  cart: fieldOf(html, 'cart') ?? '',
  goods: fieldOf(html, 'goods') ?? '',
});

test('pays with a gift card and at the bank, without script; then cancels, and the card has its money again', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl, { amountMinor: 2000 });
  const card = await aGiftCard(db, 1500);
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const fields = { ...carried((await guest.open('/checkout')).body), ...ADDRESS };

  const wrong = await guest.send('/checkout', { ...fields, giftCard: 'AAAA-BBBB' });
  expect([wrong.statusCode, fieldOf(wrong.body, 'giftCard')]).toEqual([422, 'AAAA-BBBB']);
  expect(wrong.body).toContain('id="field-giftCard-error"');

  const away = await guest.send('/checkout', { ...fields, giftCard: card.code.toLowerCase() });
  const bank = /href="(\/payments\/test\/[^"]+)"/.exec(away.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(away.headers['refresh']).toBe(`0; url=${bank}`);
  const asks = await guest.open(bank);
  expect(asks.body).toContain('Approve the payment');
  const path = bank.split('?')[0] ?? '';
  const elsewhere = await guest.send(path, { to: 'https://evil.example/steal', answer: 'no' });
  expect(elsewhere.statusCode).toBe(404);
  const to = (fieldOf(asks.body, 'to') ?? '').replaceAll('&amp;', '&');
  const said = await guest.send(path, { to, answer: 'yes' });
  const back = await guest.open(String(said.headers['location']));
  expect(back.headers['location']).toBe(`/orders/${fields.order}?cart=${fields.cart}`);
  const order = await guest.open(String(back.headers['location']));
  expect(order.body).toContain(`Gift card …${card.code.slice(-4)}`);
  expect(order.body).toContain('€9.95');

  const cancellation = fieldOf(order.body, 'cancellation') ?? '';
  const done = await guest.send(`/orders/${fields.order}/cancel`, { cancellation, cart: fields.cart });
  expect(done.statusCode).toBe(303);
  const after = await guest.open(String(done.headers['location']));
  expect(after.body).toContain('Cancelled');
  expect(fieldOf(after.body, 'cancellation')).toBeUndefined();
  const { rows } = await sql`select balance_minor from payments.account where id = ${card.id}`.execute(db);
  expect(rows).toEqual([{ balance_minor: 1500 }]);
});
