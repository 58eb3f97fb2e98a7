import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dayIn } from '#platform/days.ts';
import { totalsOf } from './totals.ts';

const kind = fc.constantFrom('goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment');
const line = fc.record({ kind, netMinor: fc.integer({ min: -1e9, max: 1e9 }), taxMinor: fc.nat(1e9) });

test('the total is the sum of its lines and of its parts, in any order', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { goodsMinor, postageMinor, otherMinor, taxMinor, totalMinor } = totalsOf(lines);
      expect(totalMinor).toBe(lines.reduce((sum, each) => sum + each.netMinor + each.taxMinor, 0));
      expect(goodsMinor + postageMinor + otherMinor + taxMinor).toBe(totalMinor);
      expect(totalsOf(lines.toReversed())).toEqual({
        goodsMinor,
        postageMinor,
        otherMinor,
        taxMinor,
        totalMinor,
      });
    }),
  );
});

test('a day is the retailer’s, and the next one follows the calendar', () => {
  const at = new Date('2026-03-28T23:30:00Z');
  expect(dayIn('Europe/Amsterdam', at)).toBe('2026-03-29');
  expect(dayIn('America/New_York', at)).toBe('2026-03-28');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});
