import { availabilityOf, comesOn, type Later } from '#modules/inventory/index.ts';
import type { Db } from '#platform/db.ts';
import { soldAhead } from '#read/sold-ahead.ts';

/**
 * Products with what may be promised of those of which no unit is free: of several variants, of the one that comes first.
 */
export async function withComing<Product extends { id: string }>(
  reads: Db,
  products: readonly Product[],
  now: Date,
): Promise<(Product & { later?: Later })[]> {
  if (products.length === 0) return [];
  const ahead = await soldAhead(
    reads,
    products.map(({ id }) => id),
  );
  const stock = await availabilityOf(
    reads,
    ahead.map(({ variantId }) => variantId),
    now,
  );
  const variantsOf = Map.groupBy(ahead, ({ productId }) => productId);
  return products.map((product) => {
    const found = (variantsOf.get(product.id) ?? []).flatMap(({ variantId }) => stock.get(variantId) ?? []);
    if (found.some(({ available }) => available > 0)) return product;
    const later = soonestOf(found.flatMap((each) => each.later ?? []));
    return later ? { ...product, later } : product;
  });
}

export const soonestOf = (laters: readonly Later[]): Later | undefined =>
  laters.toSorted((a, b) => (comesOn(a, 1) < comesOn(b, 1) ? -1 : 1))[0];
