import { sql } from 'kysely';
import { type Actor, actorOf, countUnder, emailOf, isRealAddress } from '#modules/identity/index.ts';
import { regionOfAddress } from '#modules/market/index.ts';
import { askedAbout, isBuyer } from '#modules/orders/index.ts';
import type { Viewer } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { CONTACT_TOUCHPOINTS, type Matter, noteContact, settleContact } from './contacts.ts';
import { satisfactionErrors } from './errors.ts';
import { own } from './own.ts';

export const MAIL_REPLY = 'satisfaction.mail_reply';
export const LETTER_WORDS_MAX = 4000;

/** Of one address, and of one member or place in the network: more than anybody has to ask in an hour. */
const TO_ONE_ADDRESS = { max: 10, windowSeconds: 3600 };
const FROM_ONE_CLIENT = { max: 20, windowSeconds: 3600 };

export interface LetterWish {
  /** Made by the form, so that a retry is the same letter. */
  id: string;
  /** Undefined: about no order. */
  orderId?: string | undefined;
  /** By which a guest proves an order to be theirs. */
  cartId?: string | undefined;
  matter: Matter;
  words: string;
  /** Where the answer goes, if neither the order nor the account knows. */
  email?: string | undefined;
  /** Where a writer about no order is, as far as they said. */
  place?: { countryCode: string; postcode: string } | undefined;
  touchpoint?: Extract<(typeof CONTACT_TOUCHPOINTS)[number], 'web' | 'app'> | undefined;
}

type Writing = Pick<Deps, 'db' | 'config' | 'now'>;

