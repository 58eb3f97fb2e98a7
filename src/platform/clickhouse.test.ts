import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { migrateClickhouse, statementsOf } from './clickhouse-migrate.ts';
import { openClickhouse } from './clickhouse.ts';

async function aDatabase() {
  const database = `platform_${randomUUID().replaceAll('-', '')}`;
  const client = await openClickhouse({ ...inject('clickhouse'), database });
  onTestFinished(async () => {
    await client.command({ query: `drop database ${database}` });
    await client.close();
  });
  const rows = async (query: string) => {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return await result.json();
  };
  return { client, rows };
}

function files(contents: Record<string, string>): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-sql-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return Object.entries(contents).map(([name, text]) => {
    writeFileSync(join(dir, `${name}.sql`), text);
    return join(dir, `${name}.sql`);
  });
}

const FIRST = 'create table a (n UInt32) engine = MergeTree order by n;\ninsert into a values (1);\n';

test('each file runs once, in a database of its own', async () => {
  const { client, rows } = await aDatabase();
  const paths = files({ '1-first': FIRST, '2-second': 'insert into a values (2);\n' });
  await migrateClickhouse(client, paths.slice(0, 1));
  await migrateClickhouse(client, paths);
  await migrateClickhouse(client, paths);
  expect(await rows('select n from a order by n')).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a file that was cut short is run again, and finds what it made', async () => {
  const { client, rows } = await aDatabase();
  const [broken = ''] = files({ '1-first': `${FIRST}insert into missing values (1);\n` });
  await expect(migrateClickhouse(client, [broken])).rejects.toThrow(/missing/);
  writeFileSync(broken, `${FIRST}create table b (n UInt32) engine = MergeTree order by n;\n`);
  await migrateClickhouse(client, [broken]);
  expect(await rows('select count() as n from b')).toEqual([{ n: 0 }]);
});

test('a table that somebody else made is not taken for ours', async () => {
  const { client } = await aDatabase();
  await client.command({ query: 'create table a (other String) engine = MergeTree order by other' });
  await expect(migrateClickhouse(client, files({ '1-first': FIRST }))).rejects.toMatchObject({ code: '57' });
});

test('a database that a newer Stoa migrated is refused', async () => {
  const { client } = await aDatabase();
  const paths = files({ '1-first': FIRST, '2-second': 'insert into a values (2);\n' });
  await migrateClickhouse(client, paths);
  await expect(migrateClickhouse(client, paths.slice(0, 1))).rejects.toThrow(
    'ClickHouse was migrated by a newer Stoa (2-second): start that version, or use another database.',
  );
});

test('a batch sent twice with its token is there once, in the view of it, too', async () => {
  const { client, rows } = await aDatabase();
  const dedup = 'settings non_replicated_deduplication_window = 100';
  await client.command({ query: `create table t (n UInt32) engine = MergeTree order by n ${dedup}` });
  await client.command({ query: `create table v (n UInt32) engine = MergeTree order by n ${dedup}` });
  await client.command({ query: 'create materialized view t_to_v to v as select n from t' });
  const send = () =>
    client.insert({
      table: 't',
      values: [{ n: 1 }, { n: 2 }],
      format: 'JSONEachRow',
      clickhouse_settings: { insert_deduplication_token: 'batch 1' },
    });
  await send();
  await send();
  expect(await rows('select (select count() from t) as t, (select count() from v) as v')).toEqual([
    { t: 2, v: 2 },
  ]);
});

test('statements end at semicolons, but not at those in texts, names and comments', () => {
  const text = "-- one; two\nselect ';' as `a;b`; /* c; d */\nselect 'it''s;' -- e;\n, \"f;\";\n\n;";
  expect(statementsOf(text)).toEqual(["select ';' as `a;b`", "select 'it''s;' \n, \"f;\""]);
});
