import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { locations } from '../inventory/index.ts';
import { orderLinkInMail, readOrder } from '../orders/index.ts';
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

/** Job. One mail for each order, however often it runs; a failure is tried again. */
export async function mailReady(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { db, mailer, config } = deps;
  const { orderId } = Value.Parse(Payload, payload);
  const mark = (tx: Tx, values: { claimed_at: Date | null } | { sent_at: Date }) =>
    own(tx).updateTable('fulfilment.ready_notice').set(values).where('order_id', '=', orderId).execute();
  await mailOnce(deps, {
    job: { task: MAIL_READY, payload: { orderId }, key: orderId },
    find: (tx) =>
      own(tx)
        .selectFrom('fulfilment.ready_notice')
        .select(['claimed_at as claimedAt', 'sent_at as sentAt'])
        .where('order_id', '=', orderId)
        .forUpdate()
        .executeTakeFirst(),
    claim: (tx, at) => mark(tx, { claimed_at: at }),
    noteSent: (tx, at) => mark(tx, { sent_at: at }),
    send: async () => {
      const message = await messageOf(db, orderId, config);
      if (message) await mailer(message);
    },
  });
}

async function messageOf(
  db: Db,
  orderId: string,
  config: Pick<Deps['config'], 'shopName' | 'publicUrl' | 'secret'>,
) {
  const { number, address, pickupLocationId } = await readOrder(db, orderId);
  const store = (await locations(db)).find(({ id }) => id === pickupLocationId);
  if (!address || !store) return undefined;
  const link = await orderLinkInMail(db, config, orderId);
  const { name: place, street, city } = store;
  return {
    to: address.email,
    subject: text('ready.subject', { shop: config.shopName, number }),
    text: [
      text('ready.lead', { name: address.name, place, street, city }),
      text('ready.code', { number, code: collectionCode(config.secret, orderId) }),
      text('ready.see', { link }),
      '',
    ].join('\n'),
  };
}
