import type { Tx } from '#platform/db.ts';
import { own } from './own.ts';

const ERASED_AUTHOR = 'A former member';

/** What somebody said of a product stays; who said it is gone. */
export async function eraseAuthor(tx: Tx, customerId: string): Promise<void> {
  await own(tx)
    .updateTable('reviews.review')
    .set({ author_name: ERASED_AUTHOR })
    .where('customer_id', '=', customerId)
    .execute();
}
