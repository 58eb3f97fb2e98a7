import { paymentAnswered } from '#events/payments.ts';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { own } from './own.ts';

/** A provider has news of a payment: whoever waits for it is told, once for each message. */
export async function noteNews(
  tx: Tx,
  { provider, eventId, paymentId }: { provider: string; eventId: string; paymentId: string },
  now: Date,
): Promise<void> {
  const isNew = await own(tx)
    .insertInto('payments.webhook_event')
    .values({ provider, event_id: eventId, received_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst();
  if (!isNew) return;
  const payment = await own(tx)
    .selectFrom('payments.payment')
    .select('order_id as orderId')
    .where('id', '=', paymentId)
    .where('provider', '=', provider)
    .executeTakeFirst();
  if (payment) await emit(tx, paymentAnswered, { orderId: payment.orderId, paymentId });
}
