import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '#platform/db.ts';

/**
 * Until whoever reads by transaction number sees all that was written so far: transactions that began before, in other
 * databases of the same server too, hold it back until they end.
 */
export async function settled(db: Db): Promise<void> {
  const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(db);
  const isSettled = async () => {
    const { rows: now } = await sql<{ done: boolean }>`
      select pg_snapshot_xmin(pg_current_snapshot()) > ${rows[0]?.id}::text::xid8 as done`.execute(db);
    return now[0]?.done;
  };
  await expect.poll(isSettled, { timeout: 60_000 }).toBe(true);
}
