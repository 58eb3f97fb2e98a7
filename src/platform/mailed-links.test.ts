import { expect, test } from 'vitest';
import { mailedLink, mailedTo } from './mailed-links.ts';

const config = { secret: 'a secret of the tests, long enough' };
const whom = { kind: 'customer', id: '018f3a2b-1c4d-7e5f-8a9b-0c1d2e3f4a5b' } as const;
const token = (link: string) => link.split('#via=')[1] ?? '';

test('a link says whom its mail went to, behind what servers are told', () => {
  const link = mailedLink(config, 'https://shop.example/orders/1?cart=2', whom);
  expect(link).toMatch(/^https:\/\/shop\.example\/orders\/1\?cart=2#via=c[\w-]{38}$/);
  expect(mailedTo(config, token(link))).toEqual(whom);
});

test('a token of nobody, of another secret, or of another kind than it was made for is none', () => {
  const made = token(mailedLink(config, '', whom));
  expect(mailedTo(config, '')).toBeUndefined();
  expect(mailedTo(config, `m${made.slice(1)}`)).toBeUndefined();
  expect(
    mailedTo(config, `${made.slice(0, 5)}${made[5] === 'A' ? 'B' : 'A'}${made.slice(6)}`),
  ).toBeUndefined();
  expect(mailedTo({ secret: 'another secret, which is long too' }, made)).toBeUndefined();
});
