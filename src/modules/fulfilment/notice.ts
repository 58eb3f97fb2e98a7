import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { mailOnce } from '#platform/mail-once.ts';
import type { Deps } from '#platform/module.ts';
import { locations } from '../inventory/index.ts';
import { orderLinkInMail, readOrder } from '../orders/index.ts';
import { fulfilmentOrderById } from './fulfilment-order.ts';
import { text } from './mail-texts.ts';
import { own } from './own.ts';
import { shipmentById } from './shipment.ts';

export const MAIL_SHIPPED = 'fulfilment.mail_shipped';
const Payload = Type.Object({ shipmentId: Type.String() });

/** A message can't be taken back, so it is a job's: after the shipment's transaction, and outside any. */
export async function queueNotice(tx: Tx, shipmentId: string): Promise<void> {
  await own(tx).insertInto('fulfilment.notice').values({ shipment_id: shipmentId }).execute();
  await addJob(tx, MAIL_SHIPPED, { shipmentId }, shipmentId);
}

/** Job. One mail for each shipment, however often it runs; a failure is tried again. */
export async function mailShipped(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { db, mailer, config } = deps;
  const { shipmentId } = Value.Parse(Payload, payload);
  const mark = (tx: Tx, values: { claimed_at: Date | null } | { sent_at: Date }) =>
    own(tx).updateTable('fulfilment.notice').set(values).where('shipment_id', '=', shipmentId).execute();
  await mailOnce(deps, {
    job: { task: MAIL_SHIPPED, payload: { shipmentId }, key: shipmentId },
    find: (tx) =>
      own(tx)
        .selectFrom('fulfilment.notice')
        .select(['claimed_at as claimedAt', 'sent_at as sentAt'])
        .where('shipment_id', '=', shipmentId)
        .forUpdate()
        .executeTakeFirst(),
    claim: (tx, at) => mark(tx, { claimed_at: at }),
    noteSent: (tx, at) => mark(tx, { sent_at: at }),
    send: async () => {
      const message = await messageOf(db, shipmentId, config);
      if (message) await mailer(message);
    },
  });
}

async function messageOf(
  db: Db,
  shipmentId: string,
  config: Pick<Deps['config'], 'shopName' | 'publicUrl' | 'secret'>,
) {
  const shipment = await shipmentById(db, shipmentId);
  const { id, number, address, lines } = await readOrder(db, shipment.orderId);
  if (!address) return undefined;
  const part = await fulfilmentOrderById(db, shipment.fulfilmentOrderId);
  const place =
    (await locations(db)).find((each) => each.id === shipment.locationId)?.name ?? config.shopName;
  const titles = new Map(
    lines.map((line) => [line.id, [line.title, line.options].filter(Boolean).join(', ')]),
  );
  const link = await orderLinkInMail(db, config, id);
  const numbers = shipment.parcels.flatMap(({ trackingNumber }) => trackingNumber ?? []);
  return {
    to: address.email,
    subject: text('shipped.subject', { shop: config.shopName, number }),
    text: [
      text('shipped.lead', { name: address.name, place }),
      '',
      ...part.lines
        .filter(({ remaining }) => remaining > 0)
        .map(({ orderLineId, remaining }) =>
          text('shipped.line', { quantity: remaining, title: titles.get(orderLineId) ?? '' }),
        ),
      '',
      ...numbers.map((each) => text('shipped.tracking', { number: each })),
      text('shipped.arrives', { day: dayFormat.format(new Date(`${part.promisedTo}T00:00:00Z`)) }),
      text('shipped.see', { link }),
      '',
    ].join('\n'),
  };
}

const dayFormat = new Intl.DateTimeFormat('en', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});
