import { expect, test } from 'vitest';
import { bandsOf } from './fingerprints.ts';
import { addressesIn, domainsOf, faultsOf, isLookAlike } from './links.ts';

const NONE = new Set<string>();

test('a link is judged by its host, by those above it, by its script and by how many there are for the writer’s level', () => {
  const urls = (text: string) => addressesIn([text], [], 'shop.example');
  expect(
    urls('See https://shop.example/p/vase and (https://a.b.example/x).').map(({ href }) => href),
  ).toEqual(['https://a.b.example/x']);
  expect(urls('https://a.b.example').flatMap(domainsOf)).toEqual(['a.b.example', 'b.example']);
  const judge = (text: string, level: 0 | 1 | 2 | 3, blocked = NONE, linksMax?: number) =>
    faultsOf(urls(text), { level, blocked, ...(linksMax !== undefined && { linksMax }) });
  expect(judge('https://a.b.example', 1, new Set(['b.example']))).toEqual(['blocked_host']);
  expect(judge('https://bb.example', 1, new Set(['b.example']))).toEqual([]);
  expect(judge('https://a.example', 0)).toEqual(['new_member']);
  expect(judge('https://a.example', 0, NONE, 1)).toEqual([]);
  expect(judge('https://1.2.3.4/x', 2)).toEqual(['bare_address']);
  expect(judge('https://paypal.example@evil.example/', 2)).toEqual(['bare_address']);
  const many = Array.from({ length: 6 }, (_, n) => `https://a${n}.example`).join(' ');
  expect([judge(many, 1), judge(many, 2)]).toEqual([['many'], []]);
});

test('a name that is read as another is told from one in its own script', () => {
  const looksAlike = ['pаypal.com', 'аррӏе.com', 'xn--pypal-4ve.com', 'gοοgle.com'];
  const isItself = ['paypal.com', 'bücher.example', 'пример.рф', 'παράδειγμα.gr', 'münchen.de', '例え.jp'];
  expect(looksAlike.filter((host) => !isLookAlike(host))).toEqual([]);
  expect(isItself.filter((host) => isLookAlike(host))).toEqual([]);
});

test('words that were copied and changed a little share a band, others and short ones do not', () => {
  const original =
    'This kettle boils in two minutes, pours without a drip and looks lovely on our old stove. I would buy it again any day.';
  const shared = (one: string, other: string) => {
    const known = new Set(bandsOf(one));
    return bandsOf(other).filter((band) => known.has(band)).length;
  };
  expect(bandsOf(original)).toHaveLength(8);
  expect(shared(original, `${original.toUpperCase()} 5/5!`)).toBe(8);
  expect(shared(original, original.replace('two minutes', 'three minutes'))).toBeGreaterThan(1);
  expect(
    shared(
      original,
      'The handle came loose after a week and nobody at the store wanted to take it back from us.',
    ),
  ).toBe(0);
  expect(bandsOf('Lovely vase, thank you')).toEqual([]);
});
