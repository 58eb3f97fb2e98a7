import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { priceOf } from './prices.ts';

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

/** In what, and by which markets, the narrowest first. */
export interface SoldIn {
  currency: string;
  markets?: readonly string[];
}

const PAGE = 500;
/** What was written may be seen by others so much later than the moment that is noted with it. */
const COMMIT_MS_MAX = 60_000;

interface Asked extends SoldIn {
  now: Date;
  /** The variant that the page before ended with. */
  after?: string | undefined;
  /** Only what was changed since then, or has had another price since. */
  changedSince?: Date | undefined;
}

/**
 * All that can be sold in a currency, by the page, at the price of the shop. Of what was changed it also tells what can't
 * be sold any more.
 */
export async function tillItems(
  db: Db,
  { now, after, changedSince, ...soldIn }: Asked,
): Promise<{ items: TillItem[]; gone: string[]; cursor: string | null }> {
  const since = changedSince ? new Date(changedSince.getTime() - COMMIT_MS_MAX) : null;
  const { rows } = await sql<Unpriced>`
    ${ITEM}
    from catalog.variant v join catalog.product p on p.id = v.product_id
    where (${after ?? null}::uuid is null or v.id > ${after ?? null}::uuid)
      and (${since}::timestamptz is null and p.publication = 'published' or v.id in (
        select v.id from catalog.variant v join catalog.product p on p.id = v.product_id
        where p.updated_at >= ${since}
        union select variant_id from catalog.offer where set_at >= ${since}
        union select variant_id from catalog.offer where valid_from between ${since} and ${now}
        union select variant_id from catalog.offer where valid_to between ${since} and ${now}))
    order by v.id limit ${PAGE + 1}`.execute(db);
  const page = rows.slice(0, PAGE);
  const items = await priced(db, page, soldIn, now);
  const sold = new Set(items.map(({ variantId }) => variantId));
  const gone = page.map(({ variantId }) => variantId).filter((id) => !sold.has(id));
  const cursor = rows.length > PAGE ? (page.at(-1)?.variantId ?? null) : null;
  return { items, gone: changedSince ? gone : [], cursor };
}

const FOUND_MAX = 50;

/** The same of certain variants, or of all variants of certain products. */
export async function tillItemsOf(
  db: Db,
  { variantIds = [], productIds = [] }: { variantIds?: readonly string[]; productIds?: readonly string[] },
  soldIn: SoldIn,
  now: Date,
): Promise<TillItem[]> {
  const { rows } = await sql<Unpriced>`
    ${ITEM}
    from catalog.variant v join catalog.product p on p.id = v.product_id
    where (v.id = any(${variantIds}::uuid[]) or p.id = any(${productIds}::uuid[]))
      and exists (select from catalog.offer o where o.variant_id = v.id and o.currency = ${soldIn.currency})
    order by array_position(${productIds}::uuid[], p.id), v.position, v.id limit ${FOUND_MAX}`.execute(db);
  return priced(db, rows, soldIn, now);
}

interface Unpriced extends Omit<TillItem, 'unitPriceMinor'> {
  isPublished: boolean;
}

/** Those that can be sold, at what the shop's carts take for them. */
async function priced(
  db: Db,
  found: readonly Unpriced[],
  { currency, markets = [] }: SoldIn,
  now: Date,
): Promise<TillItem[]> {
  const ids = found.map(({ variantId }) => variantId);
  const prices = await priceOf(db, ids, currency, now, markets);
  return found.flatMap(({ isPublished, ...item }) => {
    const price = prices.get(item.variantId);
    return isPublished && price ? [{ ...item, unitPriceMinor: price.amountMinor }] : [];
  });
}

const ITEM = sql`
  select v.id as "variantId", p.id as "productId", v.sku, v.gtin, p.title, p.brand_id as "brandId",
    p.tax_category as "taxCategory", p.publication = 'published' as "isPublished",
    array(select above.id from catalog.category_path path join catalog.category above on above.slug = any(path.slugs)
      where path.category_id = p.category_id) as "categoryIds",
    coalesce((select string_agg(o.name || ': ' || o.value, ', ' order by o.n)
      from unnest(p.option_names, v.option_values) with ordinality as o (name, value, n)), '') as options,
    (select '/media/' || m.sha256 || '/' || m.files[1]
      from catalog.product_media pm join catalog.media m on m.id = pm.media_id
      where pm.product_id = p.id
      order by (pm.option_value = any(v.option_values)) is true desc, pm.position limit 1) as "pictureUrl"`;
