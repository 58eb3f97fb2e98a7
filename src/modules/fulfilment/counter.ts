import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { collect } from './collect.ts';
import { fulfilmentOrdersOf } from './fulfilment-order.ts';
import { takeStep } from './step.ts';
import { takeOrder } from './take-order.ts';

/** What is carried away at once goes through the steps of what is collected, all at that moment. */
const STEPS = ['accepted', 'picked', 'packed', 'ready'] as const;

/** Hands over all of an order that was sold at a counter, in the transaction of its sale. */
export async function handOverAtCounter(
  tx: Tx,
  { orderId, actorId }: { orderId: string; actorId: string },
  at: Date,
): Promise<void> {
  await takeOrder(tx, orderId);
  for (const { id: fulfilmentOrderId } of await fulfilmentOrdersOf(tx, orderId)) {
    for (const to of STEPS) {
      const id = idOf(`fulfilment:counter_${to}`, fulfilmentOrderId);
      await takeStep(tx, { id, fulfilmentOrderId, to, actorId }, at);
    }
    const id = idOf('fulfilment:counter_collected', fulfilmentOrderId);
    await collect(tx, { id, fulfilmentOrderId, actorId }, at);
  }
}
