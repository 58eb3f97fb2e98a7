import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface ProductInShop {
  id: string;
  slug: string;
  title: string;
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
    select product.id, product.slug, product.title, array(
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
