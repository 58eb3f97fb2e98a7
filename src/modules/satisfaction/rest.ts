import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Config } from '#platform/config.ts';
import type { Db, Tx } from '#platform/db.ts';
import { own } from './own.ts';

const DAY_MS = 86_400_000;

/** Who somebody is, as far as an order tells: the customer, and the address. Either may be missing. */
export interface Somebody {
  customerId: string | null;
  email: string | null;
}

const hashOf = ({ secret }: Pick<Config, 'secret'>, text: string): Buffer =>
  createHmac('sha256', secret).update(`satisfaction:${text}`).digest();

export const addressHash = (config: Pick<Config, 'secret'>, email: string): Buffer =>
  hashOf(config, `address:${email.trim().toLowerCase()}`);

/** In the order in which their rows are locked. */
const keysOf = (config: Pick<Config, 'secret'>, { customerId, email }: Somebody): Buffer[] =>
  [
    ...(customerId === null ? [] : [hashOf(config, `customer:${customerId}`)]),
    ...(email === null ? [] : [addressHash(config, email)]),
  ].sort((a, b) => Buffer.compare(a, b));

interface Turn {
  questionId: string;
  at: Date;
  restDays: number;
}

/**
 * Takes a person's turn to be asked; false, having written nothing, while they rest from another question. The rows are
 * there and locked before anything is decided: of two questions at once one waits, and then sees the other's turn.
 */
export async function takeTurn(
  tx: Tx,
  config: Pick<Config, 'secret'>,
  somebody: Somebody,
  { questionId, at, restDays }: Turn,
): Promise<boolean> {
  const keys = keysOf(config, somebody);
  const since = new Date(0);
  for (const person of keys) {
    await own(tx)
      .insertInto('satisfaction.rest')
      .values({ person, question_id: questionId, since })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { rows } = await sql<{ isFree: boolean }>`
      select question_id = ${questionId} or since <= ${new Date(at.getTime() - restDays * DAY_MS)} as "isFree"
      from satisfaction.rest where person = ${person} for update`.execute(tx);
    if (!rows[0]?.isFree) return false;
  }
  await own(tx)
    .updateTable('satisfaction.rest')
    .set({ question_id: questionId, since: at })
    .where('person', 'in', keys)
    .execute();
  return true;
}

/** Whoever answered is asked nothing else for a while, whichever way the question came to them. */
export async function noteTurn(
  tx: Tx,
  config: Pick<Config, 'secret'>,
  somebody: Somebody,
  { questionId, at }: Omit<Turn, 'restDays'>,
): Promise<void> {
  for (const person of keysOf(config, somebody)) {
    const turn = { question_id: questionId, since: at };
    await own(tx)
      .insertInto('satisfaction.rest')
      .values({ person, ...turn })
      .onConflict((conflict) => conflict.column('person').doUpdateSet(turn))
      .execute();
  }
}

/** Whether another question may be shown to somebody. */
export async function isRested(
  db: Db,
  config: Pick<Config, 'secret'>,
  somebody: Somebody,
  { questionId, at, restDays }: Turn,
): Promise<boolean> {
  const keys = keysOf(config, somebody);
  if (keys.length === 0) return true;
  const row = await own(db)
    .selectFrom('satisfaction.rest')
    .select('person')
    .where('person', 'in', keys)
    .where('question_id', '<>', questionId)
    .where('since', '>', new Date(at.getTime() - restDays * DAY_MS))
    .limit(1)
    .executeTakeFirst();
  return row === undefined;
}
