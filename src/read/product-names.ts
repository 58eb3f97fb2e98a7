import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface ProductName {
  slug: string;
  title: string;
}

/** What products are called, and where their pages are. */
export async function productNames(
  reads: Db,
  productIds: readonly string[],
): Promise<Map<string, ProductName>> {
  const { rows } = await sql<ProductName & { id: string }>`
    select id, slug, title from catalog.product where id = any(${[...new Set(productIds)]}::uuid[])`.execute(
    reads,
  );
  return new Map(rows.map(({ id, ...name }) => [id, name]));
}

/** All brands by name, up to a few thousand: for who may choose one. */
export async function brandNames(reads: Db): Promise<{ id: string; slug: string; name: string }[]> {
  const { rows } = await sql<{ id: string; slug: string; name: string }>`
    select id, slug, name from catalog.brand order by name, id limit 5000`.execute(reads);
  return rows;
}

export interface CategoryName {
  id: string;
  name: string;
}

/** All categories by the names from the top down: "Table / Vases". */
export async function categoryNames(reads: Db): Promise<CategoryName[]> {
  const { rows } = await sql<CategoryName>`
    with recursive named (id, name) as (
      select id, name from catalog.category where parent_id is null
      union all
      select below.id, named.name || ' / ' || below.name
      from catalog.category as below join named on named.id = below.parent_id
    )
    select id, name from named order by name, id limit 5000`.execute(reads);
  return rows;
}
