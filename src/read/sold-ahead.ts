import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** All variants of those of these products that have one which may be promised before it is here. */
export async function soldAhead(
  reads: Db,
  productIds: readonly string[],
): Promise<{ productId: string; variantId: string }[]> {
  const { rows } = await sql<{ productId: string; variantId: string }>`
    select product_id as "productId", id as "variantId" from catalog.variant
    where product_id in (
      select product_id from catalog.variant join inventory.selling_rule on variant_id = variant.id
      where product_id = any(${productIds}::uuid[]) and selling_rule.kind <> 'from_stock')
    order by product_id, id`.execute(reads);
  return rows;
}
