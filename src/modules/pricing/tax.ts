import { divideHalfEven } from '#platform/money.ts';

export interface TaxRate {
  place: string;
  category: string;
  /** VAT, GST: as the buyer reads it. */
  name: string;
  /** A fraction of at most five decimals: 0.21. */
  rate: number;
}

export interface TaxQuestion {
  /** Where the goods go: the codes of regions, the narrowest first. */
  places: readonly string[];
  categories: readonly string[];
}

/**
 * Who says which rate holds. It is given the marketplace's own rates for the places, and is asked within a
 * transaction: one that knows rates from elsewhere answers from what it fetched before.
 */
export interface TaxProvider {
  ratesFor(question: TaxQuestion, table: readonly TaxRate[]): ReadonlyMap<string, TaxRate>;
}

/** The rates of the marketplace's own table: of the narrowest place that has any, the category's or the standard one. */
export const tableRates: TaxProvider = {
  ratesFor({ places, categories }, table) {
    const found = new Map<string, TaxRate>();
    for (const category of categories) {
      for (const place of places) {
        const there = table.filter((rate) => rate.place === place);
        const rate =
          there.find((each) => each.category === category) ??
          there.find((each) => each.category === 'standard');
        if (!rate) continue;
        found.set(category, rate);
        break;
      }
    }
    return found;
  },
};

const RATE_PARTS = 100_000;

/** The tax in an amount that includes it, or on one that does not; half to even. */
export function taxOn(amountMinor: number, rate: number, isIncluded: boolean): number {
  const parts = BigInt(Math.round(rate * RATE_PARTS));
  const whole = BigInt(RATE_PARTS);
  return Number(divideHalfEven(BigInt(amountMinor) * parts, isIncluded ? whole + parts : whole));
}
