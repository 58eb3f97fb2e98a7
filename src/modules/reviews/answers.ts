import { sql } from 'kysely';
import { productInShop } from '#modules/catalog/index.ts';
import { knownCustomerOf, membersOfCustomers, organizationsOf } from '#modules/identity/index.ts';
import {
  changeState,
  cleanWords,
  type Eye,
  makePiece,
  notify,
  open,
  type Opened,
  socialErrors,
  type StateChange,
} from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { reviewErrors } from './errors.ts';
import { makerFor, speakersFor } from './makers.ts';
import type { ReviewsVoice } from './tables.ts';

export const QUESTION_MAX = 1000;
export const ANSWER_MAX = 4000;
/** Of those who bought it lately, so many are asked. */
const BUYERS_ASKED_MAX = 20;
/** Many of whom have no account. */
const BUYERS_LOOKED_AT_MAX = 200;
const BOUGHT_LATELY_DAYS = 365;

type MemberEye = Eye & { memberId: string };

export interface QuestionWish {
  id: string;
  productId: string;
  body: string;
}

/**
 * Asks about a product. The same words again are a retry; who asked hears of every answer, the makers' people and some
 * buyers of the question.
 */
export async function ask(tx: Tx, memberId: string, wish: QuestionWish, now: Date): Promise<void> {
  const { id, productId } = wish;
  const product = await productInShop(tx, { id: productId });
  if (!product) throw reviewErrors.product_not_found({});
  const body = cleanWords(wish.body, QUESTION_MAX);
  if (!(await makePiece(tx, { id, kind: 'question', ownerId: memberId }, now)))
    return refuseOther(tx, 'question', id, body);
  await sql`
    insert into reviews.question (id, product_id, body, asked_at) values (${id}, ${productId}, ${body}, ${now})`.execute(
    tx,
  );
  await followQuestion(tx, { memberId }, id, true, now);
  const about = { actorId: memberId, pieceId: id, data: { productId, slug: product.slug } };
  const makers = product.brandId === null ? [] : await speakersFor(tx, product.brandId, now);
  for (const makerId of makers) await notify(tx, { memberId: makerId, kind: 'brand_asked', ...about }, now);
  // Who makes it and bought it too is asked once, as its maker.
  for (const buyerId of await lateBuyers(tx, productId, now))
    if (!makers.includes(buyerId)) await notify(tx, { memberId: buyerId, kind: 'asked', ...about }, now);
}

async function refuseOther(tx: Tx, table: 'question' | 'answer', id: string, body: string): Promise<void> {
  const { rows } = await sql<{ body: string }>`
    select body from ${sql.table(`reviews.${table}`)} where id = ${id}`.execute(tx);
  if (rows[0]?.body !== body) throw socialErrors.piece_differs({ pieceId: id });
}

async function lateBuyers(db: Db, productId: string, now: Date): Promise<string[]> {
  const since = new Date(now.getTime() - BOUGHT_LATELY_DAYS * 86_400_000);
  const { rows } = await sql<{ customerId: string }>`
    select customer_id as "customerId" from reviews.received
    where product_id = ${productId} and received_at > ${since} and customer_id is not null
    group by customer_id order by max(received_at) desc limit ${BUYERS_LOOKED_AT_MAX}`.execute(db);
  const customers = rows.map(({ customerId }) => customerId);
  const members = await membersOfCustomers(db, customers);
  return customers.flatMap((id) => members.get(id) ?? []).slice(0, BUYERS_ASKED_MAX);
}

/** Follows a question: who does hears of its answers. */
export async function followQuestion(
  tx: Tx,
  eye: MemberEye,
  questionId: string,
  on: boolean,
  now: Date,
): Promise<void> {
  const question = await open(tx, eye, questionId);
  if (question.kind !== 'question') throw reviewErrors.not_answerable({});
  await (
    on
      ? sql`insert into reviews.question_follow (question_id, member_id, since)
          values (${questionId}, ${eye.memberId}, ${now}) on conflict do nothing`
      : sql`delete from reviews.question_follow where question_id = ${questionId} and member_id = ${eye.memberId}`
  ).execute(tx);
}

