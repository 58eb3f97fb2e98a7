import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What a review is said of, by the numbers that other systems know it by. */
export interface ReviewedProduct {
  id: string;
  slug: string;
  title: string;
  brand: string | null;
  variants: { sku: string; gtin: string | null }[];
}

export interface PublicReview {
  id: string;
  product: ReviewedProduct;
  rating: number;
  title: string;
  body: string;
  writtenAt: Date;
  editedAt: Date | null;
  isVerified: boolean;
  incentive: string | null;
}

/** As product pages name them; without a handle of who shows no profile. */
export interface ReviewAuthor {
  name: string;
  handle: string | null;
}

export type AuthoredReview = PublicReview & { author: ReviewAuthor | null };
export type ReviewChange = { id: string; review: AuthoredReview | null };

const VARIANTS_MAX = 100;

const PRODUCT = sql`json_build_object('id', product.id, 'slug', product.slug, 'title', product.title, 'brand', brand.name,
  'variants', coalesce((
    select json_agg(json_build_object('sku', sku, 'gtin', gtin) order by position, sku) from (
      select sku, gtin, position from catalog.variant where product_id = product.id
      order by position, sku limit ${VARIANTS_MAX}) as few), '[]'))`;
const COLUMNS = sql`review.id, ${PRODUCT} as product, rating, review.title, body, written_at as "writtenAt",
  edited_at as "editedAt", order_line_id is not null as "isVerified", incentive`;
/** As anybody sees it who is not signed in. */
const IS_SHOWN = sql`(product.publication = 'published' and exists (
  select from social.listed(null) as seen where seen.id = review.id offset 0))`;
const AUTHOR_NAME = sql`coalesce(profile.name, author_name)`;
const AUTHOR = sql`case when trim(${AUTHOR_NAME}) <> '' then
  json_build_object('name', ${AUTHOR_NAME}, 'handle', profile.handle) end`;
const TABLES = sql`reviews.review join catalog.product on product.id = review.product_id
  left join catalog.brand on brand.id = product.brand_id
  join social.piece on piece.id = review.id left join social.profile on profile.member_id = piece.owner_id`;

/** Where the number of a transaction ends and that of a review begins. */
export const CHANGE_CURSOR = /^\d{1,19}_[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * What came, changed or went since a cursor, each review as it stands now: those of the earliest transaction first. What
 * came out of sight has no words. Drafts were in nobody's sight. The cursor is good for ever; it stays where nothing is new.
 */
export async function reviewChanges(
  reads: Db,
  after: string | null,
  limit: number,
): Promise<{ changes: ReviewChange[]; cursor: string | null; hasMore: boolean }> {
  const [transaction = '0', id = '00000000-0000-0000-0000-000000000000'] = after?.split('_') ?? [];
  const { rows } = await sql<AuthoredReview & { isShown: boolean; changedBy: string }>`
    select ${COLUMNS}, ${AUTHOR} as author, ${IS_SHOWN} as "isShown", changed_by::text as "changedBy"
    from ${TABLES}
    where (changed_by, review.id) > (${transaction}::xid8, ${id}::uuid)
      and changed_by < pg_snapshot_xmin(pg_current_snapshot()) and piece.state <> 'draft'
    order by changed_by, review.id limit ${limit + 1}`.execute(reads);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    changes: page.map(({ isShown, changedBy: _changedBy, ...review }) => ({
      id: review.id,
      review: isShown ? review : null,
    })),
    cursor: last ? `${last.changedBy}_${last.id}` : after,
    hasMore: rows.length > limit,
  };
}

export type NamedReview = PublicReview & { author: string };

/** All that anybody sees, by their ids: with words, of who got nothing for them. */
export async function unpaidReviews(reads: Db, after: string | null, limit: number): Promise<NamedReview[]> {
  const { rows } = await sql<NamedReview>`
    select ${COLUMNS}, ${AUTHOR_NAME} as author
    from ${TABLES}
    where (${after}::uuid is null or review.id > ${after}::uuid) and body <> '' and incentive is null and ${IS_SHOWN}
    order by review.id limit ${limit}`.execute(reads);
  return rows;
}
