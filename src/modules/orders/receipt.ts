import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { guestCartOf, readOrder } from './order.ts';
import { own } from './own.ts';
import { receiptMessage } from './receipt-message.ts';

const Payload = Type.Object({ orderId: Type.String() });
/** A worker that claimed a receipt and then died is not waited for any longer than this. */
const CLAIM_MINUTES = 10;

/** Subscriber. A message can't be taken back, so it is a job's: after the order's transaction, and outside any. */
export async function queueReceipt(tx: Tx, orderId: string): Promise<void> {
  await own(tx)
    .insertInto('orders.receipt')
    .values({ order_id: orderId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await addJob(tx, 'orders.mail_receipt', { orderId }, orderId);
}

/** Asks for the receipt of an order without an address to be sent to this one. */
export async function askForReceipt(tx: Tx, orderId: string, email: string): Promise<void> {
  await own(tx).insertInto('orders.receipt').values({ order_id: orderId, email }).execute();
}

/** Job. One receipt for each order, however often it runs; a failure is tried again. */
export async function mailReceipt(
  { db, mailer, config, now }: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { orderId } = Value.Parse(Payload, payload);
  const at = now();
  const claimed = await inTransaction(db, (tx) => claim(tx, orderId, at));
  if (!claimed && (await isSent(db, orderId))) return;
  // Thrown, so that the queue asks again: the worker that claimed it may have died before it sent.
  if (!claimed) throw new Error(`Another worker is sending the receipt of order ${orderId}`);
  const { email: asked } = claimed;
  const order = await readOrder(db, orderId);
  const cartId = await guestCartOf(db, orderId);
  try {
    const message = receiptMessage(order, cartId, config, asked ?? undefined);
    if (message) await mailer(message);
  } catch (error) {
    await inTransaction(db, (tx) => mark(tx, orderId, { claimed_at: null }));
    throw error;
  }
  await inTransaction(db, (tx) => mark(tx, orderId, { sent_at: at, email: null }));
}

async function claim(tx: Tx, orderId: string, now: Date): Promise<{ email: string | null } | undefined> {
  const before = new Date(now.getTime() - CLAIM_MINUTES * 60_000);
  return own(tx)
    .updateTable('orders.receipt')
    .set({ claimed_at: now })
    .where('order_id', '=', orderId)
    .where('sent_at', 'is', null)
    .where((eb) => eb.or([eb('claimed_at', 'is', null), eb('claimed_at', '<', before)]))
    .returning('email')
    .executeTakeFirst();
}

async function isSent(db: Db, orderId: string): Promise<boolean> {
  const receipt = await own(db)
    .selectFrom('orders.receipt')
    .select('sent_at')
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  return receipt !== undefined && receipt.sent_at !== null;
}

const mark = (tx: Tx, orderId: string, values: { claimed_at: null } | { sent_at: Date; email: null }) =>
  own(tx).updateTable('orders.receipt').set(values).where('order_id', '=', orderId).execute();
