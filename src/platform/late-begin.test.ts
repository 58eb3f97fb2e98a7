import { sql } from 'kysely';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { test } from '#test/harness.ts';
import { type Db, inTransaction, openDb } from './db.ts';

/** The statements that a new connection was sent while `work` ran. */
async function sentBy(databaseUrl: string, work: (db: Db) => Promise<unknown>): Promise<string[]> {
  const watched = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await using db = openDb(databaseUrl, { max: 1 });
    await work(db);
    const asked = watched.mock.calls as unknown as [pg.QueryConfig][];
    return asked.map(([{ text }]) => text);
  } finally {
    watched.mockRestore();
  }
}

test('a transaction begins with its first statement, and one without any never does', async ({
  databaseUrl,
}) => {
  const sent = await sentBy(databaseUrl, async (db) => {
    await inTransaction(db, async () => {});
    await expect(inTransaction(db, () => Promise.reject(new Error('changed my mind')))).rejects.toThrow(
      'mind',
    );
    await inTransaction(db, async (tx) => {
      await sql`select 1`.execute(tx);
      await sql`select 2`.execute(tx);
    });
  });
  expect(sent).toEqual(['begin', 'select 1', 'select 2', 'commit']);
});

test('what the first statement of a transaction wrote is undone with it', async ({ databaseUrl }) => {
  await using db = openDb(databaseUrl, { max: 1 });
  await sql`create table public.noted (n integer)`.execute(db);
  const work = inTransaction(db, async (tx) => {
    await sql`insert into public.noted values (1)`.execute(tx);
    await sql`select 1 / 0`.execute(tx);
  });
  await expect(work).rejects.toMatchObject({ code: '22012' });
  const { rows } = await sql<{ count: number }>`select count(*) from public.noted`.execute(db);
  expect(rows).toEqual([{ count: 0 }]);
});

test('a first statement that fails fails its transaction, and the connection goes on', async ({
  databaseUrl,
}) => {
  await using db = openDb(databaseUrl, { max: 1 });
  const work = inTransaction(db, (tx) => sql`select 1 / 0`.execute(tx));
  await expect(work).rejects.toMatchObject({ code: '22012' });
  const { rows } = await sql`select 1 as one, now() = statement_timestamp() as "isAlone"`.execute(db);
  expect(rows).toEqual([{ one: 1, isAlone: true }]);
});
