import type { Tx } from '#platform/db.ts';
import { own } from './own.ts';

/** Why the lines of an order were given back in a return; a line twice where its units had several reasons. */
export const returnReasonsOf = async (
  tx: Tx,
  returnId: string,
): Promise<{ orderLineId: string; reason: string }[]> => {
  const lines = await own(tx)
    .selectFrom('orders.return_line')
    .select(['order_line_id', 'reason'])
    .where('return_id', '=', returnId)
    .where('kind', '=', 'goods')
    .where('order_line_id', 'is not', null)
    .orderBy('position')
    .execute();
  return lines.flatMap(({ order_line_id: orderLineId, reason }) =>
    orderLineId === null ? [] : [{ orderLineId, reason }],
  );
};
