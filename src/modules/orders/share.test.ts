import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aLine, someFacts } from '../pricing/factory.ts';
import { priceBasket } from '../pricing/index.ts';
import type { LineCounts } from './cancelled.ts';
import { shareOf } from './share.ts';

const bought = fc.record({ quantity: fc.integer({ min: 1, max: 12 }), unitPriceMinor: fc.nat(5_000_000) });
const parting = fc.record({
  units: fc.integer({ min: 1, max: 5 }),
  way: fc.constantFrom('cancelled' as const, 'returned' as const),
});
const facts = fc.record({
  rate: fc.constantFrom(0, 0.05, 0.081, 0.21, 0.255),
  isTaxIncluded: fc.boolean(),
  postageMinor: fc.nat(5000),
});

test('what goes back of a line is what was paid for it, unit by unit in whatever order and way, in every currency', () => {
  fc.assert(
    fc.property(
      fc.array(bought, { minLength: 1, maxLength: 4 }),
      fc.array(parting, { minLength: 12, maxLength: 12 }),
      facts,
      fc.constantFrom('JPY', 'EUR', 'KWD'),
      (lines, partings, { rate, isTaxIncluded, postageMinor }, currency) => {
        const basket = {
          currency,
          lines: lines.map((line) => aLine(line)),
          places: ['NL'],
          codes: [],
          postageMinor,
        };
        const rates = [{ place: 'NL', category: 'standard', name: 'VAT', rate }];
        const priced = priceBasket(basket, someFacts({ rates, isTaxIncluded }));
        const whole = { ...priced.postage, quantity: 1 };
        const all = [
          ...priced.lines.map((each, n) => ({ ...each, quantity: lines[n]?.quantity ?? 0 })),
          whole,
        ];
        const back = all.reduce((sum, { quantity, netMinor, taxMinor }) => {
          const line = aBoughtLine(quantity, netMinor, taxMinor);
          return sum + lettingGo(line, partings);
        }, 0);
        expect(back).toBe(priced.totalMinor);
      },
    ),
  );
});

/** Lets all of a line go, some units at a time; what came back of it. */
function lettingGo(
  line: LineCounts,
  partings: readonly { units: number; way: 'cancelled' | 'returned' }[],
): number {
  const paidMinor = line.netMinor + line.taxMinor;
  let backMinor = 0;
  for (const { units, way } of partings) {
    const gone = line.cancelled + line.returned;
    const quantity = Math.min(units, line.ordered - gone);
    if (quantity === 0) break;
    const { netShareMinor, taxShareMinor } = shareOf(line, quantity);
    expect(Math.min(netShareMinor, taxShareMinor)).toBeGreaterThanOrEqual(0);
    line[way] += quantity;
    line[`${way}NetMinor`] += netShareMinor;
    line[`${way}TaxMinor`] += taxShareMinor;
    backMinor += netShareMinor + taxShareMinor;
    // Of what is gone so far, never more than its part, and less by no whole unit.
    expect(backMinor).toBe(Number((BigInt(paidMinor) * BigInt(gone + quantity)) / BigInt(line.ordered)));
  }
  expect([
    line.cancelledNetMinor + line.returnedNetMinor,
    line.cancelledTaxMinor + line.returnedTaxMinor,
  ]).toEqual([line.netMinor, line.taxMinor]);
  return backMinor;
}

const aBoughtLine = (ordered: number, netMinor: number, taxMinor: number): LineCounts => ({
  lineId: randomUUID(),
  kind: 'goods',
  productId: null,
  variantId: null,
  ordered,
  shipped: ordered,
  netMinor,
  taxMinor,
  cancelled: 0,
  cancelledNetMinor: 0,
  cancelledTaxMinor: 0,
  returned: 0,
  returnedNetMinor: 0,
  returnedTaxMinor: 0,
});
