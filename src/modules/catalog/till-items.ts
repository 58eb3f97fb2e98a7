import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A variant as a till shows it and prices it by itself. */
export interface TillItem {
  variantId: string;
  productId: string;
  sku: string;
  gtin: string | null;
  title: string;
  options: string;
  pictureUrl: string | null;
  unitPriceMinor: number;
  brandId: string | null;
  categoryIds: string[];
  taxCategory: string;
}

const PAGE = 500;

interface Asked {
  currency: string;
  now: Date;
  /** The variant that the page before ended with. */
  after?: string | undefined;
  /** Only of products that were changed since then. */
  changedSince?: Date | undefined;
}

/** All that can be sold in a currency, by the page. */
export async function tillItems(
  db: Db,
  { currency, now, after, changedSince }: Asked,
): Promise<{ items: TillItem[]; cursor: string | null }> {
  const { rows } = await sql<TillItem>`
    ${ITEM}
    from catalog.variant v join catalog.product p on p.id = v.product_id ${priced(currency, now)}
    where p.publication = 'published' and (${after ?? null}::uuid is null or v.id > ${after ?? null}::uuid)
      and (${changedSince ?? null}::timestamptz is null or p.updated_at >= ${changedSince ?? null}
        or offer.valid_from >= ${changedSince ?? null})
    order by v.id limit ${PAGE + 1}`.execute(db);
  const items = rows.slice(0, PAGE);
  return { items, cursor: rows.length > PAGE ? (items.at(-1)?.variantId ?? null) : null };
}

const FOUND_MAX = 50;

/** The same of certain variants, or of all variants of certain products. */
export async function tillItemsOf(
  db: Db,
  { variantIds = [], productIds = [] }: { variantIds?: readonly string[]; productIds?: readonly string[] },
  currency: string,
  now: Date,
): Promise<TillItem[]> {
  const { rows } = await sql<TillItem>`
    ${ITEM}
    from catalog.variant v join catalog.product p on p.id = v.product_id ${priced(currency, now)}
    where p.publication = 'published'
      and (v.id = any(${variantIds}::uuid[]) or p.id = any(${productIds}::uuid[]))
    order by array_position(${productIds}::uuid[], p.id), v.position, v.id limit ${FOUND_MAX}`.execute(db);
  return rows;
}

const ITEM = sql`
  select v.id as "variantId", p.id as "productId", v.sku, v.gtin, p.title, p.brand_id as "brandId",
    p.tax_category as "taxCategory", offer.amount_minor as "unitPriceMinor",
    array(select above.id from catalog.category_path path join catalog.category above on above.slug = any(path.slugs)
      where path.category_id = p.category_id) as "categoryIds",
    coalesce((select string_agg(o.name || ': ' || o.value, ', ' order by o.n)
      from unnest(p.option_names, v.option_values) with ordinality as o (name, value, n)), '') as options,
    (select '/media/' || m.sha256 || '/' || m.files[1]
      from catalog.product_media pm join catalog.media m on m.id = pm.media_id
      where pm.product_id = p.id
      order by (pm.option_value = any(v.option_values)) is true desc, pm.position limit 1) as "pictureUrl"`;

const priced = (currency: string, now: Date) => sql`
  join catalog.offer offer on offer.variant_id = v.id and offer.currency = ${currency} and offer.market_code = 'world'
    and offer.valid_from <= ${now} and (offer.valid_to is null or offer.valid_to > ${now})`;
