import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface ProductInShop {
  id: string;
  slug: string;
  title: string;
  brandId: string | null;
  /** Its category and those above, the nearest first. */
  categoryIds: string[];
}

/** A published product by its id or its name; undefined where there is none. */
export async function productInShop(
  db: Db,
  by: { id: string } | { slug: string },
): Promise<ProductInShop | undefined> {
  const which = 'id' in by ? sql`product.id = ${by.id}` : sql`product.slug = ${by.slug}`;
  const { rows } = await sql<ProductInShop>`
    select product.id, product.slug, product.title, product.brand_id as "brandId", array(
      with recursive up (id, parent_id, depth) as (
        select id, parent_id, 1 from catalog.category where id = product.category_id
        union all
        select above.id, above.parent_id, up.depth + 1 from catalog.category as above join up on above.id = up.parent_id
      )
      select id from up order by depth
    ) as "categoryIds"
    from catalog.product as product where ${which} and product.publication = 'published'`.execute(db);
  return rows[0];
}

const OF_BRANDS_MAX = 5000;

/** What the shop shows of these brands; of a brand with more than a few thousand products, so many of them. */
export async function productsOfBrands(db: Db, brandIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from catalog.product where brand_id = any(${[...brandIds]}::uuid[]) and publication = 'published'
    order by id limit ${OF_BRANDS_MAX}`.execute(db);
  return rows.map(({ id }) => id);
}
