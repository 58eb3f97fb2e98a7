import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface ScannedVariant {
  id: string;
  sku: string;
  title: string;
  options: string[];
  /** Of its product's page; null when the shop does not show it. */
  slug: string | null;
}

/** What a scanner may read from a label: longer than any SKU that is in use, and no control characters. */
export const isScan = (text: string): boolean => /^[^\p{C}]{1,120}$/u.test(text);

const FOUND = sql`
  select v.id, v.sku, p.title, v.option_values as options,
    case when p.publication = 'published' then p.slug end as slug
  from catalog.variant v join catalog.product p on p.id = v.product_id`;

/** The variant whose SKU or GTIN was scanned; a SKU that is somebody else's GTIN goes first. */
export async function scannedVariant(reads: Db, code: string): Promise<ScannedVariant | undefined> {
  if (!isScan(code)) return undefined;
  const { rows } = await sql<ScannedVariant>`
    ${FOUND} where lower(v.sku) = lower(${code}) order by (v.sku = ${code}) desc, v.id limit 1`.execute(
    reads,
  );
  if (rows[0]) return rows[0];
  if (!/^\d{8,14}$/.test(code)) return undefined;
  const { rows: byGtin } = await sql<ScannedVariant>`
    ${FOUND} where v.gtin = ${code} order by v.id limit 1`.execute(reads);
  return byGtin[0];
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
