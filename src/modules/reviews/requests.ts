import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type ProductInShop, productInShop } from '#modules/catalog/index.ts';
import { membersOfCustomers } from '#modules/identity/index.ts';
import { boughtGoods, readOrder } from '#modules/orders/index.ts';
import { endMail, noticeChoices, notify } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { mailOnce } from '#platform/mail-once.ts';
import { mailedLink } from '#platform/mailed-links.ts';
import type { Deps } from '#platform/module.ts';
import { orderOfToken, reviewToken } from './author.ts';
import { text } from './mail-texts.ts';
import { settings } from './settings.ts';

export const REQUEST_MAIL = 'reviews.mail_request';
const Payload = Type.Object({ orderId: Type.String() });
const DAY_MS = 86_400_000;
/** A mail about more would be a list. */
const PRODUCTS_ASKED_MAX = 20;

/** Once for each order, some days after its first goods came; what is promised for it is said before anything is written. */
export async function planRequest(tx: Tx, orderId: string, receivedAt: string): Promise<void> {
  const { asksAfterDays, incentive, incentiveNote } = await settings(tx);
  if (asksAfterDays === null) return;
  const dueAt = new Date(new Date(receivedAt).getTime() + asksAfterDays * DAY_MS);
  const { rows } = await sql`
    insert into reviews.request (order_id, due_at, incentive, incentive_note)
    values (${orderId}, ${dueAt}, ${incentive}, ${incentive === null ? '' : incentiveNote})
    on conflict do nothing returning order_id`.execute(tx);
  if (rows.length > 0) await addJob(tx, REQUEST_MAIL, { orderId }, orderId, { runAt: dueAt });
}

/** What was promised for it, in kind and in words. */
interface Promised {
  incentive: string | null;
  incentiveNote: string;
}

type Request = Promised & { claimedAt: Date | null; sentAt: Date | null };

/** Job. One mail for each order, however often it runs; a failure is tried again. */
export async function mailRequest(
  deps: Pick<Deps, 'db' | 'mailer' | 'config' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { orderId } = Value.Parse(Payload, payload);
  let asked: Asked | undefined;
  await mailOnce<Request>(deps, {
    job: { task: REQUEST_MAIL, payload: { orderId }, key: orderId },
    find: async (tx) =>
      (
        await sql<Request>`
          select claimed_at as "claimedAt", sent_at as "sentAt", incentive, incentive_note as "incentiveNote"
          from reviews.request where order_id = ${orderId} for update`.execute(tx)
      ).rows[0],
    claim: (tx, at) =>
      sql`update reviews.request set claimed_at = ${at} where order_id = ${orderId}`.execute(tx),
    tell: (tx, at) => tellInPage(tx, asked, at),
    noteSent: (tx, at) =>
      sql`
        update reviews.request set sent_at = ${at}, was_mailed = ${asked?.isMailed ?? false}
        where order_id = ${orderId}`.execute(tx),
    send: async (promised) => {
      asked = await whomToAsk(deps, orderId);
      if (asked?.isMailed) await deps.mailer(messageFor(deps, asked, promised));
    },
  });
}

/** A member finds in the page what they can review, too. */
async function tellInPage(tx: Tx, asked: Asked | undefined, at: Date): Promise<void> {
  const { memberId, products = [] } = asked ?? {};
  if (memberId === undefined) return;
  for (const { id: productId, slug } of products)
    await notify(tx, { memberId, kind: 'review_asked', data: { productId, slug } }, at);
}

interface Asked {
  email: string;
  number: string;
  orderId: string;
  customerId: string | null | undefined;
  memberId: string | undefined;
  /** False of a member who has switched such mails off: they are told in the page, unless they have switched that off too. */
  isMailed: boolean;
  products: ProductInShop[];
}

