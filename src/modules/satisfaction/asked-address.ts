import { askedAbout } from '#modules/orders/index.ts';
import type { Db } from '#platform/db.ts';
import { own } from './own.ts';
import type { Question } from './questions.ts';

/** To whom a question's mail goes. */
export interface AskedAddress {
  email: string;
  /** The order's; null of a case without one. */
  number: string | null;
}

/** The order's address; of a case without an order the one that its letter came from, as long as it is known. */
export async function askedAddress(
  db: Db,
  { id, orderId }: Pick<Question, 'id' | 'orderId'>,
): Promise<AskedAddress | undefined> {
  if (orderId !== null) {
    const order = await askedAbout(db, orderId);
    return order?.email ? { email: order.email, number: order.number } : undefined;
  }
  const letter = await own(db)
    .selectFrom('satisfaction.mailing as mailing')
    .innerJoin('satisfaction.letter as letter', 'letter.contact_id', 'mailing.contact_id')
    .select('letter.email')
    .where('question_id', '=', id)
    .executeTakeFirst();
  return letter && { email: letter.email, number: null };
}
