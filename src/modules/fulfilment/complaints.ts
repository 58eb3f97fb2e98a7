import type { Static } from 'typebox';
import type { returnRecorded } from '#events/orders.ts';
import type { Tx } from '#platform/db.ts';
import { returnReasonsOf } from '../orders/index.ts';
import { own } from './own.ts';

/** What a reason for giving goods back says of those who sent them; other reasons say nothing. */
const KIND: Readonly<Record<string, 'damaged' | 'wrong'>> = {
  damaged_on_arrival: 'damaged',
  wrong_item: 'wrong',
  not_as_described: 'wrong',
};

/** Subscriber: notes what a buyer found damaged, or other than the papers of the parcel say. */
export async function noteComplaints(
  tx: Tx,
  { returnId, orderId, occurredAt }: Static<typeof returnRecorded.schema>,
): Promise<void> {
  if (orderId === null) return;
  const kinds = new Map<string, 'damaged' | 'wrong'>();
  for (const { orderLineId, reason } of await returnReasonsOf(tx, returnId)) {
    const kind = KIND[reason];
    if (kind && kinds.get(orderLineId) !== 'damaged') kinds.set(orderLineId, kind);
  }
  if (kinds.size === 0) return;
  await own(tx)
    .insertInto('fulfilment.complaint')
    .values(
      [...kinds].map(([orderLineId, kind]) => ({
        return_id: returnId,
        order_line_id: orderLineId,
        order_id: orderId,
        kind,
        noted_at: new Date(occurredAt),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
