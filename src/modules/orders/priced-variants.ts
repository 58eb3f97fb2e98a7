import type { Db } from '#platform/db.ts';
import { sellableWithPrice, type SellableVariant } from '../catalog/index.ts';

/** A variant that can be sold now, with its price. */
export interface PricedVariant extends SellableVariant {
  amountMinor: number;
  compareAtMinor: number | null;
}

/** Those of the variants that are published and have an offer in this currency now, where they go: `places`, the narrowest first. */
export async function pricedVariants(
  db: Db,
  variantIds: readonly string[],
  currency: string,
  now: Date,
  places: readonly string[],
): Promise<Map<string, PricedVariant>> {
  return (await variantsIn(db, variantIds, currency, now, places)).priced;
}

/** Those of the variants that are published, parted by whether they have an offer in this currency there now. */
export async function variantsIn(
  db: Db,
  variantIds: readonly string[],
  currency: string,
  now: Date,
  places: readonly string[],
): Promise<{ priced: Map<string, PricedVariant>; unpriced: Map<string, SellableVariant> }> {
  const priced = new Map<string, PricedVariant>();
  const unpriced = new Map<string, SellableVariant>();
  if (variantIds.length === 0) return { priced, unpriced };
  for (const { amountMinor, ...variant } of await sellableWithPrice(db, variantIds, currency, now, places)) {
    const { variantId, compareAtMinor: _, ...facts } = variant;
    if (amountMinor === null) unpriced.set(variantId, { variantId, ...facts });
    else priced.set(variantId, { ...variant, amountMinor });
  }
  return { priced, unpriced };
}
