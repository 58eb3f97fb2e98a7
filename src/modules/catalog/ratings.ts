import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';

/** What the reviews of a product come to. */
export interface Rated {
  productId: string;
  count: number;
  /** Of all stars. */
  sum: number;
}

/** Notes what products are rated from now on. Whoever counts holds what they count by, so the last to say it is right. */
export async function noteRatings(tx: Tx, rated: readonly Rated[]): Promise<void> {
  await sql`
    insert into catalog.product_rating (product_id, review_count, rating_sum)
    select * from unnest(${rated.map(({ productId }) => productId)}::uuid[], ${rated.map(({ count }) => count)}::integer[],
      ${rated.map(({ sum }) => sum)}::integer[]) as rated (id, count, sum) order by id
    on conflict (product_id) do update
    set review_count = excluded.review_count, rating_sum = excluded.rating_sum`.execute(tx);
}
