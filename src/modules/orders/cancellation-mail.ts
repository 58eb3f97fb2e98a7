import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import type { Mailer } from '#platform/mail.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { CANCELLATION_MAIL } from './cancel.ts';
import { text } from './mail-texts.ts';
import { orderLinkInMail, readOrder } from './order.ts';
import { own } from './own.ts';

import { amount, htmlOf, textOf } from './receipt-message.ts';

const Payload = Type.Object({ cancellationId: Type.String() });

/** Job. Tells the buyer what was cancelled and what they get back: once, also when the job runs again. */
export async function mailCancellation(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { db, mailer, config } = deps;
  const { cancellationId } = Value.Parse(Payload, payload);
  const mark = (tx: Tx, values: { claimed_at: Date | null } | { sent_at: Date }) =>
    own(tx)
      .updateTable('orders.cancellation_mail')
      .set(values)
      .where('cancellation_id', '=', cancellationId)
      .execute();
  await mailOnce(deps, {
    job: { task: CANCELLATION_MAIL, payload: { cancellationId }, key: cancellationId },
    find: (tx) =>
      own(tx)
        .selectFrom('orders.cancellation_mail')
        .select(['claimed_at as claimedAt', 'sent_at as sentAt'])
        .where('cancellation_id', '=', cancellationId)
        .forUpdate()
        .executeTakeFirst(),
    claim: (tx, at) => mark(tx, { claimed_at: at }),
    noteSent: (tx, at) => mark(tx, { sent_at: at }),
    send: async () => {
      const message = await messageOf(db, config, cancellationId);
      if (message) await mailer(message);
    },
  });
}

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
  const link = await orderLinkInMail(db, config, order.id);
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
    html: htmlOf({
      ...facts,
      rows,
      total,
      link,
      review: '',
      number: order.number,
      shopName: config.shopName,
    }),
  };
}
