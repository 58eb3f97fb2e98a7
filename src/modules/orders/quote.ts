import type { Db } from '#platform/db.ts';
import { regionsOfAddress } from '../market/index.ts';
import {
  type Basket,
  type Facts,
  priceAsAgreed,
  priceBasket,
  type Priced,
  pricingFacts,
} from '../pricing/index.ts';
import type { PricedVariant } from './priced-variants.ts';

/** A cart's row, with the codes that were entered for it. */
export interface StoredCart {
  id: string;
  currency: string;
  memberId: string | null;
  codes: string[];
}

/** By what taxes, promotions and ways of delivery are chosen. */
export interface PricedAt {
  countryCode: string;
  /** Where nobody has told one, only the country counts. */
  postcode?: string | undefined;
}

/** The regions an address lies in, the narrowest first; none while nobody knows. */
export async function placesOf(db: Db, at: PricedAt | undefined): Promise<string[]> {
  if (at === undefined) return [];
  const { countryCode, postcode = '' } = at;
  return [...new Set([...(await regionsOfAddress(db, countryCode, postcode)), countryCode])];
}

/** What can be sold of a cart, as pricing knows it. */
export const basketOf = (
  { currency, codes }: StoredCart,
  lines: readonly { variant: PricedVariant | null; quantity: number }[],
  places: readonly string[],
): Basket => ({
  currency,
  codes,
  places,
  postageMinor: undefined,
  lines: lines.flatMap(({ variant, quantity }) =>
    variant === null ? [] : [{ ...variant, quantity, unitPriceMinor: variant.amountMinor }],
  ),
});

export const factsFor = (
  db: Db,
  { currency, codes, memberId }: StoredCart,
  places: readonly string[],
  now: Date,
): Promise<Facts> => pricingFacts(db, { currency, codes, memberId, places }, now);

/** What the cart costs with a way of delivery, or without one; with what was agreed to be taken off, nothing else is. */
export const quoteOf = (
  { pricing }: { pricing: { basket: Basket; facts: Facts } },
  postageMinor: number | undefined,
  agreedOff?: readonly number[],
): Priced => {
  const basket = { ...pricing.basket, postageMinor };
  return agreedOff ? priceAsAgreed(basket, pricing.facts, agreedOff) : priceBasket(basket, pricing.facts);
};
