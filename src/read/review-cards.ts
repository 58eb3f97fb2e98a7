import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A review by somebody whom the viewer follows, for a list of what is new. */
export interface ReviewCard {
  id: string;
  productId: string;
  authorId: string;
  rating: number;
  title: string;
  body: string;
  photoIds: string[];
  writtenAt: Date;
}

/** So many of each one's latest are looked at: no author fills the list, and no query reads all of theirs. */
const OF_EACH = 10;
const FOLLOWED_MAX = 500;

/** Reviews by people whom a member follows, and may see: the latest first. The cursor is a review's id. */
export async function reviewCards(
  reads: Db,
  viewer: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ cards: ReviewCard[]; cursor: string | null }> {
  const before = sql`(${cursor ?? null}::uuid is null or (review.written_at, review.id) < (
    select written_at, id from reviews.review where id = ${cursor ?? null}::uuid))`;
  const { rows } = await sql<ReviewCard>`
    select review.id, review.product_id as "productId", made.owner_id as "authorId", rating,
      review.title, body,
      photo_ids as "photoIds", written_at as "writtenAt"
    from (
      select target_id from social.follow where follower_id = ${viewer} and kind = 'member'
      order by since desc limit ${FOLLOWED_MAX}
    ) as followed
    cross join lateral (
      select piece.id, piece.owner_id from social.piece join reviews.review on review.id = piece.id
      where piece.owner_id = followed.target_id and piece.kind = 'review' and ${before}
      order by piece.id desc limit ${OF_EACH}
    ) as made
    join social.listed(${viewer}::uuid) as seen on seen.id = made.id
    join reviews.review on review.id = made.id
    join catalog.product on product.id = review.product_id and product.publication = 'published'
    where not exists (select from social.mute where member_id = ${viewer} and muted_id = made.owner_id)
    order by review.written_at desc, review.id desc limit ${limit + 1}`.execute(reads);
  const cards = rows.slice(0, limit);
  return { cards, cursor: rows.length > limit ? (cards.at(-1)?.id ?? null) : null };
}
