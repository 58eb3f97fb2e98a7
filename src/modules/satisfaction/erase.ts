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
  const letters = await lettersOf(tx, { ...buyer, orderIds });
  const asked = sql<string>`(select question_id from satisfaction.mailing where contact_id = any (${letters}::uuid[]))`;
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
            each('question.id', 'in', asked),
            ...(orderIds.length > 0 ? [each('order_id', 'in', orderIds)] : []),
          ]),
        ),
    )
    .execute();
  if (letters.length === 0) return;
  await own(tx).deleteFrom('satisfaction.reply').where('contact_id', 'in', letters).execute();
  await own(tx).deleteFrom('satisfaction.letter').where('contact_id', 'in', letters).execute();
}

/** What was written to staff, held until it is erased: of their orders, of themself without one, and from their address. */
async function lettersOf(
  tx: Tx,
  { customerId, email, orderIds }: { customerId?: string; email?: string; orderIds: string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select contact_id as id from satisfaction.letter join satisfaction.contact on contact.id = contact_id
    where customer_id = ${customerId ?? null}::uuid or order_id = any (${orderIds}::uuid[])
      or lower(email) = ${email?.toLowerCase() ?? null}
    order by 1 for update of letter`.execute(tx);
  return rows.map(({ id }) => id);
}
