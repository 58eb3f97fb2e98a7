import type { Tx } from '#platform/db.ts';
import { own } from './own.ts';
import { returnErrors } from './return-errors.ts';
import { lockOrderOfReturn } from './return-request.ts';

export type LockedReturn = Awaited<ReturnType<typeof lockReturn>>;

/** The order's row first: there all who change what becomes of its units wait for each other. */
export async function lockReturn(tx: Tx, requestId: string) {
  const known = await own(tx)
    .selectFrom('orders.return_request')
    .select('order_id as orderId')
    .where('id', '=', requestId)
    .executeTakeFirst();
  if (!known) throw returnErrors.return_not_found({ requestId });
  const order = await lockOrderOfReturn(tx, known.orderId);
  const request = await own(tx)
    .selectFrom('orders.return_request')
    .select([
      'id',
      'kind',
      'state',
      'touchpoint',
      'refund_to as refundTo',
      'location_id as locationId',
      'by_parcel as byParcel',
      'fee_minor as feeMinor',
      'return_id as returnId',
    ])
    .where('id', '=', requestId)
    .executeTakeFirstOrThrow();
  const lines = await own(tx)
    .selectFrom('orders.return_request_line')
    .select(['order_line_id as lineId', 'quantity', 'reason'])
    .where('request_id', '=', requestId)
    .execute();
  const exchange = await own(tx)
    .selectFrom('orders.exchange')
    .select(['order_id as orderId', 'value_minor as valueMinor', 'released_at as releasedAt'])
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  return { ...request, order, lines, exchange };
}
