import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A product as an archive calls it. */
export interface Called {
  slug: string;
  skus: readonly string[];
  gtins: readonly string[];
}

/** The product of this shop that is meant: the one of that name, else the one with one of its codes or numbers. */
export async function productCalled(db: Db, { slug, skus, gtins }: Called): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select product.id from catalog.product left join catalog.variant on product_id = product.id
    where publication = 'published' and (slug = ${slug} or product.id in (
      select product_id from catalog.variant where gtin = any(${[...gtins]}::text[]) or sku = any(${[...skus]}::text[])))
    order by slug = ${slug} desc, gtin = any(${[...gtins]}::text[]) desc nulls last, product.id limit 1`.execute(
    db,
  );
  return rows[0]?.id;
}

/** Of these ids those that are pieces or photos, with what is left of them. */
export async function standingOf(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { ownerId: string | null; isThere: boolean }>> {
  const { rows } = await sql<{ id: string; ownerId: string | null; isThere: boolean }>`
    select id, owner_id as "ownerId", state <> 'deleted' as "isThere" from social.piece where id = any(${[...ids]}::uuid[])
    union all
    select id, owner_id, media_id is not null from social.photo where id = any(${[...ids]}::uuid[])`.execute(
    db,
  );
  return new Map(rows.map(({ id, ...standing }) => [id, standing]));
}
