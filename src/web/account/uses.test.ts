import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { USES } from './uses.ts';

test('every column that is somebody’s own has a use that the page tells of, and one only', async ({ db }) => {
  const { rows } = await sql<{ name: string }>`
    select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attnum > 0 and col_description(c.oid, a.attnum) = 'personal'`.execute(db);
  const told: string[] = USES.flatMap(({ columns }): readonly string[] => columns);
  expect(told.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  const tables = USES.flatMap((use): readonly string[] => ('tables' in use ? use.tables : []));
  const { rows: missing } = await sql<{ name: string }>`
    select name from unnest(${tables}::text[]) as t (name) where to_regclass(name) is null`.execute(db);
  expect(missing).toEqual([]);
});