/** For whom somebody answers: for themselves, for the shop, or for the maker. */
export const SPEAKS_FOR = ['self', 'retailer', 'maker'] as const;
export type SpeaksFor = (typeof SPEAKS_FOR)[number];

export interface AnswerWish {
  id: string;
  /** A question; or a review, which only shop and maker answer. */
  subjectId: string;
  body: string;
  /** For the shop: the caller has asked whether they may. For the maker: it is asked here. */
  speaksFor: SpeaksFor;
}

/** Answers. A buyer is marked as one. The same words again are a retry. */
export async function answer(tx: Tx, eye: MemberEye, wish: AnswerWish, now: Date): Promise<void> {
  const { memberId } = eye;
  const { id, speaksFor } = wish;
  const subject = await open(tx, eye, wish.subjectId);
  if (subject.kind !== 'question' && !(subject.kind === 'review' && speaksFor !== 'self'))
    throw reviewErrors.not_answerable({});
  const organizationId = speaksFor === 'maker' ? await makerOf(tx, memberId, subject, now) : null;
  const body = cleanWords(wish.body, ANSWER_MAX);
  const piece = { id, kind: 'answer', ownerId: memberId, withinId: subject.id } as const;
  if (!(await makePiece(tx, piece, now))) return refuseOther(tx, 'answer', id, body);
  const voice: ReviewsVoice = speaksFor === 'self' ? await voiceOf(tx, memberId, subject.id) : speaksFor;
  await sql`
    insert into reviews.answer (id, subject_id, voice, organization_id, body, answered_at)
    values (${id}, ${subject.id}, ${voice}, ${organizationId}::uuid, ${body}, ${now})`.execute(tx);
  await sql`update reviews.question set answer_count = answer_count + 1 where id = ${subject.id}`.execute(tx);
  if (subject.kind === 'review') await noteReplies(tx, [subject.id]);
  await tell(tx, subject, { memberId, id }, now);
}

async function makerOf(tx: Tx, memberId: string, subject: Opened, now: Date): Promise<string> {
  const { rows } = await sql<{ productId: string }>`
    select product_id as "productId" from ${sql.table(`reviews.${subject.kind}`)} where id = ${subject.id}`.execute(
    tx,
  );
  const organizationId = rows[0] && (await makerFor(tx, memberId, rows[0].productId, now));
  if (organizationId === undefined) throw reviewErrors.not_their_brand({});
  return organizationId;
}

/** When shop and maker first answered these reviews, as their answers stand now. */
async function noteReplies(tx: Tx, reviewIds: readonly string[]): Promise<void> {
  await sql`
    with locked as (
      select id from reviews.review where id = any(${[...reviewIds]}::uuid[]) order by id for update
    )
    update reviews.review set
      retailer_replied_at = (select min(answered_at) from reviews.answer join social.piece on piece.id = answer.id
        where subject_id = locked.id and voice = 'retailer' and piece.state <> 'deleted'),
      maker_replied_at = (select min(answered_at) from reviews.answer join social.piece on piece.id = answer.id
        where subject_id = locked.id and voice = 'maker' and piece.state <> 'deleted')
    from locked where review.id = locked.id`.execute(tx);
}

async function voiceOf(db: Db, memberId: string, questionId: string): Promise<'buyer' | 'member'> {
  const customerId = await knownCustomerOf(db, memberId);
  const { rows } = await sql`
    select from reviews.question join reviews.received on received.product_id = question.product_id
    where question.id = ${questionId} and received.customer_id = ${customerId ?? null}::uuid limit 1`.execute(
    db,
  );
  return rows.length > 0 ? 'buyer' : 'member';
}

