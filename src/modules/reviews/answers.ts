import { sql } from 'kysely';
import { productInShop } from '#modules/catalog/index.ts';
import { knownCustomerOf, membersOfCustomers } from '#modules/identity/index.ts';
import {
  changeState,
  cleanWords,
  type Eye,
  makePiece,
  notify,
  open,
  type Opened,
  socialErrors,
} from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { reviewErrors } from './errors.ts';
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

/** Asks about a product. The same words again are a retry; who asked hears of every answer, some buyers of the question. */
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
  for (const buyerId of await lateBuyers(tx, productId, now))
    await notify(
      tx,
      {
        memberId: buyerId,
        kind: 'asked',
        actorId: memberId,
        pieceId: id,
        data: { productId, slug: product.slug },
      },
      now,
    );
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

export interface AnswerWish {
  id: string;
  /** A question; or a review, which only the shop answers. */
  subjectId: string;
  body: string;
  /** Said for the shop: the caller has asked whether they may. */
  isRetailers: boolean;
}

/** Answers. A buyer is marked as one. The same words again are a retry. */
export async function answer(tx: Tx, eye: MemberEye, wish: AnswerWish, now: Date): Promise<void> {
  const { memberId } = eye;
  const { id, isRetailers } = wish;
  const subject = await open(tx, eye, wish.subjectId);
  if (subject.kind !== 'question' && !(subject.kind === 'review' && isRetailers))
    throw reviewErrors.not_answerable({});
  const body = cleanWords(wish.body, ANSWER_MAX);
  const piece = { id, kind: 'answer', ownerId: memberId, withinId: subject.id } as const;
  if (!(await makePiece(tx, piece, now))) return refuseOther(tx, 'answer', id, body);
  const voice: ReviewsVoice = isRetailers ? 'retailer' : await voiceOf(tx, memberId, subject.id);
  await sql`
    insert into reviews.answer (id, subject_id, voice, body, answered_at)
    values (${id}, ${subject.id}, ${voice}, ${body}, ${now})`.execute(tx);
  await sql`update reviews.question set answer_count = answer_count + 1 where id = ${subject.id}`.execute(tx);
  await tell(tx, subject, { memberId, id }, now);
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

/** Deletes one's own question or answer, or the shop's by whoever speaks for it. */
export async function deleteSaid(
  tx: Tx,
  memberId: string,
  id: string,
  speaksForShop: boolean,
): Promise<void> {
  const piece = await open(tx, { memberId }, id);
  const { rows } = await sql<{ voice: ReviewsVoice }>`
    select voice from reviews.answer where id = ${id}`.execute(tx);
  const isShops = speaksForShop && rows[0]?.voice === 'retailer';
  if (piece.ownerId !== memberId && !isShops) throw socialErrors.not_yours({});
  if (piece.kind === 'question') await endQuestions(tx, [id]);
  else if (piece.kind === 'answer') await endAnswers(tx, [id]);
  else throw reviewErrors.not_answerable({});
}

const ENDED = { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' } as const;

export async function endQuestions(tx: Tx, ids: readonly string[]): Promise<void> {
  await changeState(tx, ids, ENDED);
  await sql`delete from reviews.question_follow where question_id = any(${[...ids]}::uuid[])`.execute(tx);
  await sql`update reviews.question set body = '' where id = any(${[...ids]}::uuid[])`.execute(tx);
}

export async function endAnswers(tx: Tx, ids: readonly string[]): Promise<void> {
  const ended = await changeState(tx, ids, ENDED);
  await sql`update reviews.answer set body = '' where id = any(${[...ids]}::uuid[])`.execute(tx);
  const subjects = ended.flatMap(({ was, withinId }) => (was === 'live' && withinId ? [withinId] : []));
  await sql`
    with gone as (
      select id, count(*)::integer as count from unnest(${subjects}::uuid[]) as t (id) group by id
    ), locked as (
      select question.id, count from reviews.question join gone on gone.id = question.id
      order by question.id for update of question
    )
    update reviews.question set answer_count = answer_count - count from locked where question.id = locked.id`.execute(
    tx,
  );
}
