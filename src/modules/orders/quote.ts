import type { Db } from '#platform/db.ts';
import { type Basket, type Facts, priceBasket, type Priced, pricingFacts } from '../pricing/index.ts';
import type { Cart, CartLine, StoredCart } from './cart.ts';

/** What can be sold of a cart, as pricing knows it. */
export const basketOf = (
  { currency, codes }: StoredCart,
  lines: readonly CartLine[],
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

/** What the cart costs with a way of delivery, or without one. */
export const quoteOf = ({ pricing }: Pick<Cart, 'pricing'>, postageMinor: number | undefined): Priced =>
  priceBasket({ ...pricing.basket, postageMinor }, pricing.facts);
