import { sql } from 'kysely';
import { ordersOfBuyer } from '#modules/orders/index.ts';
import type { Tx } from '#platform/db.ts';
import { own } from './own.ts';

/** What somebody said in words, of all that they bought. Scores stay, with an order's number in place of the person. */
export async function eraseSatisfaction(
  tx: Tx,
  buyer: { customerId?: string; email?: string },
): Promise<void> {
  const orderIds = await ordersOfBuyer(tx, buyer);
  const { customerId = null } = buyer;
  await own(tx)
    .deleteFrom('satisfaction.remark')
    .where('answer_id', 'in', (eb) =>
      eb
        .selectFrom('satisfaction.answer as answer')
        .innerJoin('satisfaction.question as question', 'question.id', 'answer.question_id')
        .select('answer.id')
        .where((each) =>
          each.or([
            each('customer_id', '=', customerId),
            ...(orderIds.length > 0 ? [each('order_id', 'in', orderIds)] : []),
          ]),
        ),
    )
    .execute();
  await eraseLetters(tx, { ...buyer, orderIds });
}

/** What was written to staff and answered: of their orders, of themself without one, and from their address. */
async function eraseLetters(
  tx: Tx,
  { customerId, email, orderIds }: { customerId?: string; email?: string; orderIds: string[] },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select contact_id as id from satisfaction.letter join satisfaction.contact on contact.id = contact_id
    where customer_id = ${customerId ?? null}::uuid or order_id = any (${orderIds}::uuid[])
      or lower(email) = ${email?.toLowerCase() ?? null}
    order by 1 for update of letter`.execute(tx);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await own(tx).deleteFrom('satisfaction.reply').where('contact_id', 'in', ids).execute();
  await own(tx).deleteFrom('satisfaction.letter').where('contact_id', 'in', ids).execute();
}
