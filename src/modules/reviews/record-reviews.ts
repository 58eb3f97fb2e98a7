import { sql } from 'kysely';
import { noteRatings, type Rated } from '#modules/catalog/index.ts';
import { membersOfCustomers } from '#modules/identity/index.ts';
import { recordPieces } from '#modules/social/index.ts';
import type { BulkTx } from '#platform/bulk.ts';

/** A review from elsewhere. With `orderLineId` it is a verified purchase. */
export interface RecordedReview {
  id: string;
  productId: string;
  orderLineId?: string;
  customerId?: string;
  /** The member who wrote it, where one did: else the one that the customer is. */
  memberId?: string;
  /** Of who has no account. */
  authorName: string;
  rating: number;
  title: string;
  body: string;
  /** Stars by dimension, and what the author said of themselves: by code. */
  dimensions?: Record<string, number>;
  traits?: Record<string, string>;
  writtenAt: Date;
}

const COLUMNS = [
  'id',
  'product_id',
  'order_line_id',
  'customer_id',
  'author_name',
  'rating',
  'title',
  'body',
  'dimensions',
  'traits',
  'written_at',
];

/**
 * Records reviews by COPY and counts them in the products' ratings, together. A review whose id exists stays
 * as it is, so a repeat changes nothing.
 */
export async function recordReviews(
  bulk: BulkTx,
  reviews: readonly RecordedReview[],
): Promise<{ recorded: number }> {
  const fresh = await unrecorded(bulk, reviews);
  if (fresh.length === 0) return { recorded: 0 };
  const members = await membersOfCustomers(
    bulk.tx,
    fresh.flatMap(({ customerId }) => customerId ?? []),
  );
  const pieces = fresh.map(({ id, memberId, customerId, writtenAt }) => ({
    id,
    kind: 'review' as const,
    ownerId: memberId ?? members.get(customerId ?? '') ?? null,
    rootId: id,
    madeAt: writtenAt,
  }));
  await recordPieces(bulk, pieces);
  await bulk.copy(
    'reviews.review',
    COLUMNS,
    Iterator.from(fresh).map((review) => [
      review.id,
      review.productId,
      review.orderLineId ?? null,
      review.customerId ?? null,
      review.authorName,
      review.rating,
      review.title,
      review.body,
      JSON.stringify(review.dimensions ?? {}),
      JSON.stringify(review.traits ?? {}),
      review.writtenAt,
    ]),
  );
  await countReviews(bulk, fresh);
  return { recorded: fresh.length };
}

async function unrecorded({ tx }: BulkTx, reviews: readonly RecordedReview[]): Promise<RecordedReview[]> {
  const fresh = new Map(reviews.map((review) => [review.id, review]));
  const { rows } = await sql<{ id: string }>`
    select id from reviews.review where id = any(${[...fresh.keys()]}::uuid[])`.execute(tx);
  for (const { id } of rows) fresh.delete(id);
  return [...fresh.values()];
}

/** Adds to the counts, product after product in one order, so that two imports do not wait for each other. */
async function countReviews({ tx }: BulkTx, reviews: readonly RecordedReview[]): Promise<void> {
  const products = reviews.map(({ productId }) => productId);
  const ratings = reviews.map(({ rating }) => rating);
  const { rows } = await sql<Rated>`
    insert into reviews.rating as known (product_id, review_count, rating_sum, stars)
    select product_id, count(*), sum(rating), array[
      count(*) filter (where rating = 1), count(*) filter (where rating = 2), count(*) filter (where rating = 3),
      count(*) filter (where rating = 4), count(*) filter (where rating = 5)
    ]
    from unnest(${products}::uuid[], ${ratings}::integer[]) as fresh (product_id, rating)
    group by product_id
    order by product_id
    on conflict (product_id) do update set
      review_count = known.review_count + excluded.review_count,
      rating_sum = known.rating_sum + excluded.rating_sum,
      stars = array(
        select one + other from unnest(known.stars, excluded.stars) with ordinality as pair (one, other, star) order by star
      )
    returning product_id as "productId", review_count as count, rating_sum as sum`.execute(tx);
  await noteRatings(tx, rows);
  await sql`
    insert into reviews.dimension_rating as known (product_id, code, review_count, rating_sum)
    select product_id, mark.key, count(*), sum(mark.value::integer)
    from unnest(${products}::uuid[], ${reviews.map(({ dimensions }) => JSON.stringify(dimensions ?? {}))}::jsonb[])
      as fresh (product_id, dimensions)
    cross join jsonb_each_text(dimensions) as mark (key, value)
    group by product_id, mark.key
    order by product_id, mark.key
    on conflict (product_id, code) do update set
      review_count = known.review_count + excluded.review_count, rating_sum = known.rating_sum + excluded.rating_sum`.execute(
    tx,
  );
}
