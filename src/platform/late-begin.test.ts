import { sql } from 'kysely';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { test } from '#test/harness.ts';
import { alone, type Db, inTransaction, inTransactionEnding, openDb, type Tx } from './db.ts';
import { GOES_AHEAD } from './late-begin.ts';

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

test('a lock goes along with the statement that needs it, which sees what was so once it was had', async ({
  databaseUrl,
}) => {
  const sent = await sentBy(databaseUrl, async (db) => {
    await sql`create table public.locked (n integer)`.execute(db);
    await sql`insert into public.locked values (1)`.execute(db);
    await using other = openDb(databaseUrl, { max: 2 });
    const lock = (tx: Tx, table = 'locked') =>
      sql`select from public.${sql.ref(table)} for update`.execute(tx.withPlugin(GOES_AHEAD));
    const { promise: isHeld, resolve: held } = Promise.withResolvers<void>();
    const { promise: mayGo, resolve: go } = Promise.withResolvers<void>();
    const first = inTransaction(other, async (tx) => {
      await sql`update public.locked set n = 2`.execute(tx);
      held();
      await mayGo;
    });
    await isHeld;
    const second = inTransaction(db, async (tx) => {
      await lock(tx);
      return (await sql`select n from public.locked`.execute(tx)).rows;
    });
    const waits = async () =>
      (
        await sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
          other,
        )
      ).rows.length;
    await expect.poll(waits).toBe(1);
    go();
    await first;
    expect(await second).toEqual([{ n: 2 }]);
    const failing = inTransaction(db, async (tx) => {
      await lock(tx, 'nowhere');
      await sql`insert into public.locked values (3)`.execute(tx);
    });
    await expect(failing).rejects.toMatchObject({ code: '42P01' });
    await inTransaction(db, (tx) => lock(tx));
    expect((await sql`select n from public.locked`.execute(db)).rows).toEqual([{ n: 2 }]);
  });
  expect(sent.filter((text) => /begin|for update|commit|rollback/.test(text))).toEqual([
    'begin',
    'begin',
    'select from public."locked" for update',
    'commit',
    'commit',
    'begin',
    'select from public."nowhere" for update',
    'rollback',
  ]);
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

/** Writes one number, and ends with another statement. */
const writing = (db: Db, n: number, last: string) =>
  inTransactionEnding(db, async (tx) => {
    await sql`insert into public.ended values (${n})`.execute(tx);
    return { answer: n, last: (end) => sql.raw(last).execute(end) };
  });

const noted = async (db: Db) => {
  const { rows } = await sql<{ n: number }>`select n from public.ended order by n`.execute(db);
  return rows.map(({ n }) => n);
};

test('the commit goes along with a last statement, and undoes all where that one fails, or the commit itself', async ({
  databaseUrl,
}) => {
  let answered = 0;
  const sent = await sentBy(databaseUrl, async (db) => {
    await sql`create table public.ended (n integer, unique (n) deferrable initially deferred)`.execute(db);
    answered = await writing(db, 1, 'insert into public.ended values (2)');
    await expect(writing(db, 3, 'select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(writing(db, 4, 'insert into public.ended values (1)')).rejects.toMatchObject({
      code: '23505',
    });
    expect(await noted(db)).toEqual([1, 2]);
  });
  expect(answered).toBe(1);
  const insert = 'insert into public.ended values ($1)';
  expect(sent.slice(1, -1)).toEqual([
    'begin',
    insert,
    'insert into public.ended values (2)',
    'commit',
    'begin',
    insert,
    'select 1 / 0',
    'commit',
    'begin',
    insert,
    'insert into public.ended values (1)',
    'commit',
  ]);
});

test('a transaction of one statement is sent as that statement, and leaves nothing where it fails', async ({
  databaseUrl,
}) => {
  const sent = await sentBy(databaseUrl, async (db) => {
    await sql`create table public.alone (n integer)`.execute(db);
    await alone(db, (tx) => sql`insert into public.alone values (1)`.execute(tx));
    const failing = alone(db, (tx) =>
      sql`insert into public.alone select 1 / (n - n) from public.alone`.execute(tx),
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    const twice = alone(db, async (tx) => {
      await sql`select 1`.execute(tx);
      await sql`select 2`.execute(tx);
    });
    await expect(twice).rejects.toThrow('ended with its last statement');
    const strict = db.transaction().setIsolationLevel('serializable');
    await strict.execute((tx) => sql`select 3`.execute(tx));
    const { rows } = await sql`select n from public.alone`.execute(db);
    expect(rows).toEqual([{ n: 1 }]);
  });
  expect(sent.slice(1, -1)).toEqual([
    'insert into public.alone values (1)',
    'insert into public.alone select 1 / (n - n) from public.alone',
    'select 1',
    'start transaction isolation level serializable',
    'select 3',
    'commit',
  ]);
});

test('nothing is said in a transaction after its last statement, and the connection goes on', async ({
  databaseUrl,
}) => {
  await using db = openDb(databaseUrl, { max: 1 });
  const twice = inTransactionEnding(db, async () => ({
    answer: undefined,
    last: async (end) => {
      await sql`select 1`.execute(end);
      await sql`select 2`.execute(end);
    },
  }));
  await expect(twice).rejects.toThrow('ended with its last statement');
  const { rows } = await sql`select 1 as one, now() = statement_timestamp() as "isAlone"`.execute(db);
  expect(rows).toEqual([{ one: 1, isAlone: true }]);
});

test('a last statement whose plan a migration overtook is done anew with its whole transaction', async ({
  databaseUrl,
}) => {
  await using db = openDb(databaseUrl, { max: 1 });
  await sql`truncate public.ended`.execute(db);
  await sql`create table public.grown (a integer)`.execute(db);
  const grow = (n: number) =>
    inTransactionEnding(db, async (tx) => {
      await sql`insert into public.ended values (${n})`.execute(tx);
      return {
        answer: undefined,
        last: (end) => sql`insert into public.grown values (${n}) returning *`.execute(end),
      };
    });
  for (const n of [1, 2, 3, 4, 5, 6]) await grow(n);
  await sql`alter table public.grown add column b integer`.execute(db);
  await grow(7);
  expect(await noted(db)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const { rows } = await sql<{ a: number }>`select a from public.grown where a > 5 order by a`.execute(db);
  expect(rows.map(({ a }) => a)).toEqual([6, 7]);
});
