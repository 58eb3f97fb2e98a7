import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Price } from './product-card.ts';

/**
 * What each variant costs at a moment, by its id; one without an offer is missing. `markets` are region codes, the
 * narrowest first; which price holds is the word of `catalog.holding_offer`.
 */
export async function priceOf(
  db: Db,
  variantIds: readonly string[],
  currency: string,
  now: Date,
  markets: readonly string[] = [],
): Promise<Map<string, Price & { offerId: string }>> {
  const { rows } = await sql<Price & { variantId: string; offerId: string }>`
    select v.id as "variantId", o.id as "offerId", o.currency, o.amount_minor as "amountMinor",
      o.compare_at_minor as "compareAtMinor"
    from unnest(${variantIds}::uuid[]) as v (id)
    cross join lateral catalog.holding_offer(v.id, ${currency}, ${markets}::text[], ${now}) o`.execute(db);
  return new Map(rows.map(({ variantId, ...price }) => [variantId, price]));
}

/** What an order line records of a variant. */
export interface SellableVariant {
  variantId: string;
  productId: string;
  slug: string;
  title: string;
  sku: string;
  /** "Colour: Sage, Size: M", or nothing. */
  options: string;
  weightGrams: number | null;
  brandId: string | null;
  /** Its own and those above it. */
  categoryIds: string[];
  taxCategory: string;
  picture: { sha256: string; alt: string; colour: string | null; files: string[] } | null;
}

/**
 * Those of the variants that may be sold, by id: of published products; on demand also what the shop hides. Whether
 * there are any left is the stock's word.
 */
export async function sellable(
  db: Db,
  variantIds: readonly string[],
  { evenHidden = false }: { evenHidden?: boolean } = {},
): Promise<Map<string, SellableVariant>> {
  const { rows } = await sql<SellableVariant>`
    select ${SOLD} from catalog.variant v join catalog.product p on p.id = v.product_id
    where v.id = any(${variantIds}::uuid[]) and (p.publication = 'published' or ${evenHidden})`.execute(db);
  return new Map(rows.map((row) => [row.variantId, row]));
}

interface AskedPrice {
  amountMinor: number | null;
  compareAtMinor: number | null;
}

/**
 * The same of the shop's, in one statement with what each costs in the markets; null where it has no price, and with what
 * somebody else knows of each (`beside`). How
 * many are asked for is hidden from the planner in a select, so that it keeps one plan: planning takes longer than the rest.
 */
export async function sellableWithPrice<Beside = null>(
  db: Db,
  variantIds: readonly string[],
  currency: string,
  now: Date,
  markets: readonly string[],
  beside: (variantId: RawBuilder<unknown>) => RawBuilder<Beside> = () => sql`null`,
): Promise<(SellableVariant & AskedPrice & { beside: Beside })[]> {
  const { rows } = await sql<SellableVariant & AskedPrice & { beside: Beside }>`
    select ${SOLD}, offer.amount_minor as "amountMinor", offer.compare_at_minor as "compareAtMinor",
      ${beside(sql`v.id`)} as beside
    from catalog.variant v join catalog.product p on p.id = v.product_id
    left join lateral catalog.holding_offer(v.id, ${currency}, ${markets}::text[], ${now}) as offer on true
    where v.id = any((select ${variantIds}::uuid[])::uuid[]) and p.publication = 'published'`.execute(db);
  return rows;
}

/** Those of the variants that the shop sells in a currency now, wherever in the world that is. */
export async function soldSomewhere(
  db: Db,
  variantIds: readonly string[],
  currency: string,
  now: Date,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select v.id from catalog.variant v join catalog.product p on p.id = v.product_id
    where v.id = any((select ${variantIds}::uuid[])::uuid[]) and p.publication = 'published' and exists (
      select from catalog.offer o where o.variant_id = v.id and o.currency = ${currency}
        and o.valid_from <= ${now} and (o.valid_to is null or o.valid_to > ${now}))`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

const SOLD = sql`
      v.id as "variantId", p.id as "productId", p.slug, p.title, v.sku, v.weight_grams as "weightGrams",
      p.brand_id as "brandId", p.tax_category as "taxCategory",
      array(select above.id from catalog.category_path path join catalog.category above on above.slug = any(path.slugs)
        where path.category_id = p.category_id) as "categoryIds",
      coalesce((
        select string_agg(o.name || ': ' || o.value, ', ' order by o.n)
        from unnest(p.option_names, v.option_values) with ordinality as o (name, value, n)), '') as options,
      (select json_build_object('sha256', m.sha256, 'alt', pm.alt, 'colour', m.colour, 'files', m.files)
        from catalog.product_media pm join catalog.media m on m.id = pm.media_id
        where pm.product_id = p.id
        order by (pm.option_value = any(v.option_values)) is true desc, pm.position limit 1) as picture`;

/** The variants that these SKUs name; a SKU that names none is missing. */
export async function variantIdsOfSkus(db: Db, skus: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ sku: string; id: string }>`
    select sku, id from catalog.variant where sku = any(${skus}::text[])`.execute(db);
  return new Map(rows.map(({ sku, id }) => [sku, id]));
}

/**
 * The variants that scanned codes name: a barcode (GTIN) or a SKU. One number has several lengths (a UPC is an EAN with a
 * nought before it), and a barcode goes before a SKU. A code that names none is missing.
 */
export async function variantIdsOfCodes(db: Db, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map();
  const { rows } = await sql<{ code: string; id: string }>`
    select distinct on (code) code, id from (
      select code, v.id, 1 as place from unnest(${codes}::text[]) as code
        join catalog.variant v on lpad(v.gtin, 14, '0') = lpad(code, 14, '0')
        where v.gtin is not null and code ~ '^[0-9]{8,14}$'
      union all
      select code, v.id, 2 from unnest(${codes}::text[]) as code join catalog.variant v on lower(v.sku) = lower(code)
    ) as found order by code, place, id`.execute(db);
  return new Map(rows.map(({ code, id }) => [code, id]));
}
