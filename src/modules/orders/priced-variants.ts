import type { RawBuilder } from 'kysely';
import type { Db } from '#platform/db.ts';
import { sellableWithPrice, type SellableVariant } from '../catalog/index.ts';
import { type Availability, availabilityBy, availabilityFacts, availabilityOf } from '../inventory/index.ts';

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
  const priced = new Map<string, PricedVariant>();
  if (variantIds.length === 0) return priced;
  for (const { beside: _, ...variant } of await sellableWithPrice(db, variantIds, currency, now, places))
    if (isPriced(variant)) priced.set(variant.variantId, variant);
  return priced;
}

/** What is to be known of the things in a cart. */
export interface CartVariants {
  priced: Map<string, PricedVariant>;
  unpriced: Map<string, SellableVariant>;
  /** Of each that was asked for, also of what is no longer sold. */
  stock: Map<string, Availability>;
}

/** Those of the variants that are published, parted by whether they have an offer in this currency there now. */
export async function variantsIn(
  db: Db,
  variantIds: readonly string[],
  currency: string,
  now: Date,
  places: readonly string[],
): Promise<CartVariants> {
  const priced = new Map<string, PricedVariant>();
  const unpriced = new Map<string, SellableVariant>();
  if (variantIds.length === 0) return { priced, unpriced, stock: new Map() };
  const facts = (variantId: RawBuilder<unknown>) => availabilityFacts(variantId, now);
  const rows = await sellableWithPrice(db, variantIds, currency, now, places, facts);
  for (const { beside: _, ...variant } of rows) {
    const { amountMinor: _none, compareAtMinor: __, ...unpricedOne } = variant;
    if (isPriced(variant)) priced.set(variant.variantId, variant);
    else unpriced.set(variant.variantId, unpricedOne);
  }
  const found = new Map(rows.map(({ variantId, beside }) => [variantId, beside]));
  const missing = variantIds.filter((variantId) => !found.has(variantId));
  const stock = await availabilityBy(db, found, now);
  for (const [variantId, each] of await availabilityOf(db, missing, now)) stock.set(variantId, each);
  return { priced, unpriced, stock };
}

const isPriced = <Variant extends { amountMinor: number | null }>(
  variant: Variant,
): variant is Variant & { amountMinor: number } => variant.amountMinor !== null;