/** Undefined where nobody knows where to, who bought wants no such mail, or all is reviewed already. */
async function whomToAsk(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  orderId: string,
): Promise<Asked | undefined> {
  const { address, number } = await readOrder(db, orderId);
  if (!address || (await isUnwanted(db, config, address.email))) return undefined;
  const { rows } = await sql<{ productId: string; customerId: string | null }>`
    select product_id as "productId", (array_agg(customer_id))[1] as "customerId" from reviews.received
    where order_id = ${orderId} and not exists (
      select from reviews.review where review.order_line_id = received.order_line_id)
    group by product_id order by product_id limit ${PRODUCTS_ASKED_MAX}`.execute(db);
  const products: ProductInShop[] = [];
  for (const { productId } of rows) {
    const product = await productInShop(db, { id: productId });
    if (product) products.push(product);
  }
  if (products.length === 0) return undefined;
  const customerId = rows[0]?.customerId;
  const memberId = customerId && (await membersOfCustomers(db, [customerId])).get(customerId);
  const choices = memberId ? await noticeChoices(db, memberId) : [];
  const isMailed = choices.every(({ kind, byMail }) => kind !== 'review_asked' || byMail);
  return {
    email: address.email,
    number,
    orderId,
    customerId,
    memberId: memberId || undefined,
    isMailed,
    products,
  };
}

function messageFor(
  { config }: Pick<Deps, 'config'>,
  { email, number, orderId, customerId, products }: Asked,
  { incentive, incentiveNote }: Promised,
) {
  const token = encodeURIComponent(reviewToken(config, orderId));
  const unsubscribe = `${config.publicUrl}/reviews/stop?order=${token}`;
  const linkTo = (slug: string) => {
    const link = `${config.publicUrl}/p/${slug}/review?order=${token}`;
    return customerId ? mailedLink(config, link, { kind: 'customer', id: customerId }) : link;
  };
  const got = incentiveNote
    ? text('request.incentive.note', { what: incentiveNote })
    : text('request.incentive');
  return {
    to: email,
    subject: text('request.subject', { shop: config.shopName }),
    text: [
      text('request.lead', { number }),
      '',
      ...products.map(({ slug, title }) => text('request.each', { title, link: linkTo(slug) })),
      '',
      text('request.open'),
      ...(incentive === null ? [] : [got]),
      '',
      text('request.stop', { link: unsubscribe }),
      '',
    ].join('\n'),
    unsubscribe,
  };
}

/** Of the orders that were asked in a period, how many said something of what they bought. */
export async function requestFigures(
  db: Db,
  from: Date,
  until: Date,
): Promise<{ asked: number; wrote: number }> {
  const { rows } = await sql<{ asked: number; wrote: number }>`
    select count(*)::integer as asked, count(*) filter (where exists (
      select from reviews.received join reviews.review on review.order_line_id = received.order_line_id
      where received.order_id = request.order_id))::integer as wrote
    from reviews.request where was_mailed and sent_at >= ${from} and sent_at < ${until}`.execute(db);
  return rows[0] ?? { asked: 0, wrote: 0 };
}

const hashOf = ({ secret }: Pick<Deps['config'], 'secret'>, email: string): Buffer =>
  createHmac('sha256', secret).update(`no_review_mail:${email.trim().toLowerCase()}`).digest();

async function isUnwanted(db: Db, config: Deps['config'], email: string): Promise<boolean> {
  const { rows } = await sql`
    select from reviews.unasked where address_hash = ${hashOf(config, email)}`.execute(db);
  return rows.length > 0;
}

/**
 * No more such mails, asked for by the link that one had: a member's own switch is turned off, of a guest the address is
 * remembered. False of a link that nobody gave out.
 */
export async function stopRequests(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  token: string,
): Promise<boolean> {
  const orderId = orderOfToken(config, token);
  if (orderId === undefined) return false;
  const { customerId } = await boughtGoods(db, orderId);
  const memberId = customerId && (await membersOfCustomers(db, [customerId])).get(customerId);
  if (memberId) {
    await inTransaction(db, (tx) => endMail(tx, memberId, ['review_asked']));
    return true;
  }
  const { address } = await readOrder(db, orderId);
  if (address)
    await sql`
      insert into reviews.unasked (address_hash, since) values (${hashOf(config, address.email)}, ${now()})
      on conflict do nothing`.execute(db);
  return true;
}
