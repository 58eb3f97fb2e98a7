import type { Db } from '#platform/db.ts';
import { own } from './own.ts';
import type { PriceLook } from './price-changes.ts';

/** What the last look at prices came to; undefined before the first. */
export async function latestPriceLook(db: Db): Promise<PriceLook | undefined> {
  return await own(db)
    .selectFrom('guidance.price_look')
    .select([
      'looked_on as day',
      'currency',
      'looked',
      'proposed',
      'unsure',
      'uncosted',
      'no_better as noBetter',
    ])
    .orderBy('looked_on', 'desc')
    .limit(1)
    .executeTakeFirst();
}
