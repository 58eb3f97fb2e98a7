import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { openDb } from './db.ts';
import { PLANNED_EACH_TIME, prepareStatements } from './prepared-statements.ts';

/** One connection, so that what it keeps can be asked for. */
function open(connectionString: string, max?: number) {
  const pool = new pg.Pool({ connectionString, max: 1 });
  prepareStatements(pool, max === undefined ? {} : { max });
  return new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
}

/** What the connection keeps, and how often each was run; the question itself is left out. */
async function kept(db: Kysely<never>) {
  const { rows } = await sql<{ statement: string; runs: number }>`
    select statement, generic_plans + custom_plans as runs from pg_prepared_statements
    where statement not like '%pg_prepared_statements%' order by statement`.execute(db);
  return rows;
}

const sum = (db: Kysely<never>, a: number, b: number) =>
  sql<{ sum: number }>`select ${a}::integer + ${b}::integer as sum`
    .execute(db)
    .then(({ rows }) => rows[0]?.sum);

test('keeps a statement prepared for every set of values', async ({ databaseUrl }) => {
  await using db = open(databaseUrl);
  expect([await sum(db, 1, 2), await sum(db, 3, 4), await sum(db, 5, 6)]).toEqual([3, 7, 11]);
  expect(await kept(db)).toEqual([{ statement: 'select $1::integer + $2::integer as sum', runs: 3 }]);
});

test('prepares no more than its limit, and runs what comes after that all the same', async ({
  databaseUrl,
}) => {
  await using db = open(databaseUrl, 2);
  const answers: unknown[] = [];
  for (const column of ['a', 'b', 'c', 'd', 'c', 'a']) {
    const { rows } = await sql`select ${1}::integer as ${sql.ref(column)}`.execute(db);
    answers.push(rows[0]);
  }
  expect(answers).toEqual([{ a: 1 }, { b: 1 }, { c: 1 }, { d: 1 }, { c: 1 }, { a: 1 }]);
  expect(await kept(db)).toEqual([
    { statement: 'select $1::integer as "a"', runs: 2 },
    { statement: 'select $1::integer as "b"', runs: 1 },
  ]);
});

test('leaves out what says that it is planned each time', async ({ databaseUrl }) => {
  await using db = open(databaseUrl);
  const { rows } = await sql`${sql.raw(PLANNED_EACH_TIME)} select ${'x'} as x`.execute(db);
  expect(rows).toEqual([{ x: 'x' }]);
  expect(await kept(db)).toEqual([]);
});

test('prepares anew in a connection that takes the place of a lost one', async ({ databaseUrl }) => {
  await using opened = openDb(databaseUrl, { max: 1, readOnly: true });
  const db = opened as unknown as Kysely<never>;
  expect(await sum(db, 1, 2)).toBe(3);
  await expect(sql`select pg_terminate_backend(pg_backend_pid())`.execute(db)).rejects.toThrow('terminat');
  // The socket closes a moment after the server has said so.
  await expect.poll(() => sum(db, 3, 4).catch(() => 'lost')).toBe(7);
  expect(await kept(db)).toEqual([{ statement: 'select $1::integer + $2::integer as sum', runs: 1 }]);
});

test('follows a table that was given another column', async ({ databaseUrl }) => {
  await using db = open(databaseUrl);
  await using other = open(databaseUrl);
  await sql`create table grown (a integer)`.execute(other);
  await sql`insert into grown values (1)`.execute(other);
  const all = () => sql`select * from grown`.execute(db).then(({ rows }) => rows);
  expect(await all()).toEqual([{ a: 1 }]);
  await sql`alter table grown add column b integer default 2`.execute(other);
  expect(await all()).toEqual([{ a: 1, b: 2 }]);
});
