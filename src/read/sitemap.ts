import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface SitemapEntry {
  path: string;
  /** YYYY-MM-DD */
  changedOn: string | null;
}

/** How many published products there are, for the number of parts. */
export async function publishedCount(reads: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from catalog.product where publication = 'published'`.execute(reads);
  return rows[0]?.count ?? 0;
}

/** One part of the products' addresses, in the order of their slugs. */
export async function productEntries(reads: Db, part: number, size: number): Promise<SitemapEntry[]> {
  const { rows } = await sql<SitemapEntry>`
    select '/p/' || slug as path, to_char(updated_at, 'YYYY-MM-DD') as "changedOn"
    from catalog.product where publication = 'published'
    order by slug limit ${size} offset ${(part - 1) * size}`.execute(reads);
  return rows;
}

export const SHOWN_KINDS = ['board', 'look', 'post'] as const;

/** The newest of what members show to everybody. */
export async function pieceEntries(
  reads: Db,
  kind: (typeof SHOWN_KINDS)[number],
  max: number,
): Promise<SitemapEntry[]> {
  const { rows } = await sql<SitemapEntry>`
    select ${`/${kind}s/`} || piece.id as path, null as "changedOn"
    from social.piece join social.listed(null) as seen on seen.id = piece.id
    where piece.kind = ${kind} and piece.within_id is null order by piece.id desc limit ${max}`.execute(
    reads,
  );
  return rows;
}

/** Categories and brands that have something to show. */
export async function shelfEntries(reads: Db): Promise<SitemapEntry[]> {
  const { rows } = await sql<SitemapEntry>`
    select replace(replace(scope, 'category=', '/c/'), 'brand=', '/b/') as path, null as "changedOn"
    from catalog.scope_count
    where facet = '' and (scope like 'category=%' or scope like 'brand=%')
    group by scope having sum(product_count) > 0 order by scope`.execute(reads);
  return rows;
}
