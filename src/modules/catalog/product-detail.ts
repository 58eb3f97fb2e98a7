import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { shownFor } from './marketplace.ts';
import type { AttributeValue, PricesFor, ProductDetail } from './product-card.ts';

/** A published product; null when there is none of that name, or it is not published. */
export async function productBySlug(
  reads: Db,
  slug: string,
  prices?: PricesFor,
): Promise<ProductDetail | null> {
  const json = await productDetailJson(reads, slug, prices);
  return json === null ? null : (JSON.parse(json) as ProductDetail);
}

/** The same as JSON text, put together by PostgreSQL in one statement. Prices are in the marketplace's currency and the whole world's unless said. */
export async function productDetailJson(reads: Db, slug: string, asked?: PricesFor): Promise<string | null> {
  const { currency, markets } = await shownFor(reads, asked);
  const { rows } = await sql<{ json: string | null }>`
    select catalog.product_json(${slug}, ${currency ?? null}, ${markets}::text[])::text as json`.execute(
    reads,
  );
  return rows[0]?.json ?? null;
}

/** Products beside each other, in the order asked for. */
interface Comparison {
  products: ProductDetail[];
  /** One for each attribute that any of them has, with a value or null for each product. */
  attributes: (Omit<AttributeValue, 'value'> & { values: (AttributeValue['value'] | null)[] })[];
}

export const COMPARED_MAX = 4;

/** Up to four products; those that are not published are left out. */
export async function compareProducts(
  reads: Db,
  slugs: readonly string[],
  asked?: PricesFor,
): Promise<Comparison> {
  const { currency, markets } = await shownFor(reads, asked);
  const wanted = [...new Set(slugs)].slice(0, COMPARED_MAX);
  const { rows } = await sql<{ product: ProductDetail | null }>`
    select catalog.product_json(slug, ${currency ?? null}, ${markets}::text[]) as product
    from unnest(${wanted}::text[]) with ordinality as w (slug, n) order by n`.execute(reads);
  const products = rows.flatMap(({ product }) => product ?? []);
  const attributes = new Map<string, Comparison['attributes'][number]>();
  for (const [n, product] of products.entries()) {
    for (const { value, ...attribute } of product.attributes) {
      const found = attributes.get(attribute.code) ?? { ...attribute, values: products.map(() => null) };
      found.values[n] = value;
      attributes.set(attribute.code, found);
    }
  }
  return { products, attributes: [...attributes.values()] };
}
