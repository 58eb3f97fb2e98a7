import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { en } from './messages/en.ts';
import { t } from './messages.ts';

test('a text is filled, and chooses by its count', () => {
  expect(t('search.title', { words: 'vase' })).toBe('Results for “vase”');
  expect(t('cart.line.short', { count: 1 })).toBe('Only 1 left');
  expect(t('category.count', { count: 1 })).toBe('1 piece');
  expect(t('category.count', { count: 12 })).toBe('12 pieces');
});

test('no two catalogues name a text alike', () => {
  const named = globSync('messages/en/*.ts', { cwd: import.meta.dirname }).flatMap((file) =>
    [...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(/^  '?([a-z][\w.]*)'?:/gm)].map(
      ([, key]) => key ?? '',
    ),
  );

  expect(named.length).toBeGreaterThan(1000);
  expect(named.filter((key, place) => named.indexOf(key) !== place)).toEqual([]);
});

test('no text of the shop is without a place that shows it', () => {
  const sources = globSync('**/*.{ts,tsx}', { cwd: import.meta.dirname })
    .filter((file) => !file.startsWith('messages'))
    .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
    .join('\n');
  // Keys that code puts together, by their beginnings.
  const made = [...sources.matchAll(/(?:`([a-z_.]+\.)\$\{|'([a-z_]+(?:\.[a-z_]+)*\.)')/g)].map(
    ([, written, named]) => written ?? named ?? '',
  );

  const unused = Object.keys(en).filter(
    (key) => !sources.includes(`'${key}'`) && !made.some((beginning) => key.startsWith(beginning)),
  );

  expect(unused).toEqual([]);
});