async function tell(tx: Tx, subject: Opened, by: { memberId: string; id: string }, now: Date): Promise<void> {
  const data = { subjectId: subject.id };
  const about = { actorId: by.memberId, pieceId: by.id, data };
  if (subject.kind === 'review') {
    if (subject.ownerId)
      await notify(tx, { memberId: subject.ownerId, kind: 'review_replied', ...about }, now);
    return;
  }
  const { rows } = await sql<{ memberId: string }>`
    select member_id as "memberId" from reviews.question_follow where question_id = ${subject.id}
    order by member_id`.execute(tx);
  for (const { memberId } of rows) await notify(tx, { memberId, kind: 'answered', ...about }, now);
}

/** Deletes one's own question or answer; or one that was said for the shop or a maker, by whoever speaks for them. */
export async function deleteSaid(
  tx: Tx,
  memberId: string,
  id: string,
  speaksForShop: boolean,
): Promise<void> {
  const piece = await open(tx, { memberId }, id);
  const { rows } = await sql<{ voice: ReviewsVoice; organizationId: string | null }>`
    select voice, organization_id as "organizationId" from reviews.answer where id = ${id}`.execute(tx);
  const isShops = speaksForShop && rows[0]?.voice === 'retailer';
  const isMine = piece.ownerId === memberId || isShops || (await isOfTeam(tx, memberId, rows[0]));
  if (!isMine) throw socialErrors.not_yours({});
  if (piece.kind === 'question') await endQuestions(tx, [id]);
  else if (piece.kind === 'answer') await endAnswers(tx, [id]);
  else throw reviewErrors.not_answerable({});
}

const isOfTeam = async (db: Db, memberId: string, said: { organizationId: string | null } | undefined) =>
  Boolean(said?.organizationId) &&
  (await organizationsOf(db, memberId)).some(({ id }) => id === said?.organizationId);

const ENDED = { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' } as const;

export async function endQuestions(tx: Tx, ids: readonly string[]): Promise<void> {
  await changeState(tx, ids, ENDED);
  await sql`delete from reviews.question_follow where question_id = any(${[...ids]}::uuid[])`.execute(tx);
  await sql`update reviews.question set body = '' where id = any(${[...ids]}::uuid[])`.execute(tx);
}

export async function endAnswers(tx: Tx, ids: readonly string[]): Promise<void> {
  const ended = await changeState(tx, ids, ENDED);
  await sql`update reviews.answer set body = '' where id = any(${[...ids]}::uuid[])`.execute(tx);
  await countAnswers(
    tx,
    ended.flatMap(({ was, withinId }) => (was === 'live' && withinId ? [withinId] : [])),
    -1,
  );
  await noteReplies(tx, subjectsOf(ended));
}

const subjectsOf = (moved: readonly { withinId: string | null }[]) =>
  moved.flatMap(({ withinId }) => withinId ?? []);

/** Each question as often as an answer of it came or went. */
async function countAnswers(tx: Tx, subjectIds: readonly string[], by: 1 | -1): Promise<void> {
  await sql`
    with others as (
      select id, count(*)::integer as count from unnest(${[...subjectIds]}::uuid[]) as t (id) group by id
    ), locked as (
      select question.id, count from reviews.question join others on others.id = question.id
      order by question.id for update of question
    )
    update reviews.question set answer_count = answer_count + ${by} * count from locked where question.id = locked.id`.execute(
    tx,
  );
}

/** Takes answers out of sight, or puts them back; the counts follow. Answers those that were moved. */
export async function changeAnswerStates(
  tx: Tx,
  ids: readonly string[],
  change: StateChange,
): Promise<string[]> {
  const moved = await changeState(tx, ids, change);
  const wentFrom = (isLive: boolean) =>
    moved.flatMap(({ was, withinId }) => (withinId && (was === 'live') === isLive ? [withinId] : []));
  if (change.to !== 'live') await countAnswers(tx, wentFrom(true), -1);
  else await countAnswers(tx, wentFrom(false), 1);
  await noteReplies(tx, subjectsOf(moved));
  return moved.map(({ id }) => id);
}
