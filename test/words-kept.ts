import type { ClickHouseClient } from '@clickhouse/client';
import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** Every column of every table that can hold words. */
export async function columnsOfWords(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select format('%s.%s.%s', table_schema, table_name, column_name) as name
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
      and (data_type in ('text', 'json', 'jsonb', 'character varying', 'ARRAY', 'tsvector') or domain_name is not null)
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

/** Those of the columns that say any of the words somewhere. */
export async function saying(db: Db, columns: string[], words: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const column of columns) {
    const [schema = '', table = '', name = ''] = column.split('.');
    const says = words.map((word) => sql`strpos(lower(${sql.id(name)}::text), ${word.toLowerCase()}) > 0`);
    const { rows } = await sql`
      select from ${sql.id(schema, table)} where ${sql.join(says, sql` or `)} limit 1`.execute(db);
    if (rows.length > 0) found.push(column);
  }
  return found;
}

/** Tables of the analytics with rows that say the word. */
export async function sayingInClickhouse(clickhouse: ClickHouseClient, word: string): Promise<string[]> {
  const asked = async <Row>(query: string) =>
    (await clickhouse.query({ query, format: 'JSONEachRow' })).json<Row>();
  const tables = await asked<{ name: string }>(
    "select name from system.tables where database = currentDatabase() and engine not like '%View' and not endsWith(name, '_local')",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await asked(
      `select 1 from ${name} where position(toString(tuple(*)), '${word}') > 0 limit 1`,
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}
