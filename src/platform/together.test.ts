import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { inTransaction } from './db.ts';
import { type Part, writeTogether } from './together.ts';

test('writes all parts and calls, or none of them', async ({ db }) => {
  await sql`create table public.kept (name text primary key)`.execute(db);
  await sql`create sequence public.counted`.execute(db);
  const kept = (name: string): Part => ({
    changes: [sql`${sql.raw(name)} as (insert into public.kept values (${name}))`],
    calls: [sql`nextval('public.counted')`],
  });
  const names = async () =>
    (await sql<{ name: string }>`select name from public.kept order by name`.execute(db)).rows;

  await inTransaction(db, (tx) =>
    writeTogether(tx, [kept('one'), kept('two'), { changes: kept('three').changes }]),
  );
  expect(await names()).toEqual([{ name: 'one' }, { name: 'three' }, { name: 'two' }]);
  const { rows } = await sql`select last_value::integer as calls from public.counted`.execute(db);
  expect(rows).toEqual([{ calls: 2 }]);

  const again = inTransaction(db, (tx) => writeTogether(tx, [kept('four'), kept('one')]));
  await expect(again).rejects.toMatchObject({ code: '23505' });
  expect((await names()).length).toBe(3);
});
