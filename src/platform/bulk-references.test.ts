import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { openBulk } from './bulk.ts';
import type { Db } from './db.ts';

/** Two tables of this file's own database, the second referring to the first by two columns together. */
async function tables(db: Db) {
  const name = `t${randomUUID().slice(0, 8)}`;
  await sql
    .raw(
      `create table ${name}_to (a text, b integer, primary key (a, b));
       create table ${name} (a text, b integer, foreign key (a, b) references ${name}_to);
       insert into ${name}_to values ('x', 1), ('x', 2)`,
    )
    .execute(db);
  return name;
}

const count = async (db: Db, table: string) => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db);
  return rows[0]?.n;
};

test('rows that refer to something are copied, and a null refers to nothing', async ({ db, databaseUrl }) => {
  const name = await tables(db);
  await using bulk = await openBulk(databaseUrl);
  const rows = [
    ['x', 1],
    ['x', 1],
    ['x', 2],
    ['y', null],
  ];
  await bulk.run((each) => each.copy(name, ['a', 'b'], rows));
  expect(await count(db, name)).toBe(4);
});

test('one row that refers to nothing keeps all of them out', async ({ db, databaseUrl }) => {
  const name = await tables(db);
  await using bulk = await openBulk(databaseUrl);
  const rows = [
    ['x', 1],
    ['x', 3],
  ];
  await expect(bulk.run((each) => each.copy(name, ['a', 'b'], rows))).rejects.toThrow(
    `${name}: 1 rows of ${name}_to are missing (${name}_a_b_fkey)`,
  );
  expect(await count(db, name)).toBe(0);
});

test('the checks of later statements in the same transaction hold', async ({ db, databaseUrl }) => {
  const name = await tables(db);
  await using bulk = await openBulk(databaseUrl);
  const writing = bulk.run(async (each) => {
    await each.copy(name, ['a', 'b'], [['x', 1]]);
    await sql`insert into ${sql.table(name)} values ('x', 9)`.execute(each.tx);
  });
  await expect(writing).rejects.toMatchObject({ code: '23503' });
});

test('a table with a trigger of its own on insert keeps it, and its checks', async ({ db, databaseUrl }) => {
  const name = await tables(db);
  await sql
    .raw(
      `create function ${name}_shout() returns trigger language plpgsql as $$ begin new.a := upper(new.a); return new; end $$;
       create trigger shout before insert on ${name} for each row execute function ${name}_shout();
       insert into ${name}_to values ('X', 1)`,
    )
    .execute(db);
  await using bulk = await openBulk(databaseUrl);

  await bulk.run((each) => each.copy(name, ['a', 'b'], [['x', 1]]));
  await expect(bulk.run((each) => each.copy(name, ['a', 'b'], [['x', 2]]))).rejects.toMatchObject({
    code: '23503',
  });

  const { rows } = await sql`select a, b from ${sql.table(name)}`.execute(db);
  expect(rows).toEqual([{ a: 'X', b: 1 }]);
});
