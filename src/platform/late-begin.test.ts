import { sql } from 'kysely';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { test } from '#test/harness.ts';
import { inTransaction, openDb } from './db.ts';

/** The statements that were sent while `work` ran. */
async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const watched = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...all
  ) {
    const [asked] = all as unknown as [pg.QueryConfig];
    sent.push(asked.text);
    return unwatched.apply(this, all) as never;
  });
  try {
    await work();
  } finally {
    watched.mockRestore();
  }
  return sent;
}
const unwatched = pg.Client.prototype.query;

test('a transaction begins with its first statement, and one without any never does', async ({
  databaseUrl,
}) => {
  await using db = openDb(databaseUrl, { max: 1 });
  const sent = await sentBy(async () => {
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
