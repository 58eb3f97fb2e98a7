import { sql } from 'kysely';
import { variantIdsOfCodes } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';

export interface ScannedVariant {
  id: string;
  productId: string;
  sku: string;
  title: string;
  options: string[];
  /** Of its product's page; null when the shop does not show it. */
  slug: string | null;
}

/** What a scanner may read from a label: longer than any SKU that is in use, and no control characters. */
export const isScan = (text: string): boolean => /^[^\p{C}]{1,120}$/u.test(text);

const FOUND = sql`
  select v.id, v.product_id as "productId", v.sku, p.title, v.option_values as options,
    case when p.publication = 'published' then p.slug end as slug
  from catalog.variant v join catalog.product p on p.id = v.product_id`;

/** The variant that a scanned code names: the till's sales find it by the same function. */
export async function scannedVariant(reads: Db, code: string): Promise<ScannedVariant | undefined> {
  if (!isScan(code)) return undefined;
  const variantId = (await variantIdsOfCodes(reads, [code])).get(code);
  if (variantId === undefined) return undefined;
  const { rows } = await sql<ScannedVariant>`${FOUND} where v.id = ${variantId}`.execute(reads);
  return rows[0];
}

const CHOICES_MAX = 50;

/** All that there is of these products, in their order. */
export async function variantsOfProducts(
  reads: Db,
  productIds: readonly string[],
): Promise<ScannedVariant[]> {
  const { rows } = await sql<ScannedVariant>`
    ${FOUND} where p.id = any(${productIds}::uuid[])
    order by array_position(${productIds}::uuid[], p.id), v.position, v.id limit ${CHOICES_MAX}`.execute(
    reads,
  );
  return rows;
}
