import type { Db } from '#platform/db.ts';
import { priceOf, sellable, type SellableVariant } from '../catalog/index.ts';

/** A variant that can be sold now, with its price. */
export interface PricedVariant extends SellableVariant {
  amountMinor: number;
  compareAtMinor: number | null;
}

/** Those of the variants that are published and have an offer in this currency now. */
export async function pricedVariants(
  db: Db,
  variantIds: readonly string[],
  currency: string,
  now: Date,
): Promise<Map<string, PricedVariant>> {
  if (variantIds.length === 0) return new Map();
  const variants = await sellable(db, variantIds);
  const prices = await priceOf(db, variantIds, currency, now);
  const priced = new Map<string, PricedVariant>();
  for (const [id, variant] of variants) {
    const price = prices.get(id);
    if (price)
      priced.set(id, { ...variant, amountMinor: price.amountMinor, compareAtMinor: price.compareAtMinor });
  }
  return priced;
}