/** A customer writes to the shop: a contact, with what they wrote. Sent again under its id it is the same one. */
export async function writeLetter(
  deps: Writing,
  viewer: Viewer,
  ip: string,
  wish: LetterWish,
): Promise<void> {
  const { db, now } = deps;
  const { id, orderId, matter, touchpoint = 'web', place } = wish;
  const words = wish.words.trim();
  if (words === '') throw satisfactionErrors.words_missing({});
  const email = await replyAddress(db, viewer, wish);
  if (await isSameLetter(db, id, { ...wish, words, email })) return;
  await countUnder(deps, 'letter_client', viewer.memberId ?? ip, FROM_ONE_CLIENT);
  await countUnder(deps, 'letter_address', email.toLowerCase(), TO_ONE_ADDRESS);
  const facts = { id, orderId: orderId ?? null, matter, touchpoint, isSettled: false };
  const regionCode = place && (await regionOfAddress(db, place.countryCode, place.postcode));
  await inTransaction(db, async (tx) => {
    const at = now();
    await noteContact(tx, actorOf(viewer), { ...facts, memberId: viewer.memberId, regionCode }, at);
    const isNew = await own(tx)
      .insertInto('satisfaction.letter')
      .values({ contact_id: id, email, words, written_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .returning('contact_id')
      .executeTakeFirst();
    // Another of the same id was faster: the same form twice, or somebody else's contact.
    if (!isNew && !(await isSameLetter(tx, id, { ...wish, words, email })))
      throw satisfactionErrors.contact_differs({});
  });
}

/** An order's answers go to its own address; nobody has them sent elsewhere. */
async function replyAddress(db: Db, viewer: Viewer, { orderId, cartId, email }: LetterWish): Promise<string> {
  if (orderId !== undefined) {
    if (!(await isBuyer(db, viewer, orderId, cartId))) throw satisfactionErrors.order_unknown({});
    const order = await askedAbout(db, orderId);
    if (order?.email) return order.email;
  }
  if (viewer.kind === 'member' && viewer.email && isRealAddress(viewer.email)) return viewer.email;
  if (email === undefined || email.trim() === '') throw satisfactionErrors.address_missing({});
  return emailOf(email);
}

/** False where there is none yet; another contact under the id is refused. */
async function isSameLetter(
  db: Db,
  id: string,
  { orderId, matter, words, email }: LetterWish & { email: string },
): Promise<boolean> {
  const { rows } = await sql<{ isSame: boolean }>`
    select coalesce(order_id is not distinct from ${orderId ?? null}::uuid and matter::text = ${matter}
      and letter.email = ${email} and letter.words = ${words}, false) as "isSame"
    from satisfaction.contact left join satisfaction.letter on contact_id = id where id = ${id}`.execute(db);
  const [known] = rows;
  if (known && !known.isSame) throw satisfactionErrors.contact_differs({});
  return known !== undefined;
}

interface ReplyWish {
  /** Made by the form, so that a retry is the same answer. */
  id: string;
  contactId: string;
  words: string;
  isSettled: boolean;
}

/** Staff answer a letter; a mail brings it to who wrote. Sent again under its id it is the same answer. */
export async function answerLetter(
  tx: Tx,
  actor: Actor,
  { id, contactId, words: typed, isSettled }: ReplyWish,
  now: Date,
): Promise<void> {
  const words = typed.trim();
  if (words === '') throw satisfactionErrors.words_missing({});
  // Locked, so that whoever erases it waits or is waited for.
  const { rows: letters } = await sql`
    select from satisfaction.letter where contact_id = ${contactId} for share`.execute(tx);
  if (letters.length === 0) throw satisfactionErrors.letter_unknown({});
  const isNew = await own(tx)
    .insertInto('satisfaction.reply')
    .values({ id, contact_id: contactId, words, replied_by: actor, replied_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (isNew) await addJob(tx, MAIL_REPLY, { replyId: id }, id);
  else await refuseAnotherReply(tx, { id, contactId, words });
  if (isSettled) await settleContact(tx, actor, contactId, now);
}

async function refuseAnotherReply(tx: Tx, { id, contactId, words }: Omit<ReplyWish, 'isSettled'>) {
  const known = await own(tx)
    .selectFrom('satisfaction.reply')
    .select(['contact_id as contactId', 'words'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (known?.contactId !== contactId || known.words !== words) throw satisfactionErrors.reply_differs({});
}

export interface Reply {
  id: string;
  words: string;
  repliedAt: Date;
}

export interface Letter {
  id: string;
  orderId: string | null;
  matter: Matter;
  touchpoint: string;
  locationId: string | null;
  email: string;
  words: string;
  writtenAt: Date;
  isSettled: boolean;
  /** The first one first. */
  replies: Reply[];
}

const LETTERS = sql`
  select contact.id, order_id as "orderId", matter::text as matter, touchpoint, location_id as "locationId", email,
    letter.words, written_at as "writtenAt", settlement.contact_id is not null as "isSettled"
  from satisfaction.letter
  join satisfaction.contact on contact.id = letter.contact_id
  left join satisfaction.settlement on settlement.contact_id = letter.contact_id`;

/** What waits for staff, who waited longest first; and how many wait in all. */
export async function lettersWaiting(db: Db, limit: number): Promise<{ letters: Letter[]; count: number }> {
  const { rows } = await sql<Omit<Letter, 'replies'>>`
    ${LETTERS} where settlement.contact_id is null order by written_at, contact.id limit ${limit}`.execute(
    db,
  );
  const { rows: counts } = await sql<{ count: number }>`
    select count(*)::integer as count from satisfaction.letter
    where not exists (select from satisfaction.settlement where contact_id = letter.contact_id)`.execute(db);
  return { letters: await withReplies(db, rows), count: counts[0]?.count ?? 0 };
}

export async function letterById(db: Db, id: string): Promise<Letter> {
  const { rows } = await sql<Omit<Letter, 'replies'>>`${LETTERS} where contact.id = ${id}`.execute(db);
  const [letter] = await withReplies(db, rows);
  if (!letter) throw satisfactionErrors.letter_unknown({});
  return letter;
}

const LETTERS_OF_ORDER_MAX = 50;

/** Of an order, the latest first. Whoever calls it has seen that the order is the reader's. */
export async function lettersOf(db: Db, orderId: string): Promise<Letter[]> {
  const { rows } = await sql<Omit<Letter, 'replies'>>`
    ${LETTERS} where order_id = ${orderId} order by written_at desc, contact.id limit ${LETTERS_OF_ORDER_MAX}`.execute(
    db,
  );
  return withReplies(db, rows);
}

async function withReplies(db: Db, letters: Omit<Letter, 'replies'>[]): Promise<Letter[]> {
  if (letters.length === 0) return [];
  const replies = await own(db)
    .selectFrom('satisfaction.reply')
    .select(['id', 'contact_id as contactId', 'words', 'replied_at as repliedAt'])
    .where(
      'contact_id',
      'in',
      letters.map(({ id }) => id),
    )
    .orderBy('replied_at')
    .orderBy('id')
    .execute();
  const ofEach = Map.groupBy(replies, ({ contactId }) => contactId);
  return letters.map((letter) => ({
    ...letter,
    replies: (ofEach.get(letter.id) ?? []).map(({ contactId: _of, ...reply }) => reply),
  }));
}
