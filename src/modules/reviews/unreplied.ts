import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { columns, type Review, type Row, shown } from './reviews.ts';

/** Which reviews wait for an answer: the stars choose what is worked on first, never what is shown. */
export interface UnrepliedAsked {
  /** Whose answer they wait for. */
  by: 'retailer' | 'maker';
  productIds?: readonly string[] | undefined;
  stars?: number | undefined;
  from?: Date | undefined;
  until?: Date | undefined;
  limit: number;
  cursor?: string | undefined;
}

export type UnrepliedReview = Review & { productId: string };

/** Reviews without an answer of the shop's, or of the maker's: the latest first. */
export async function unreplied(
  db: Db,
  viewer: string,
  { by, productIds, stars, from, until, limit, cursor }: UnrepliedAsked,
): Promise<{ reviews: UnrepliedReview[]; cursor: string | null }> {
  const [micros = '0', id = ''] = cursor?.split('_') ?? [];
  const at = sql`to_timestamp(${micros}::numeric / 1000000)`;
  const parts = [
    by === 'retailer' ? sql`retailer_replied_at is null` : sql`maker_replied_at is null`,
    ...(productIds ? [sql`review.product_id = any(${[...productIds]}::uuid[])`] : []),
    ...(stars === undefined ? [] : [sql`rating = ${stars}`]),
    ...(from ? [sql`written_at >= ${from}`] : []),
    ...(until ? [sql`written_at < ${until}`] : []),
    ...(cursor === undefined ? [] : [sql`(written_at, review.id) < (${at}, ${id}::uuid)`]),
  ];
  const { rows } = await sql<Row & { productId: string }>`
    select ${columns(viewer)}, review.product_id as "productId", 0 as key,
      (extract(epoch from written_at) * 1000000)::bigint::text as micros
    from reviews.review join social.listed(${viewer}::uuid) as seen on seen.id = review.id
    join social.piece on piece.id = review.id
    where ${sql.join(parts, sql` and `)} order by written_at desc, review.id desc limit ${limit + 1}`.execute(
    db,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const reviews = await shown(db, viewer, rows.slice(0, limit));
  return {
    reviews: reviews.map((review, n) => ({ ...review, productId: rows[n]?.productId ?? '' })),
    cursor: last ? `${last.micros}_${last.id}` : null,
  };
}
