import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Viewer } from '#platform/access.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { actorOf, record } from '../identity/index.ts';
import { cancelUnits, type CancelWish } from './cancel.ts';
import { ordersErrors } from './errors.ts';
import { guestCartOf, readOrder } from './order.ts';
import { own } from './own.ts';
import { receiptMessage } from './receipt-message.ts';

/** Staff let units go that were not sent, with an entry in the audit trail. The same id again is the same act. */
export async function cancelByStaff(
  tx: Tx,
  viewer: Viewer,
  wish: Pick<CancelWish, 'id' | 'orderId' | 'lines' | 'reason'>,
  now: Date,
): Promise<void> {
  const actor = actorOf(viewer);
  const isNew = await cancelUnits(tx, { ...wish, actor }, now);
  const { id: cancellationId, orderId, reason } = wish;
  if (isNew) await record(tx, actor, 'units_cancelled', `order:${orderId}`, { cancellationId, reason });
}

export const RECEIPT_AGAIN = 'orders.mail_receipt_again';

/** Has the receipt sent once more. The same id again is the same mail. */
export async function sendReceiptAgain(
  tx: Tx,
  viewer: Viewer,
  { id, orderId }: { id: string; orderId: string },
  now: Date,
): Promise<void> {
  const actor = actorOf(viewer);
  const order = await own(tx)
    .selectFrom('orders.order_address')
    .select('order_id')
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  if (!order) throw ordersErrors.order_not_found({ orderId });
  const isNew = await own(tx)
    .insertInto('orders.receipt_again')
    .values({ id, order_id: orderId, actor, asked_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!isNew) return;
  await addJob(tx, RECEIPT_AGAIN, { id }, id);
  await record(tx, actor, 'receipt_resent', `order:${orderId}`, { receiptId: id });
}

const Payload = Type.Object({ id: Type.String() });

/** Job. Sends a receipt that staff asked for; a failure is tried again. */
export async function mailReceiptAgain(
  { db, mailer, config, now }: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { id } = Value.Parse(Payload, payload);
  const asked = await own(db)
    .selectFrom('orders.receipt_again')
    .select('order_id as orderId')
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .executeTakeFirst();
  if (!asked) return;
  const { orderId } = asked;
  const message = receiptMessage(await readOrder(db, orderId), await guestCartOf(db, orderId), config);
  if (message) await mailer(message);
  await inTransaction(db, (tx) =>
    own(tx).updateTable('orders.receipt_again').set({ sent_at: now() }).where('id', '=', id).execute(),
  );
}
