import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { locations } from '../inventory/index.ts';
import { guestCartOf, readOrder } from '../orders/index.ts';
import { collectionCode } from './collection-code.ts';
import { text } from './mail-texts.ts';
import { own } from './own.ts';

export const MAIL_READY = 'fulfilment.mail_ready';
const Payload = Type.Object({ orderId: Type.String() });

/** Said once for an order, however often its last part becomes ready. */
export async function queueReadyNotice(tx: Tx, orderId: string): Promise<void> {
  const written = await own(tx)
    .insertInto('fulfilment.ready_notice')
    .values({ order_id: orderId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst();
  if (written) await addJob(tx, MAIL_READY, { orderId }, orderId);
}

/** Job. A worker that claimed it and died is waited for ten minutes; a failure is tried again. */
export async function mailReady(
  { db, mailer, config, now }: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { orderId } = Value.Parse(Payload, payload);
  const at = now();
  const { rows } = await inTransaction(db, (tx) =>
    sql<{ isOurs: boolean }>`
      update fulfilment.ready_notice set claimed_at = ${at}
      where order_id = ${orderId} and sent_at is null
        and (claimed_at is null or claimed_at <= ${new Date(at.getTime() - 600_000)})
      returning true as "isOurs"`.execute(tx),
  );
  if (rows.length === 0) return refuseUnlessSent(db, orderId);
  const mark = (values: { claimed_at: null } | { sent_at: Date }) =>
    inTransaction(db, (tx) =>
      own(tx).updateTable('fulfilment.ready_notice').set(values).where('order_id', '=', orderId).execute(),
    );
  try {
    const message = await messageOf(db, orderId, config);
    if (message) await mailer(message);
  } catch (error) {
    await mark({ claimed_at: null });
    throw error;
  }
  await mark({ sent_at: at });
}

async function refuseUnlessSent(db: Db, orderId: string): Promise<void> {
  const notice = await own(db)
    .selectFrom('fulfilment.ready_notice')
    .select('sent_at as sentAt')
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  // Thrown, so that the queue asks again: the worker that claimed it may have died before it sent.
  if (notice?.sentAt === null) throw new Error(`Another worker is sending the notice of order ${orderId}`);
}

async function messageOf(
  db: Db,
  orderId: string,
  { shopName, publicUrl, secret }: Pick<Deps['config'], 'shopName' | 'publicUrl' | 'secret'>,
) {
  const { number, address, pickupLocationId } = await readOrder(db, orderId);
  const store = (await locations(db)).find(({ id }) => id === pickupLocationId);
  if (!address || !store) return undefined;
  const cartId = await guestCartOf(db, orderId);
  const link = `${publicUrl}/orders/${orderId}${cartId ? `?cart=${cartId}` : ''}`;
  const { name: place, street, city } = store;
  return {
    to: address.email,
    subject: text('ready.subject', { shop: shopName, number }),
    text: [
      text('ready.lead', { name: address.name, place, street, city }),
      text('ready.code', { number, code: collectionCode(secret, orderId) }),
      text('ready.see', { link }),
      '',
    ].join('\n'),
  };
}
