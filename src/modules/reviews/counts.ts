import { sql } from 'kysely';
import { noteRatings, type Rated } from '#modules/catalog/index.ts';
import type { Tx } from '#platform/db.ts';

/** What a review says in stars. */
export interface Marks {
  productId: string;
  rating: number;
  dimensions: Record<string, number>;
}

/** Adds a review to the counts of its product, or takes it out: in the transaction in which it comes or goes. */
export async function count(tx: Tx, { productId, rating, dimensions }: Marks, by: 1 | -1): Promise<void> {
  const codes = Object.keys(dimensions).sort();
  await sql`insert into reviews.rating (product_id) values (${productId}) on conflict do nothing`.execute(tx);
  // The product's row is locked from here on, so that the rows by dimension need no order of their own.
  const { rows } = await sql<Rated>`
    update reviews.rating set review_count = review_count + ${by}, rating_sum = rating_sum + ${by * rating},
      stars[${rating}::integer] = stars[${rating}::integer] + ${by}
    where product_id = ${productId}
    returning product_id as "productId", review_count as count, rating_sum as sum`.execute(tx);
  await noteRatings(tx, rows);
  if (codes.length === 0) return;
  await sql`
    insert into reviews.dimension_rating (product_id, code, review_count, rating_sum)
    select ${productId}, code, 0, 0 from unnest(${codes}::text[]) as t (code) on conflict do nothing`.execute(
    tx,
  );
  await sql`
    update reviews.dimension_rating as known
    set review_count = review_count + ${by}, rating_sum = rating_sum + ${by} * mark.value::integer
    from jsonb_each_text(${JSON.stringify(dimensions)}::jsonb) as mark (key, value)
    where known.product_id = ${productId} and known.code = mark.key`.execute(tx);
}
