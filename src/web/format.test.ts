import { expect, test } from 'vitest';
import { formatFor } from './format.ts';

test('the language is ours, the way of writing figures is the visitor’s', () => {
  expect(formatFor('de-DE,de;q=0.9').money(123450, 'EUR')).toBe('1.234,50\u00a0€');
  expect(formatFor('en-IE').money(123450, 'EUR')).toBe('€1,234.50');
  expect(formatFor(undefined).money(500, 'JPY')).toBe('¥500');
  expect(formatFor('fr').date('2026-06-03')).toBe('3 June 2026');
  expect(formatFor('en-US').date('2026-06-03')).toBe('June 3, 2026');
});

test('a header that makes no sense is no language', () => {
  for (const header of ['', '*', '💥', 'x-'.repeat(5000), 'en-XX-!!']) {
    expect(formatFor(header).number(1234.5), header.slice(0, 20)).toBe('1,234.5');
  }
});

test('a measure has its unit, known to Intl or not', () => {
  const format = formatFor('en');

  expect(format.measure(12.5, 'centimeter')).toBe('12.5 cm');
  expect(format.measure(40, 'threads')).toBe('40 threads');
});
