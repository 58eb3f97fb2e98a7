import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { plainAddress, withoutQueries } from './addresses.ts';

test.for([
  [
    'https://shop.example/p/vase?utm_source=news&token=secret#top',
    'https://shop.example/p/vase?utm_source=news',
  ],
  ['https://ada:word@shop.example/orders/1?cart=2', 'https://shop.example/orders/1'],
  ['/orders/1?cart=2&UTM_Campaign=may', '/orders/1?UTM_Campaign=may'],
  ['?email=ada%40example.com', ''],
  ['https://shop.example/?a=1?utm_source=x', 'https://shop.example/'],
  ['https://shop.example/#access_token=1', 'https://shop.example/'],
  ['https://shop.example/@ada/board', 'https://shop.example/@ada/board'],
  ['', ''],
] as const)('of the address %s only %s is kept', ([given, kept]) => {
  expect(plainAddress(given)).toBe(kept);
});

test('a page that repeats its address loses the query everywhere, and nothing else', () => {
  const said = { url: 'https://a.example/?x=1', search: '?x=1&utm_medium=mail', title: 'What? #1', price: 2 };
  expect(withoutQueries(said)).toEqual({
    url: 'https://a.example/',
    search: '?utm_medium=mail',
    title: 'What? #1',
    price: 2,
  });
  const plain = { title: 'What?' };
  expect(withoutQueries(plain)).toBe(plain);
});
