import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';

/** Begins `second` while `first` holds what both lock, lets `first` end, and answers what became of `second`. */
export async function behind(
  db: Db,
  first: (tx: Tx) => Promise<unknown>,
  second: (tx: Tx) => Promise<unknown>,
) {
  const { promise: isWaitedFor, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>();
  const holding = inTransaction(db, async (tx) => {
    await first(tx);
    hold();
    await isWaitedFor;
  });
  await isHeld;
  const waiting = Promise.allSettled([inTransaction(db, second)]);
  const waiters = async () => {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      db,
    );
    return rows.length;
  };
  await expect.poll(waiters).toBe(1);
  letGo();
  await holding;
  const [answer] = await waiting;
  return answer;
}
