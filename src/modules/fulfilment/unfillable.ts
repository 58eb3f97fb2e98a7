import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { anotherRoute, moveUnits } from './broker-again.ts';
import { fulfilmentErrors } from './errors.ts';
import { own } from './own.ts';

/** Units of an order that no location could give. */
export interface Unfillable {
  id: string;
  orderId: string;
  orderLineId: string;
  variantId: string;
  quantity: number;
  reason: string;
  since: Date;
}

/** Those that wait, the longest waiting first. */
export const unfillables = (db: Db, limit: number): Promise<Unfillable[]> =>
  own(db)
    .selectFrom('fulfilment.unfillable')
    .select([
      'id',
      'order_id as orderId',
      'order_line_id as orderLineId',
      'variant_id as variantId',
      'quantity',
      'reason',
      'since',
    ])
    .where('resolved_at', 'is', null)
    .orderBy('since')
    .orderBy('id')
    .limit(limit)
    .execute();

/**
 * Asks every location once more, those too that have said no: goods may have come in. What still nobody can give goes on
 * waiting. Answers how many units were found.
 */
export async function tryAgain(tx: Tx, id: string, at: Date): Promise<number> {
  const waiting = await own(tx)
    .selectFrom('fulfilment.unfillable')
    .select([
      'order_id as orderId',
      'order_line_id as orderLineId',
      'variant_id as variantId',
      'quantity',
      'reason',
    ])
    .where('id', '=', id)
    .where('resolved_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!waiting) throw fulfilmentErrors.unfillable_not_found({ unfillableId: id });
  const { orderId, reason, ...units } = waiting;
  const routed = await anotherRoute(tx, orderId, [units], at, new Set());
  const missing = routed.route.unfilled.reduce((sum, { quantity }) => sum + quantity, 0);
  if (missing === units.quantity) return 0;
  await own(tx).updateTable('fulfilment.unfillable').set({ resolved_at: at }).where('id', '=', id).execute();
  await moveUnits(tx, routed, [units], { cause: { id: idOf('fulfilment:again', id), reason, at } });
  return units.quantity - missing;
}
