import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aPromotion } from '../../modules/pricing/factory.ts';
import { aBrowser, aProduct, fieldOf } from '../factory.ts';

const ADDRESS = {
  email: 'ada@example.com',
  name: 'Ada Example',
  street: 'Long Street 1',
  postcode: '1011 AB',
  city: 'Amsterdam',
  country: 'NL',
  phone: '',
  payment: 'approved',
};
const deliveryOf = (html: string) => /value="(standard:-?\d+)"/.exec(html)?.[1] ?? '';
const carried = (html: string) => ({
  order: fieldOf(html, 'order') ?? '',
  cart: fieldOf(html, 'cart') ?? '',
  goods: fieldOf(html, 'goods') ?? '',
  delivery: deliveryOf(html),
});

test('a guest uses codes without script: told what they do and why not, pays the lower total, and reads it again', async ({
  app,
  db,
  databaseUrl,
  outbox,
  work,
}) => {
  const { slug } = await aProduct(db, databaseUrl, { amountMinor: 2400 });
  const combination = { combination: 'welcome' };
  const tenth = await aPromotion(db, { name: 'A tenth off', code: 'TENTH', ...combination });
  await aPromotion(db, {
    name: 'Sent for nothing',
    code: 'POSTFREE',
    effect: { kind: 'free_shipping' },
    ...combination,
  });
  await aPromotion(db, { code: 'LARGE', currency: 'EUR', minGoodsMinor: 100_000 });
  await aPromotion(db, { code: 'GONE', validTo: '2026-02-01T00:00:00Z' });
  const guest = aBrowser(app);
  await guest.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });

  for (const [code, words] of [
    ['nothing', 'NOTHING: there is no such code.'],
    ['gone', 'GONE: it has ended.'],
    ['<b>', '&lt;b>: there is no such code.'],
  ] as const) {
    const { statusCode, body } = await guest.send('/cart/codes', { code });
    expect([statusCode, body.includes(words)], code).toEqual([422, true]);
  }
  for (const code of ['tenth', 'Large'])
    expect((await guest.send('/cart/codes', { code })).statusCode).toBe(303);
  const cart = (await guest.open('/cart')).body;
  expect(cart).toContain('TENTH: A tenth off');
  expect(cart).toContain('LARGE: it does nothing for what is in your cart.');
  expect(cart).toContain('−€2.40');
  expect(cart).toContain('€21.60');
  await guest.send('/cart/codes', { uncode: 'LARGE' });
  expect((await guest.open('/cart')).body).not.toContain('LARGE');

  const first = (await guest.open('/checkout')).body;
  const typed = { ...carried(first), ...ADDRESS, gift: 'For you,\r\nand only you' };
  const coded = await guest.send('/checkout/codes', { ...typed, code: 'postfree' });
  expect([coded.statusCode, coded.body.includes('POSTFREE: Sent for nothing')]).toEqual([200, true]);
  expect(fieldOf(coded.body, 'street')).toBe('Long Street 1');
  const late = await guest.send('/checkout', typed);
  expect([late.statusCode, late.body.includes('total')]).toEqual([422, true]);
  const paid = await guest.send('/checkout', { ...typed, ...carried(late.body) });
  expect(paid.statusCode).toBe(303);

  const order = (await guest.open(String(paid.headers['location']))).body;
  for (const words of [
    'A tenth off',
    'Sent for nothing',
    '−€4.95',
    '€21.60',
    'Tax in it',
    '€3.75',
    'and only you',
  ]) {
    expect(order, words).toContain(words);
  }
  await work();
  const receipt = outbox.at(-1);
  expect(receipt?.text).toContain('A tenth off  -€2.40');
  expect(receipt?.text).toContain('Tax in it  €3.75');
  expect(receipt?.text).toContain('For you,\nand only you');
  expect(tenth.code).toBe('TENTH');
});
