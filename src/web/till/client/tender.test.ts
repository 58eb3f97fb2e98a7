import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cashOf, paidBy, quickAmounts, readAmount, type Tender, writeAmount } from './tender.ts';

test('reads amounts with a point or a comma, in the decimals of their currency, and nothing else', () => {
  expect(readAmount('20', 'EUR')).toBe(2000);
  expect(readAmount('20,5', 'EUR')).toBe(2050);
  expect(readAmount(' 1 020.05 ', 'EUR')).toBe(102_005);
  expect(readAmount('1020', 'JPY')).toBe(1020);
  for (const wrong of ['', '-1', '1.234', '1e3', '1,000.00', 'NaN', '999999999', '٣'])
    expect(readAmount(wrong, 'EUR'), wrong).toBeUndefined();
  expect(readAmount('1.5', 'JPY')).toBeUndefined();
});

test('writes an amount so that it reads the same', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 8 }),
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      (minor, currency) => {
        expect(readAmount(writeAmount(minor, currency), currency)).toBe(minor);
      },
    ),
  );
});

test('offers the sum itself first, then round sums above it', () => {
  expect(quickAmounts(1840, 'EUR')).toEqual([1840, 1900, 2000, 5000]);
  expect(quickAmounts(2000, 'EUR')).toEqual([2000, 5000, 10_000]);
  expect(quickAmounts(1234, 'JPY')).toEqual([1234, 1235, 1240, 1250]);
  expect(quickAmounts(0, 'EUR')).toEqual([]);
});

test('gives the rest of cash back, and never counts more than is left', () => {
  expect(cashOf(2000, 1840)).toEqual({ amountMinor: 1840, changeMinor: 160 });
  expect(cashOf(500, 1840)).toEqual({ amountMinor: 500, changeMinor: 0 });
  const tender = (amountMinor: number): Tender => ({
    id: 'x',
    means: 'cash',
    amountMinor,
    tenderedMinor: amountMinor,
    reference: null,
  });
  expect(paidBy([tender(500), tender(1340)])).toBe(1840);
});
