import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Mailer } from '#platform/mail.ts';
import type { Deps } from '#platform/module.ts';
import { text } from './mail-texts.ts';
import { guestCartOf, readOrder } from './order.ts';
import { own } from './own.ts';

import { amount, htmlOf, linkTo, textOf } from './receipt-message.ts';

const Payload = Type.Object({ cancellationId: Type.String() });

/** Job. Tells the buyer what was cancelled and what they get back: once, also when the job runs again. */
export async function mailCancellation(
  { db, mailer, config, now }: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { cancellationId } = Value.Parse(Payload, payload);
  const at = now();
  const claim = await inTransaction(db, (tx) => claimMail(tx, cancellationId, at));
  if (claim === 'sent') return;
  // Thrown, so that the queue asks again: the worker that claimed it may have died before it sent.
  if (claim === 'busy') throw new Error(`Another worker is sending the mail about ${cancellationId}`);
  try {
    const message = await messageOf(db, config, cancellationId);
    if (message) await mailer(message);
  } catch (error) {
    await inTransaction(db, (tx) => mark(tx, cancellationId, { claimed_at: null }));
    throw error;
  }
  await inTransaction(db, (tx) => mark(tx, cancellationId, { sent_at: at }));
}

/** A worker that claimed a mail and then died is not waited for any longer than this. */
const CLAIM_MINUTES = 10;

async function claimMail(tx: Tx, cancellationId: string, now: Date): Promise<'ours' | 'sent' | 'busy'> {
  const before = new Date(now.getTime() - CLAIM_MINUTES * 60_000);
  const mail = await own(tx)
    .selectFrom('orders.cancellation_mail')
    .select(['claimed_at as claimedAt', 'sent_at as sentAt'])
    .where('cancellation_id', '=', cancellationId)
    .forUpdate()
    .executeTakeFirst();
  if (!mail || mail.sentAt) return 'sent';
  if (mail.claimedAt && mail.claimedAt >= before) return 'busy';
  await mark(tx, cancellationId, { claimed_at: now });
  return 'ours';
}

const mark = (tx: Tx, id: string, values: { claimed_at: Date | null } | { sent_at: Date }) =>
  own(tx).updateTable('orders.cancellation_mail').set(values).where('cancellation_id', '=', id).execute();

async function messageOf(
  db: Db,
  config: Deps['config'],
  cancellationId: string,
): Promise<Parameters<Mailer>[0] | undefined> {
  const cancellation = await own(db)
    .selectFrom('orders.cancellation')
    .select(['order_id as orderId', 'total_minor as totalMinor'])
    .where('id', '=', cancellationId)
    .executeTakeFirstOrThrow();
  const order = await readOrder(db, cancellation.orderId);
  if (!order.address) return undefined;
  const cancelled = await own(db)
    .selectFrom('orders.cancellation_line as line')
    .innerJoin('orders.order_line as of', 'of.id', 'order_line_id')
    .select([
      'of.kind',
      'of.title',
      'of.options',
      'line.quantity',
      'line.net_minor as netMinor',
      'line.tax_minor as taxMinor',
    ])
    .where('cancellation_id', '=', cancellationId)
    .orderBy('of.position')
    .execute();
  const rows = cancelled.map(
    (line) => [textOf(line), amount(line.netMinor + line.taxMinor, order.currency)] as const,
  );
  const total = [text('cancellation.back'), amount(cancellation.totalMinor, order.currency)] as const;
  const lead = text('cancellation.lead', { name: order.address.name, number: order.number });
  const link = linkTo(order.id, await guestCartOf(db, order.id), config.publicUrl);
  const facts = { thanks: lead, promise: '', paid: [], place: [], giftNote: '' };
  return {
    to: order.address.email,
    subject: text('cancellation.subject', { shop: config.shopName, number: order.number }),
    text: [
      lead,
      '',
      ...[...rows, total].map(([label, value]) => `${label}  ${value}`),
      '',
      text('receipt.see', { link }),
      '',
    ].join('\n'),
    html: htmlOf({ ...facts, rows, total, link, number: order.number, shopName: config.shopName }),
  };
}
