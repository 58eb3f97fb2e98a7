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
}
