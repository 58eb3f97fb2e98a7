import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { actorOf, record } from '../identity/index.ts';
import { cancelUnits, type CancelWish } from './cancel.ts';
import { ordersErrors } from './errors.ts';
import { orderLinkInMail, readOrder } from './order.ts';
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

/** Job. Sends a receipt that staff asked for, once for each time; a failure is tried again. */
export async function mailReceiptAgain(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { db, mailer, config } = deps;
  const { id } = Value.Parse(Payload, payload);
  const mark = (tx: Tx, values: { claimed_at: Date | null } | { sent_at: Date }) =>
    own(tx).updateTable('orders.receipt_again').set(values).where('id', '=', id).execute();
  await mailOnce(deps, {
    job: { task: RECEIPT_AGAIN, payload: { id }, key: id },
    find: (tx) =>
      own(tx)
        .selectFrom('orders.receipt_again')
        .select(['claimed_at as claimedAt', 'sent_at as sentAt', 'order_id as orderId'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst(),
    claim: (tx, at) => mark(tx, { claimed_at: at }),
    noteSent: (tx, at) => mark(tx, { sent_at: at }),
    send: async ({ orderId }) => {
      const link = await orderLinkInMail(db, config, orderId);
      const message = receiptMessage(await readOrder(db, orderId), link, config);
      if (message) await mailer(message);
    },
  });
}
