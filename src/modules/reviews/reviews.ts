import { type RawBuilder, sql } from 'kysely';
import type { Picture } from '#modules/catalog/index.ts';
import { type Person, peopleOf, picturesOf, selfOf } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import { makersNamed } from './makers.ts';
import type { Incentive } from './settings.ts';

export const SORTS = ['helpful', 'newest', 'highest', 'lowest'] as const;
export type Sort = (typeof SORTS)[number];

/** Said for the shop, or for the maker, in answer to a review. */
export interface Reply {
  id: string;
  voice: string;
  /** The maker that it was said for. */
  maker: string | null;
  body: string;
  /** RFC 3339. */
  at: string;
}

export interface Review {
  id: string;
  /** Who shows themselves; null of one who has no account. */
  author: Person | null;
  authorName: string;
  rating: number;
  title: string;
  body: string;
  dimensions: Record<string, number>;
  traits: Record<string, string>;
  pictures: Picture[];
  /** What its author got for writing it, whatever it says. */
  incentive: Incentive | null;
  writtenAt: Date;
  editedAt: Date | null;
  /** Its author bought the product here. */
  isVerified: boolean;
  helpful: number;
  unhelpful: number;
  /** How the viewer voted. */
  ownVote: boolean | null;
  isOwn: boolean;
  replies: Reply[];
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

/** Which of a product's reviews. */
export interface ReviewFilter {
  stars?: number | undefined;
  isVerified?: boolean | undefined;
  hasPhotos?: boolean | undefined;
  /** Of who said the same of themselves, and nothing else: by code. */
  like?: Record<string, string> | undefined;
}

export interface ReviewQuestion extends ReviewFilter {
  limit: number;
  sort?: Sort | undefined;
  cursor?: string | undefined;
}

export type Row = Omit<Review, 'author' | 'pictures' | 'replies'> & {
  replies: (Omit<Reply, 'maker'> & { organizationId: string | null })[];
  ownerId: string | null;
  photoIds: string[];
  key: number;
  micros: string;
};

/** By what the orders sort before the newest; the latter by nothing else. */
const KEYS: Record<Sort, { key: RawBuilder<unknown>; type: RawBuilder<unknown> } | undefined> = {
  helpful: { key: sql`review.wilson`, type: sql`double precision` },
  newest: undefined,
  highest: { key: sql`review.rating`, type: sql`integer` },
  lowest: { key: sql`(-review.rating)`, type: sql`integer` },
};

/** What somebody sees that was said of a product. No order and no filter leaves out a review for its stars but `stars`. */
export async function reviewsOf(
  db: Db,
  viewer: string | undefined,
  productId: string,
  { limit, cursor, sort = 'newest', ...filter }: ReviewQuestion,
): Promise<ReviewPage> {
  const by = KEYS[sort];
  const [key = '0', micros = '0', id = ''] = cursor?.split('_') ?? [];
  const at = sql`to_timestamp(${micros}::numeric / 1000000)`;
  const after =
    cursor === undefined
      ? sql`true`
      : by
        ? sql`(${by.key}, review.written_at, review.id) < (${Number(key)}::${by.type}, ${at}, ${id}::uuid)`
        : sql`(review.written_at, review.id) < (${at}, ${id}::uuid)`;
  const { rows } = await sql<Row>`
    select ${columns(viewer)}, ${by ? sql`${by.key}::double precision` : sql`0`} as key,
      (extract(epoch from review.written_at) * 1000000)::bigint::text as micros
    from reviews.review join social.piece on piece.id = review.id
    where review.product_id = ${productId} and ${wanted(filter)} and ${after}
      and exists (select from social.listed(${selfOf(viewer)}) as seen where seen.id = review.id offset 0)
    order by ${by ? sql`${by.key} desc,` : sql``} review.written_at desc, review.id desc
    limit ${limit + 1}`.execute(db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    reviews: await shown(db, viewer, rows.slice(0, limit)),
    cursor: last ? `${last.key}_${last.micros}_${last.id}` : null,
  };
}

/** One review as its owner, or anybody who may see it, sees it. */
export async function reviewById(db: Db, viewer: string | undefined, id: string) {
  const { rows } = await sql<Row & { productId: string }>`
    select ${columns(viewer)}, review.product_id as "productId", 0 as key, '0' as micros
    from reviews.review join social.opened(${viewer ?? null}::uuid, null) as seen on seen.id = review.id
    join social.piece on piece.id = review.id where review.id = ${id}`.execute(db);
  const [review] = await shown(db, viewer, rows);
  const [row] = rows;
  return review && row ? { ...review, productId: row.productId, photoIds: row.photoIds } : undefined;
}

/** How many there are of what is asked for, as somebody sees them. */
export async function countOf(
  db: Db,
  viewer: string | undefined,
  productId: string,
  filter: ReviewFilter,
): Promise<{ count: number; average: number | null }> {
  const { rows } = await sql<{ count: number; average: number | null }>`
    select count(*)::integer as count, round(avg(rating), 1)::double precision as average
    from reviews.review join social.listed(${selfOf(viewer)}) as seen on seen.id = review.id
    where review.product_id = ${productId} and ${wanted(filter)}`.execute(db);
  return rows[0] ?? { count: 0, average: null };
}

export const columns = (viewer: string | undefined) => sql`review.id, piece.owner_id as "ownerId",
  review.author_name as "authorName", rating, title, body, dimensions, traits, photo_ids as "photoIds", incentive,
  written_at as "writtenAt", edited_at as "editedAt", order_line_id is not null as "isVerified", helpful, unhelpful,
  (select is_helpful from reviews.vote where piece_id = review.id and member_id = ${selfOf(viewer)}) as "ownVote",
  coalesce(piece.owner_id = ${selfOf(viewer)}, false) as "isOwn",
  coalesce((
    select json_agg(json_build_object('id', answer.id, 'voice', voice, 'organizationId', answer.organization_id,
      'body', answer.body, 'at', answered_at)
      order by answered_at)
    from reviews.answer where answer.subject_id = review.id and exists (
      select from social.listed(${selfOf(viewer)}) as said where said.id = answer.id offset 0)), '[]') as replies`;

function wanted({ stars, isVerified, hasPhotos, like }: ReviewFilter): RawBuilder<unknown> {
  const parts = [
    ...(stars === undefined ? [] : [sql`review.rating = ${stars}`]),
    ...(isVerified ? [sql`review.order_line_id is not null`] : []),
    ...(hasPhotos ? [sql`review.photo_ids <> '{}'`] : []),
    ...(like ? [alike(like)] : []),
  ];
  return parts.length > 0 ? sql.join(parts, sql` and `) : sql`true`;
}

/** Like somebody is who said something of themselves that they say too, and nothing that they don't. */
function alike(traits: Record<string, string>): RawBuilder<unknown> {
  const json = sql`${JSON.stringify(traits)}::jsonb`;
  return sql`exists (select from jsonb_each_text(${json}) as mine where review.traits ->> mine.key = mine.value)
    and not exists (select from jsonb_each_text(${json}) as mine where review.traits ->> mine.key <> mine.value)`;
}

/** Rows as they are shown: with who wrote them, their photos, and by whom they were answered. */
export async function shown(db: Db, viewer: string | undefined, rows: readonly Row[]): Promise<Review[]> {
  const [people, pictures, makers] = await Promise.all([
    peopleOf(db, viewer, [...new Set(rows.flatMap(({ ownerId }) => ownerId ?? []))]),
    picturesOf(
      db,
      rows.flatMap(({ photoIds }) => photoIds),
    ),
    makersNamed(
      db,
      rows.flatMap(({ replies }) => replies.map(({ organizationId }) => organizationId)),
    ),
  ]);
  return rows.map(({ ownerId, photoIds, key: _key, micros: _micros, replies, ...review }) => {
    const author = people.get(ownerId ?? '') ?? null;
    return {
      ...review,
      author,
      authorName: author?.name ?? review.authorName,
      pictures: photoIds.flatMap((id) => pictures.get(id) ?? []),
      replies: replies.map(({ organizationId, ...reply }) => ({
        ...reply,
        maker: makers.get(organizationId) ?? null,
      })),
    };
  });
}

export interface DimensionMean {
  code: string;
  count: number;
  mean: number;
}

/** The means by dimension, over all live reviews. */
export async function dimensionsOf(db: Db, productId: string): Promise<DimensionMean[]> {
  const { rows } = await sql<DimensionMean>`
    select code, review_count as count, round(rating_sum::numeric / review_count, 1)::double precision as mean
    from reviews.dimension_rating where product_id = ${productId} and review_count > 0 order by code`.execute(
    db,
  );
  return rows;
}

const UNRATED: Rating = { count: 0, average: null, stars: [0, 0, 0, 0, 0] };

export async function ratingOf(db: Db, productId: string): Promise<Rating> {
  return (await ratingsOf(db, [productId])).get(productId) ?? UNRATED;
}

/** Of many products in one query, for lists. One without reviews is not in the answer. */
export async function ratingsOf(db: Db, productIds: readonly string[]): Promise<Map<string, Rating>> {
  if (productIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; count: number; sum: number; stars: number[] }>`
    select product_id as id, review_count as count, rating_sum as sum, stars from reviews.rating
    where product_id = any(${[...productIds]}::uuid[]) and review_count > 0`.execute(db);
  return new Map(
    rows.map(({ id, count, sum, stars }) => [
      id,
      { count, average: Math.round((sum / count) * 10) / 10, stars },
    ]),
  );
}
