import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { productInShop } from '#modules/catalog/index.ts';
import { readOrder } from '#modules/orders/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { orderOfToken, reviewToken } from './author.ts';
import { reviewErrors } from './errors.ts';
import { text } from './mail-texts.ts';
import { settings } from './settings.ts';

export const REQUEST_MAIL = 'reviews.mail_request';
const Payload = Type.Object({ orderId: Type.String() });
const DAY_MS = 86_400_000;
/** A worker that claimed a request and then died is not waited for any longer than this. */
const CLAIM_MINUTES = 10;

/** Once for each order, some days after its first goods came; what is promised for it is said before anything is written. */
export async function planRequest(tx: Tx, orderId: string, receivedAt: string): Promise<void> {
  const { asksAfterDays, incentive } = await settings(tx);
  if (asksAfterDays === null) return;
  const dueAt = new Date(new Date(receivedAt).getTime() + asksAfterDays * DAY_MS);
  const { rows } = await sql`
    insert into reviews.request (order_id, due_at, incentive) values (${orderId}, ${dueAt}, ${incentive})
    on conflict do nothing returning order_id`.execute(tx);
  if (rows.length > 0) await addJob(tx, REQUEST_MAIL, { orderId }, orderId, { runAt: dueAt });
}

/** Job. One mail for each order, however often it runs; a failure is tried again. */
export async function mailRequest(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { db, mailer, now } = deps;
  const { orderId } = Value.Parse(Payload, payload);
  const at = now();
  const claimed = await inTransaction(db, (tx) => claim(tx, orderId, at));
  if (!claimed && (await isSettled(db, orderId))) return;
  // Thrown, so that the queue asks again: the worker that claimed it may have died before it sent.
  if (!claimed) throw new Error(`Another worker is asking for reviews of order ${orderId}`);
  try {
    const message = await messageFor(deps, orderId, claimed.incentive !== null);
    if (message) await mailer(message);
  } catch (error) {
    await sql`update reviews.request set claimed_at = null where order_id = ${orderId}`.execute(db);
    throw error;
  }
  await sql`update reviews.request set sent_at = ${at} where order_id = ${orderId}`.execute(db);
}

async function claim(tx: Tx, orderId: string, now: Date): Promise<{ incentive: string | null } | undefined> {
  const before = new Date(now.getTime() - CLAIM_MINUTES * 60_000);
  const { rows } = await sql<{ incentive: string | null }>`
    update reviews.request set claimed_at = ${now}
    where order_id = ${orderId} and sent_at is null and (claimed_at is null or claimed_at < ${before})
    returning incentive`.execute(tx);
  return rows[0];
}

async function isSettled(db: Db, orderId: string): Promise<boolean> {
  const { rows } = await sql<{ isSent: boolean }>`
    select sent_at is not null as "isSent" from reviews.request where order_id = ${orderId}`.execute(db);
  return rows[0]?.isSent ?? true;
}

/** None where nobody knows where to, who was asked wants no such mail, or all is reviewed already. */
async function messageFor({ db, config }: Pick<Deps, 'db' | 'config'>, orderId: string, isRewarded: boolean) {
  const { address, number } = await readOrder(db, orderId);
  if (!address || (await isUnwanted(db, config, address.email))) return undefined;
  const { rows } = await sql<{ productId: string }>`
    select distinct product_id as "productId" from reviews.received
    where order_id = ${orderId} and not exists (
      select from reviews.review where review.order_line_id = received.order_line_id)`.execute(db);
  const token = encodeURIComponent(reviewToken(config, orderId));
  const lines: string[] = [];
  for (const { productId } of rows) {
    const product = await productInShop(db, { id: productId });
    if (!product) continue;
    const link = `${config.publicUrl}/p/${product.slug}/review?order=${token}`;
    lines.push(text('request.each', { title: product.title, link }));
  }
  if (lines.length === 0) return undefined;
  return {
    to: address.email,
    subject: text('request.subject', { shop: config.shopName }),
    text: [
      text('request.lead', { number }),
      '',
      ...lines,
      '',
      text('request.open'),
      ...(isRewarded ? [text('request.incentive')] : []),
      '',
      text('request.stop', { link: `${config.publicUrl}/reviews/stop?order=${token}` }),
      '',
    ].join('\n'),
  };
}

const hashOf = ({ secret }: Pick<Deps['config'], 'secret'>, email: string): Buffer =>
  createHmac('sha256', secret).update(`no_review_mail:${email.trim().toLowerCase()}`).digest();

async function isUnwanted(db: Db, config: Deps['config'], email: string): Promise<boolean> {
  const { rows } = await sql`
    select from reviews.unasked where address_hash = ${hashOf(config, email)}`.execute(db);
  return rows.length > 0;
}

/** No more such mails to the address of an order, asked for by the link that its mail had. */
export async function stopRequests(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  token: string,
): Promise<void> {
  const orderId = orderOfToken(config, token);
  if (orderId === undefined) throw reviewErrors.review_not_found({});
  const { address } = await readOrder(db, orderId);
  if (!address) return;
  await sql`
    insert into reviews.unasked (address_hash, since) values (${hashOf(config, address.email)}, ${now()})
    on conflict do nothing`.execute(db);
}
