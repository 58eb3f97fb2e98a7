import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { orderLinkInMail, readOrder } from '../orders/index.ts';
import { text } from './mail-texts.ts';
import { own } from './own.ts';

const Payload = Type.Object({ orderId: Type.String(), causeId: Type.String() });
/** A worker that claimed a notice and then died is not waited for any longer than this. */
const CLAIM_MINUTES = 10;

/** Job. One mail for each order and cause, however often it runs; a failure is tried again. */
export async function mailPromise(
  { db, mailer, config, now }: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { orderId, causeId } = Value.Parse(Payload, payload);
  const at = now();
  const before = new Date(at.getTime() - CLAIM_MINUTES * 60_000);
  const { rows } = await inTransaction(db, (tx) =>
    sql<{ isOurs: boolean }>`
      update fulfilment.promise_notice set claimed_at = ${at}
      where order_id = ${orderId} and cause_id = ${causeId} and sent_at is null
        and (claimed_at is null or claimed_at <= ${before})
      returning true as "isOurs"`.execute(tx),
  );
  if (rows.length === 0) return refuseUnlessSent(db, orderId, causeId);
  const mark = (values: { claimed_at: null } | { sent_at: Date }) =>
    inTransaction(db, (tx) =>
      own(tx)
        .updateTable('fulfilment.promise_notice')
        .set(values)
        .where('order_id', '=', orderId)
        .where('cause_id', '=', causeId)
        .execute(),
    );
  try {
    const message = await messageOf(db, orderId, causeId, config);
    if (message) await mailer(message);
  } catch (error) {
    await mark({ claimed_at: null });
    throw error;
  }
  await mark({ sent_at: at });
}

async function refuseUnlessSent(db: Db, orderId: string, causeId: string): Promise<void> {
  const notice = await own(db)
    .selectFrom('fulfilment.promise_notice')
    .select('sent_at as sentAt')
    .where('order_id', '=', orderId)
    .where('cause_id', '=', causeId)
    .executeTakeFirst();
  // Thrown, so that the queue asks again: the worker that claimed it may have died before it sent.
  if (notice?.sentAt === null) throw new Error(`Another worker tells order ${orderId} its new day`);
}

async function messageOf(
  db: Db,
  orderId: string,
  causeId: string,
  config: Pick<Deps['config'], 'shopName' | 'publicUrl' | 'secret'>,
) {
  const { number, address, lines, pickupLocationId } = await readOrder(db, orderId);
  const moved = await movedParts(db, orderId, causeId);
  if (!address || moved.length === 0) return undefined;
  const titles = new Map(
    lines.map((line) => [line.id, [line.title, line.options].filter(Boolean).join(', ')]),
  );
  const link = await orderLinkInMail(db, config, orderId);
  const lineText = ({ orderLineId, quantity, promisedFrom, promisedTo }: Moved) => {
    const facts = { quantity, title: titles.get(orderLineId) ?? '', to: dayName(promisedTo) };
    if (pickupLocationId !== null) return text('moved.line.collect', facts);
    return promisedFrom === promisedTo
      ? text('moved.line.day', facts)
      : text('moved.line', { ...facts, from: dayName(promisedFrom) });
  };
  return {
    to: address.email,
    subject: text('moved.subject', { shop: config.shopName, number }),
    text: [
      text('moved.lead', { name: address.name, number }),
      '',
      ...moved.map(lineText),
      '',
      text('moved.choice'),
      text('moved.cancel', { link: `${link}#cancel` }),
      text('moved.see', { link }),
      '',
    ].join('\n'),
  };
}

interface Moved {
  orderLineId: string;
  quantity: number;
  promisedFrom: string;
  promisedTo: string;
}

/** What still waits, by what it is promised for now: a later change of the day has a mail of its own, which says the same. */
async function movedParts(db: Db, orderId: string, causeId: string): Promise<Moved[]> {
  const { rows } = await sql<Moved>`
    select order_line_id as "orderLineId", remaining as quantity, part.promised_from as "promisedFrom",
      part.promised_to as "promisedTo"
    from fulfilment.promise_move as move join fulfilment.fulfilment_order as part on part.id = fulfilment_order_id
    join fulfilment.fulfilment_order_line as line on line.fulfilment_order_id = part.id and remaining > 0
    where move.order_id = ${orderId} and cause_id = ${causeId} and state = 'waiting'
    order by part.promised_to, order_line_id`.execute(db);
  return rows;
}

const dayName = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`));
const dayFormat = new Intl.DateTimeFormat('en', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});
