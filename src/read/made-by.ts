import { sql } from 'kysely';
import { cardsOf, type PricesFor, type ProductCard } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';

export const MADE_KINDS = ['board', 'look', 'post', 'review'] as const;
export type MadeKind = (typeof MADE_KINDS)[number];

/** Beyond, it is "more than": nobody counts so many. */
export const COUNTED_MAX = 500;

/** How many of each kind somebody made, of those that the viewer may find; `COUNTED_MAX` at most. */
export async function madeCounts(
  reads: Db,
  viewer: string | undefined,
  memberId: string,
): Promise<Record<MadeKind, number>> {
  const { rows } = await sql<{ kind: MadeKind; count: number }>`
    select asked.kind, made.count from unnest(${[...MADE_KINDS]}::social.piece_kind[]) as asked (kind)
    cross join lateral (
      select count(*)::integer as count from (
        select from social.piece where owner_id = ${memberId} and piece.kind = asked.kind
          and exists (select from social.listed(${viewer ?? null}::uuid) as seen where seen.id = piece.id offset 0)
        limit ${COUNTED_MAX}
      ) as few
    ) as made`.execute(reads);
  const counts = new Map(rows.map(({ kind, count }) => [kind, count]));
  const of = (kind: MadeKind) => counts.get(kind) ?? 0;
  return { board: of('board'), look: of('look'), post: of('post'), review: of('review') };
}

/** Somebody's word on a product. */
export interface ReviewLine {
  id: string;
  rating: number;
  title: string;
  body: string;
  writtenAt: Date;
  /** Null where the product is gone. */
  card: ProductCard | null;
}

const PAGE = 20;

/** Somebody's reviews as the viewer may find them, the latest first. */
export async function reviewsBy(
  reads: Db,
  viewer: string | undefined,
  memberId: string,
  { cursor, prices }: { cursor?: string | undefined; prices?: PricesFor | undefined },
): Promise<{ reviews: ReviewLine[]; cursor: string | null }> {
  const { rows } = await sql<Omit<ReviewLine, 'card'> & { productId: string }>`
    select review.id, rating, title, body, written_at as "writtenAt", product_id as "productId"
    from social.piece join reviews.review on review.id = piece.id
    where piece.owner_id = ${memberId} and piece.kind = 'review'
      ${cursor === undefined ? sql`` : sql`and piece.id < ${cursor}::uuid`}
      and exists (select from social.listed(${viewer ?? null}::uuid) as seen where seen.id = piece.id offset 0)
    order by piece.id desc limit ${PAGE + 1}`.execute(reads);
  const page = rows.slice(0, PAGE);
  const cards = await cardsOf(reads, [...new Set(page.map(({ productId }) => productId))], prices);
  return {
    reviews: page.map(({ productId, ...review }) => ({ ...review, card: cards.get(productId) ?? null })),
    cursor: rows.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  };
}
