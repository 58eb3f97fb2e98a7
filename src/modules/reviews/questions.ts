import { type RawBuilder, sql } from 'kysely';
import { type Person, peopleOf, selfOf } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import { makersNamed } from './makers.ts';
import type { ReviewsVoice } from './tables.ts';

export interface Answer {
  id: string;
  author: Person | null;
  voice: ReviewsVoice;
  /** The maker that it was said for. */
  maker: string | null;
  body: string;
  at: Date;
  helpful: number;
  unhelpful: number;
  ownVote: boolean | null;
  isOwn: boolean;
}

export interface Question {
  id: string;
  productId: string;
  author: Person | null;
  body: string;
  askedAt: Date;
  answerCount: number;
  isFollowed: boolean;
  isOwn: boolean;
  /** The most helpful first. */
  answers: Answer[];
}

export interface QuestionPage {
  questions: Question[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

type QuestionRow = Omit<Question, 'author' | 'answers'> & { ownerId: string | null; micros: string };
type AnswerRow = Omit<Answer, 'author' | 'maker'> & {
  ownerId: string | null;
  subjectId: string;
  organizationId: string | null;
};

const ANSWERS_SHOWN = 50;

const columns = (self: RawBuilder<string | null>) => sql`question.id, question.product_id as "productId",
  piece.owner_id as "ownerId", body, asked_at as "askedAt", answer_count as "answerCount",
  exists (select from reviews.question_follow
    where question_id = question.id and member_id = ${self}) as "isFollowed",
  coalesce(piece.owner_id = ${self}, false) as "isOwn",
  (extract(epoch from asked_at) * 1000000)::bigint::text as micros`;

export interface QuestionsAsked {
  limit: number;
  cursor?: string | undefined;
  /** So many of each one's answers. */
  answers?: number;
}

/** What was asked of a product, as somebody sees it: the latest first, each with its best answers. */
export async function questionsOf(
  db: Db,
  viewer: string | undefined,
  productId: string,
  { limit, cursor, answers = ANSWERS_SHOWN }: QuestionsAsked,
): Promise<QuestionPage> {
  const [micros = '0', id = ''] = cursor?.split('_') ?? [];
  const after =
    cursor === undefined
      ? sql`true`
      : sql`(asked_at, question.id) < (to_timestamp(${micros}::numeric / 1000000), ${id}::uuid)`;
  const { rows } = await sql<QuestionRow>`
    select ${columns(selfOf(viewer))}
    from reviews.question join social.listed(${selfOf(viewer)}) as seen on seen.id = question.id
    join social.piece on piece.id = question.id
    where question.product_id = ${productId} and ${after}
    order by asked_at desc, question.id desc limit ${limit + 1}`.execute(db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    questions: await withAnswers(db, viewer, rows.slice(0, limit), answers),
    cursor: last ? `${last.micros}_${last.id}` : null,
  };
}

/** One question with its answers; undefined where there is none for them. */
export async function questionById(
  db: Db,
  viewer: string | undefined,
  id: string,
): Promise<Question | undefined> {
  const { rows } = await sql<QuestionRow>`
    select ${columns(selfOf(viewer))}
    from reviews.question join social.opened(${viewer ?? null}::uuid, null) as seen on seen.id = question.id
    join social.piece on piece.id = question.id where question.id = ${id}`.execute(db);
  return (await withAnswers(db, viewer, rows, ANSWERS_SHOWN))[0];
}

/** Those that nobody has answered, the longest waiting first: for the desk; for a maker, of their products. */
export async function unanswered(
  db: Db,
  viewer: string,
  {
    limit,
    cursor,
    productIds,
  }: { limit: number; cursor?: string | undefined; productIds?: readonly string[] | undefined },
): Promise<QuestionPage> {
  const [micros = '0', id = ''] = cursor?.split('_') ?? [];
  const after =
    cursor === undefined
      ? sql`true`
      : sql`(asked_at, question.id) > (to_timestamp(${micros}::numeric / 1000000), ${id}::uuid)`;
  const ofThese = productIds ? sql`question.product_id = any(${[...productIds]}::uuid[])` : sql`true`;
  const { rows } = await sql<QuestionRow>`
    select ${columns(selfOf(viewer))}
    from reviews.question join social.listed(${viewer}::uuid) as seen on seen.id = question.id
    join social.piece on piece.id = question.id
    where answer_count = 0 and ${ofThese} and ${after} order by asked_at, question.id limit ${limit + 1}`.execute(
    db,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    questions: await withAnswers(db, viewer, rows.slice(0, limit), 0),
    cursor: last ? `${last.micros}_${last.id}` : null,
  };
}

async function withAnswers(
  db: Db,
  viewer: string | undefined,
  rows: readonly QuestionRow[],
  answersMax: number,
): Promise<Question[]> {
  const answered = rows.filter(({ answerCount }) => answerCount > 0).map(({ id }) => id);
  const answers =
    answersMax > 0 && answered.length > 0 ? await answersOf(db, viewer, answered, answersMax) : [];
  const ids = [...rows, ...answers].flatMap(({ ownerId }) => ownerId ?? []);
  const [people, makers] = await Promise.all([
    peopleOf(db, viewer, [...new Set(ids)]),
    makersNamed(
      db,
      answers.map(({ organizationId }) => organizationId),
    ),
  ]);
  const authorOf = ({ ownerId }: { ownerId: string | null }) => people.get(ownerId ?? '') ?? null;
  return rows.map(({ micros: _micros, ownerId, ...question }) => ({
    ...question,
    author: authorOf({ ownerId }),
    answers: answers
      .filter(({ subjectId }) => subjectId === question.id)
      .map(({ subjectId: _subjectId, ownerId: by, organizationId, ...said }) => ({
        ...said,
        author: authorOf({ ownerId: by }),
        maker: makers.get(organizationId) ?? null,
      })),
  }));
}

async function answersOf(
  db: Db,
  viewer: string | undefined,
  questionIds: readonly string[],
  max: number,
): Promise<AnswerRow[]> {
  const self = selfOf(viewer);
  const { rows } = await sql<AnswerRow>`
    select best.* from unnest((select ${[...questionIds]}::uuid[])) as asked (id)
    cross join lateral (
      select answer.id, subject_id as "subjectId", piece.owner_id as "ownerId", voice, answer.organization_id as "organizationId",
        body, answered_at as at, helpful,
        unhelpful, (select is_helpful from reviews.vote where piece_id = answer.id and member_id = ${self}) as "ownVote",
        coalesce(piece.owner_id = ${self}, false) as "isOwn", wilson
      from reviews.answer join social.listed(${self}) as seen on seen.id = answer.id
      join social.piece on piece.id = answer.id
      where answer.subject_id = asked.id order by wilson desc, answer.id limit ${sql.lit(max)}
    ) as best order by best.wilson desc, best.id`.execute(db);
  return rows.map(({ ...row }) => row);
}
