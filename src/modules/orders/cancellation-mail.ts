import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { inTransaction } from '#platform/db.ts';
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
  const cancellation = await own(db)
    .selectFrom('orders.cancellation as cancellation')
    .innerJoin('orders.cancellation_mail as mail', 'mail.cancellation_id', 'cancellation.id')
    .select(['order_id as orderId', 'total_minor as totalMinor'])
    .where('cancellation.id', '=', cancellationId)
    .where('sent_at', 'is', null)
    .executeTakeFirst();
  if (!cancellation) return;
  const order = await readOrder(db, cancellation.orderId);
  if (order.address) {
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
    await mailer({
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
    });
  }
  await inTransaction(db, (tx) =>
    own(tx)
      .updateTable('orders.cancellation_mail')
      .set({ sent_at: now() })
      .where('cancellation_id', '=', cancellationId)
      .execute(),
  );
}
