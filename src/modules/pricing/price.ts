import type { Basket, Facts, Priced, PricedLine } from './basket.ts';
import { chosenDiscounts } from './choice.ts';
import { tableRates, type TaxProvider, taxOn } from './tax.ts';

const SHIPPING = 'shipping';

interface Chosen extends Pick<Priced, 'discounts' | 'codes'> {
  off: { lines: readonly number[]; postage: number };
}

/**
 * What a basket costs. Each line is rounded half to even by itself, and the total is the sum of the lines: nothing
 * is rounded after. Without promotion and rate a price is what it says.
 */
export function priceBasket(basket: Basket, facts: Facts, taxes: TaxProvider = tableRates): Priced {
  return priceWith(basket, facts, chosenDiscounts(basket, facts), taxes);
}

/** The same where what is taken off each line was agreed before: promotions have nothing to add. */
export function priceAsAgreed(
  basket: Basket,
  facts: Facts,
  off: readonly number[],
  taxes: TaxProvider = tableRates,
): Priced {
  return priceWith(basket, facts, { off: { lines: off, postage: 0 }, discounts: [], codes: [] }, taxes);
}

function priceWith(
  basket: Basket,
  facts: Facts,
  { off, discounts, codes }: Chosen,
  taxes: TaxProvider,
): Priced {
  const categories = [...new Set([...basket.lines.map(({ taxCategory }) => taxCategory), SHIPPING])];
  const rates = taxes.ratesFor({ places: basket.places, categories }, facts.rates);
  const { isTaxIncluded } = facts;
  const priced = (grossMinor: number, discountMinor: number, category: string): PricedLine => {
    const taxRate = rates.get(category)?.rate ?? 0;
    const shown = grossMinor - discountMinor;
    const taxMinor = taxOn(shown, taxRate, isTaxIncluded);
    return {
      grossMinor,
      discountMinor,
      taxMinor,
      taxRate,
      netMinor: isTaxIncluded ? shown - taxMinor : shown,
    };
  };
  const lines = basket.lines.map(({ quantity, unitPriceMinor, taxCategory }, index) =>
    priced(quantity * unitPriceMinor, off.lines[index] ?? 0, taxCategory),
  );
  const postage = priced(basket.postageMinor ?? 0, off.postage, SHIPPING);
  const all = [...lines, postage];
  const taxMinor = all.reduce((sum, line) => sum + line.taxMinor, 0);
  const totalMinor = all.reduce((sum, line) => sum + line.netMinor, taxMinor);
  return { lines, postage, discounts, codes, isTaxIncluded, taxMinor, totalMinor };
}
