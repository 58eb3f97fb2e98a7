import type { Db } from '#platform/db.ts';
import { own } from './own.ts';

export interface Review {
  id: string;
  authorName: string;
  rating: number;
  title: string;
  body: string;
  writtenAt: Date;
  /** Its author bought the product here. */
  isVerified: boolean;
}

export interface ReviewPage {
  reviews: Review[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

export interface Rating {
  count: number;
  /** The mean, to one decimal; null without reviews. */
  average: number | null;
  /** How many gave one star, two stars and so on to five. */
  stars: number[];
}

/** What was said of a product, the newest first. */
export async function reviewsOf(
  db: Db,
  productId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<ReviewPage> {
  let query = own(db)
    .selectFrom('reviews.review')
    .select((eb) => [
      'id',
      'author_name as authorName',
      'rating',
      'title',
      'body',
      'written_at as writtenAt',
      eb('order_line_id', 'is not', null).$castTo<boolean>().as('isVerified'),
    ])
    .where('product_id', '=', productId)
    .orderBy('written_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  const [writtenAt, id] = cursor?.split('_') ?? [];
  if (writtenAt !== undefined && id !== undefined) {
    const at = new Date(Number(writtenAt));
    query = query.where((eb) => eb(eb.refTuple('written_at', 'id'), '<', eb.tuple(at, id)));
  }
  const found = await query.execute();
  const reviews = found.slice(0, limit);
  const last = reviews.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { reviews, cursor: hasMore ? `${last.writtenAt.getTime()}_${last.id}` : null };
}

const UNRATED: Rating = { count: 0, average: null, stars: [0, 0, 0, 0, 0] };

export async function ratingOf(db: Db, productId: string): Promise<Rating> {
  return (await ratingsOf(db, [productId])).get(productId) ?? UNRATED;
}

/** Of many products in one query, for lists. One without reviews is not in the answer. */
export async function ratingsOf(db: Db, productIds: readonly string[]): Promise<Map<string, Rating>> {
  if (productIds.length === 0) return new Map();
  const rows = await own(db)
    .selectFrom('reviews.rating')
    .select(['product_id', 'review_count', 'rating_sum', 'stars'])
    .where('product_id', 'in', [...productIds])
    .where('review_count', '>', 0)
    .execute();
  return new Map(
    rows.map(({ product_id, review_count: count, rating_sum, stars }) => [
      product_id,
      { count, average: Math.round((rating_sum / count) * 10) / 10, stars },
    ]),
  );
}
