import { type ColumnType, Kysely, type Transaction } from 'kysely';
import pg from 'pg';
import { LAST_STATEMENT, LateBeginDialect } from './late-begin.ts';
import { prepareStatements, RESULT_TYPE_CHANGED } from './prepared-statements.ts';

/** Columns that only the platform may touch. Modules add their own tables with `withTables`. */
interface PlatformTables {
  'platform.event': {
    id: string;
    name: string;
    payload: ColumnType<unknown, string>;
    occurred_at: ColumnType<Date, never, never>;
  };
  'platform.event_receipt': { subscriber: string; event_id: string };
}

/** Reads may take `Db`, which a `Tx` also satisfies. Writes must take `Tx`. */
export type Db = Kysely<PlatformTables>;
export type Tx = Transaction<PlatformTables>;

// int8 arrives as text. Every count, point and minor unit of ours is a safe integer, or we stop.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`);
  return value;
});
// A date is a day, not a moment: as text it can't slip into the day before in another time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

interface DbOptions {
  max?: number;
  /** Every transaction of it is read-only: the database of `src/read/`, which joins modules and may not write. */
  readOnly?: boolean;
}

export function openDb(connectionString: string, { max = 10, readOnly = false }: DbOptions = {}): Db {
  // Compiling takes longer than the short queries of a shop.
  const settings = ['timezone=UTC', 'jit=off', ...(readOnly ? ['default_transaction_read_only=on'] : [])];
  const options = settings.map((setting) => `-c ${setting}`).join(' ');
  const pool = openPool({ connectionString, max, options, pipeline: true });
  prepareStatements(pool, readOnly ? {} : { runs: WRITTEN_OFTEN });
  return new Kysely({ dialect: new LateBeginDialect({ pool }) });
}

/**
 * A connection that the server ends is replaced at the next query: no reason to crash. A query that it was in the
 * middle of is told.
 */
export function openPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options);
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Batches have statements of their own lengths, which are run once or twice. */
const WRITTEN_OFTEN = 5;

// serialization_failure, deadlock_detected, and a kept plan that a migration overtook
const RETRIED = new Set(['40001', '40P01', RESULT_TYPE_CHANGED]);
const ATTEMPTS_MAX = 3;

/**
 * The unit of work. Only routes, jobs and subscribers open one; everything below takes `tx`.
 * `work` may run again, so it must do nothing but SQL: side effects go through `emit`.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? error.code : undefined;
      if (attempt === ATTEMPTS_MAX || !code || !RETRIED.has(code)) throw error;
    }
  }
}

/** What a transaction answers, and the one statement that ends it: nobody but the database judges what that one says. */
export interface Ending<T> {
  answer: T;
  last?: (tx: Tx) => Promise<unknown>;
}

/** The same, where `work` leaves the last statement to be sent: together with the commit, in one message. */
export const inTransactionEnding = <T>(db: Db, work: (tx: Tx) => Promise<Ending<T>>): Promise<T> =>
  inTransaction(db, async (tx) => {
    const { answer, last } = await work(tx);
    await last?.(tx.withPlugin(LAST_STATEMENT));
    return answer;
  });

/** One statement that is all of a transaction: nothing is sent to begin or to end it. */
export const alone = <T>(db: Db, statement: (tx: Tx) => Promise<T>): Promise<T> =>
  inTransaction(db, (tx) => statement(tx.withPlugin(LAST_STATEMENT)));

/** For who has more to do in the transaction. */
export async function completed<T>(tx: Tx, { answer, last }: Ending<T>): Promise<T> {
  await last?.(tx);
  return answer;
}
