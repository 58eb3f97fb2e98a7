import { sql } from 'kysely';
import { satisfactionAnswered } from '#events/satisfaction.ts';
import { askedAbout } from '#modules/orders/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { satisfactionErrors } from './errors.ts';
import { questionOfToken, type Way } from './links.ts';
import { own } from './own.ts';
import { type Question, questionById } from './questions.ts';
import { noteTurn } from './rest.ts';
import { settings } from './rules.ts';
import { RANGE } from './scales.ts';

export const WORDS_MAX = 1000;
const DAY_MS = 86_400_000;

export interface AnswerWish {
  /** Made by the form, so that a retry is the same answer. */
  id: string;
  score: number;
  words: string;
}

interface Given {
  id: string;
  version: number;
  score: number;
  givenAt: Date;
  words: string;
}

/** What a link opens: the question, what was said to it last, and whether it can still be said. */
export interface OpenedQuestion {
  question: Question;
  given: Pick<Given, 'score' | 'words'> | undefined;
  state: 'open' | 'changeable' | 'over';
}

/** Answers the question of a link, or changes the answer: another row, for as long as that is allowed. */
export async function answerQuestion(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  token: string,
  wish: AnswerWish,
): Promise<void> {
  const link = questionOfToken(config, token);
  if (!link) throw satisfactionErrors.link_unknown({});
  await inTransaction(db, async (tx) => {
    const question = await questionById(tx, link.questionId);
    const at = now();
    if (!(await writeAnswer(tx, question, { ...wish, words: wish.words.trim(), way: link.way }, at))) return;
    const { customerId, orderId, id: questionId } = question;
    const email = orderId === null ? null : ((await askedAbout(tx, orderId))?.email ?? null);
    await noteTurn(tx, config, { customerId, email }, { questionId, at });
  });
}

/** False of a retry. The question's row is locked: of two answers at once the later one is a change of the other. */
async function writeAnswer(
  tx: Tx,
  question: Question,
  wish: AnswerWish & { way: Way },
  at: Date,
): Promise<boolean> {
  const { id, score, words, way } = wish;
  const range = RANGE[question.scale];
  if (score < range.lowest || score > range.highest) throw satisfactionErrors.score_off_scale(range);
  await sql`select from satisfaction.question where id = ${question.id} for update`.execute(tx);
  const said = await answersOf(tx, question.id);
  const same = said.find((answer) => answer.id === id);
  if (same) {
    if (same.score === score && same.words === words) return false;
    throw satisfactionErrors.answer_differs({});
  }
  await refuseLate(tx, question, said, at);
  const version = said.length + 1;
  const isNew = await own(tx)
    .insertInto('satisfaction.answer')
    .values({ id, question_id: question.id, version, score, way, given_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!isNew) throw satisfactionErrors.answer_differs({}); // of another question
  if (words !== '')
    await own(tx).insertInto('satisfaction.remark').values({ answer_id: id, words }).execute();
  const { id: questionId, occasion, scale, touchpoint, orderId, regionCode, locationId } = question;
  const facts = { questionId, occasion, scale, touchpoint, orderId, regionCode, locationId };
  const occurredAt = at.toISOString();
  await emit(tx, satisfactionAnswered, { ...facts, answerId: id, version, score, occurredAt });
  return true;
}

async function refuseLate(db: Db, question: Question, said: readonly Given[], at: Date): Promise<void> {
  const state = stateOf(await settings(db), question, said, at);
  if (state !== 'over') return;
  throw said.length > 0 ? satisfactionErrors.answer_final({}) : satisfactionErrors.question_over({});
}

function stateOf(
  { openDays, changeDays }: { openDays: number; changeDays: number },
  { occurredAt }: Pick<Question, 'occurredAt'>,
  said: readonly Given[],
  at: Date,
): OpenedQuestion['state'] {
  const [first] = said;
  const until = first
    ? first.givenAt.getTime() + changeDays * DAY_MS
    : occurredAt.getTime() + openDays * DAY_MS;
  if (at.getTime() > until) return 'over';
  return first ? 'changeable' : 'open';
}

/** In the order in which they were given. */
const answersOf = (db: Db, questionId: string): Promise<Given[]> =>
  own(db)
    .selectFrom('satisfaction.answer as answer')
    .leftJoin('satisfaction.remark as remark', 'remark.answer_id', 'answer.id')
    .select((eb) => [
      'answer.id',
      'version',
      'score',
      'given_at as givenAt',
      eb.fn.coalesce('remark.words', eb.val('')).as('words'),
    ])
    .where('question_id', '=', questionId)
    .orderBy('version')
    .execute();

export async function openQuestion(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  token: string,
): Promise<OpenedQuestion> {
  const link = questionOfToken(config, token);
  if (!link) throw satisfactionErrors.link_unknown({});
  const question = await questionById(db, link.questionId);
  const said = await answersOf(db, question.id);
  const state = stateOf(await settings(db), question, said, now());
  const last = said.at(-1);
  // Paper lies in a bag: whoever finds it reads nothing of what was said.
  const given = last && link.way !== 'receipt' ? { score: last.score, words: last.words } : undefined;
  return { question, given, state };
}

export interface Remark {
  id: string;
  occasion: Question['occasion'];
  score: number;
  scale: Question['scale'];
  touchpoint: string;
  givenAt: Date;
  words: string;
}

/** What people said beside their score, the latest first; of a changed answer what holds. */
export async function latestRemarks(db: Db, limit: number): Promise<Remark[]> {
  const { rows } = await sql<Remark>`
    select answer.id, occasion, score, scale, touchpoint, given_at as "givenAt", words
    from satisfaction.remark join satisfaction.answer on answer.id = answer_id
    join satisfaction.question on question.id = question_id
    where not exists (select from satisfaction.answer as later
      where later.question_id = answer.question_id and later.version > answer.version)
    order by given_at desc, answer.id limit ${limit}`.execute(db);
  return rows;
}
