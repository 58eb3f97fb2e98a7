import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

const KINDS = ['product', 'category', 'brand'] as const;
export type ReferenceKind = (typeof KINDS)[number];

/** The first of these ids that names nothing in the catalogue. */
export async function unknownReference(
  db: Db,
  ids: Record<ReferenceKind, readonly string[]>,
): Promise<{ what: ReferenceKind; value: string } | undefined> {
  for (const what of KINDS) {
    if (ids[what].length === 0) continue;
    const { rows } = await sql<{ id: string }>`
      select id from unnest(${ids[what]}::uuid[]) as wanted (id)
      where not exists (select from ${sql.table(`catalog.${what}`)} known where known.id = wanted.id)
      limit 1`.execute(db);
    const [unknown] = rows;
    if (unknown) return { what, value: unknown.id };
  }
  return undefined;
}

/** Ids by slug. */
export async function idsOfSlugs(
  db: Db,
  kind: ReferenceKind,
  slugs: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; slug: string }>`
    select id, slug from ${sql.table(`catalog.${kind}`)} where slug = any(${slugs}::text[])`.execute(db);
  return new Map(rows.map(({ id, slug }) => [slug, id]));
}

/** Slugs by id. */
export async function slugsOfIds(
  db: Db,
  kind: ReferenceKind,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; slug: string }>`
    select id, slug from ${sql.table(`catalog.${kind}`)} where id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, slug }) => [id, slug]));
}

/** Those of the names that stand for something in the catalogue: ids of products and variants, slugs, article numbers. */
export async function knownThings(db: Db, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select name from (
      select name, case when pg_input_is_valid(name, 'uuid') then name::uuid end as id
      from unnest(${[...names]}::text[]) as given (name)
    ) as asked
    where exists (select from catalog.product where product.id = asked.id)
      or exists (select from catalog.variant where variant.id = asked.id)
      or exists (select from catalog.product where slug = name)
      or exists (select from catalog.variant where sku = name)`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
