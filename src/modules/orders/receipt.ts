import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Tx } from '#platform/db.ts';
import { addedJobs } from '#platform/events.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { orderLinkInMail, readOrder } from './order.ts';
import { own } from './own.ts';
import { receiptMessage } from './receipt-message.ts';

const Payload = Type.Object({ orderId: Type.String() });
export const MAIL_RECEIPT = 'orders.mail_receipt';

/** Subscriber. A message can't be taken back, so it is a job's: after the orders' transaction, and outside any. */
export async function queueReceipts(tx: Tx, orderIds: readonly string[]): Promise<void> {
  const jobs = orderIds.map((orderId) => ({ key: orderId, payload: { orderId } }));
  await sql`
    with orders_receipt as (
      insert into orders.receipt (order_id) select unnest(${[...orderIds]}::uuid[]) on conflict do nothing
    )
    select ${addedJobs(MAIL_RECEIPT, jobs)}`.execute(tx);
}

/** Asks for the receipt of an order without an address to be sent to this one. */
export async function askForReceipt(tx: Tx, orderId: string, email: string): Promise<void> {
  await own(tx).insertInto('orders.receipt').values({ order_id: orderId, email }).execute();
}

/** Job. One receipt for each order, however often it runs; a failure is tried again. */
export async function mailReceipt(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { db, mailer, config } = deps;
  const { orderId } = Value.Parse(Payload, payload);
  const mark = (tx: Tx, values: { claimed_at: Date | null } | { sent_at: Date; email: null }) =>
    own(tx).updateTable('orders.receipt').set(values).where('order_id', '=', orderId).execute();
  await mailOnce(deps, {
    job: { task: MAIL_RECEIPT, payload: { orderId }, key: orderId },
    find: (tx) =>
      own(tx)
        .selectFrom('orders.receipt')
        .select(['claimed_at as claimedAt', 'sent_at as sentAt', 'email'])
        .where('order_id', '=', orderId)
        .forUpdate()
        .executeTakeFirst(),
    claim: (tx, at) => mark(tx, { claimed_at: at }),
    noteSent: (tx, at) => mark(tx, { sent_at: at, email: null }),
    send: async ({ email: asked }) => {
      const link = await orderLinkInMail(db, config, orderId);
      const message = receiptMessage(await readOrder(db, orderId), link, config, asked ?? undefined);
      if (message) await mailer(message);
    },
  });
}
