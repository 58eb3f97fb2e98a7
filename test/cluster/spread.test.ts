import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { expect, inject, onTestFinished, test } from 'vitest';
import { migrateClickhouse } from '#platform/clickhouse-migrate.ts';
import {
  type Clickhouse,
  type ClickhouseAddress,
  deleteRows,
  onEachNode,
  openClickhouse,
} from '#platform/clickhouse.ts';

const nodesOf = (url: string) => url.split(',');

async function aDatabase(given?: ClickhouseAddress) {
  const database = `spread_${randomUUID().replaceAll('-', '')}`;
  const client = await openClickhouse({ ...(given ?? inject('clickhouse')), database });
  onTestFinished(async () => {
    await onEachNode(
      client,
      async (node) => void (await node.command({ query: `drop database ${database}` })),
    );
    await client.close();
  });
  return { client, database };
}

function files(contents: Record<string, string>): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-sql-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return Object.entries(contents).map(([name, text]) => {
    writeFileSync(join(dir, `${name}.sql`), text);
    return join(dir, `${name}.sql`);
  });
}

async function rows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<Row>();
}

async function onNodes(client: Clickhouse, query: string): Promise<number[]> {
  const found: number[] = [];
  await onEachNode(client, async (node) => {
    const [row] = await rows<{ n: number | string }>(node, query);
    found.push(Number(row?.n));
  });
  return found;
}

const TABLE = `create table if not exists thing (k UInt32, v UInt32) engine = ReplacingMergeTree(v) order by k;
insert into thing select number, 1 from numbers(1000);`;

test('rows are spread over both nodes, what replaces a row finds it, and what is deleted is gone from both', async () => {
  const { client } = await aDatabase();
  await migrateClickhouse(client, files({ '1-thing': TABLE }));
  const parts = await onNodes(client, 'select count() as n from thing_local');
  expect(parts[0]).toBeGreaterThan(300);
  expect(parts[1]).toBeGreaterThan(300);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(1000);

  await client.command({ query: 'insert into thing select number, 2 from numbers(1000)' });
  expect(await rows(client, 'select toUInt32(count()) as n, toUInt32(sum(v)) as v from thing final')).toEqual(
    [{ n: 1000, v: 2000 }],
  );

  await deleteRows(client, 'thing', { where: 'k < {below: UInt32}', params: { below: 900 } });
  expect(await onNodes(client, 'select count() as n from thing')).toEqual([200, 200]); // either node is asked for all
  expect(await onNodes(client, 'select countIf(k < 900) as n from thing_local')).toEqual([0, 0]);
});

test('a later file changes columns everywhere, and moves rows once', async () => {
  const { client } = await aDatabase();
  const paths = files({
    '1-thing': TABLE,
    '2-more': `alter table thing add column if not exists w UInt32 default 7;
      create table if not exists copy (k UInt32, w UInt32) engine = MergeTree order by k;
      insert into copy select k, w from thing final;`,
  });
  await migrateClickhouse(client, paths.slice(0, 1));
  await migrateClickhouse(client, paths);
  await migrateClickhouse(client, paths);
  expect(await rows(client, 'select toUInt32(count()) as n, toUInt32(sum(w)) as w from copy')).toEqual([
    { n: 1000, w: 7000 },
  ]);
});

test('a file that was cut short on one node is run again there', async () => {
  const { client } = await aDatabase();
  const [path = ''] = files({ '1-thing': `${TABLE}\ninsert into missing values (1);` });
  await expect(migrateClickhouse(client, [path])).rejects.toThrow(/missing/);
  writeFileSync(
    path,
    'create table if not exists thing (k UInt32, v UInt32) engine = ReplacingMergeTree(v) order by k;',
  );
  await migrateClickhouse(client, [path]);
  expect(
    await onNodes(
      client,
      "select count() as n from system.tables where database = currentDatabase() and name like 'thing%'",
    ),
  ).toEqual([2, 2]);
});

test('what cannot be the same database is refused, with what to do', async () => {
  const spread = await aDatabase();
  await migrateClickhouse(spread.client, files({ '1-thing': TABLE }));
  const { url, cluster = '' } = inject('clickhouse');
  const [first = ''] = nodesOf(url);

  await using alone = await openClickhouse({ url: first, database: spread.database });
  await expect(migrateClickhouse(alone, files({ '1-thing': TABLE }))).rejects.toThrow(
    'CLICKHOUSE_CLUSTER must be set: the tables of this database are spread over one.',
  );

  const { client: whole, database } = await aDatabase({ url: first });
  await migrateClickhouse(whole, files({ '1-thing': TABLE }));
  await using later = await openClickhouse({ ...inject('clickhouse'), database });
  await expect(migrateClickhouse(later, files({ '1-thing': TABLE }))).rejects.toThrow(
    'CLICKHOUSE_CLUSTER is set, but this database was made without it.',
  );

  await using half = await openClickhouse({ url: first, cluster, database: spread.database });
  await expect(migrateClickhouse(half, files({ '1-thing': TABLE }))).rejects.toThrow(
    `CLICKHOUSE_URL must name every node of ${cluster}, with commas between: it names 1, the server knows 2.`,
  );

  await using unknown = await openClickhouse({ url, cluster: 'nowhere', database: spread.database });
  await expect(migrateClickhouse(unknown, files({ '1-thing': TABLE }))).rejects.toThrow(
    'CLICKHOUSE_CLUSTER: the server knows no cluster called nowhere.',
  );

  await onEachNode(spread.client, async (node, index) => {
    if (index === 1) await node.command({ query: 'truncate table stoa_migration' });
  });
  await expect(migrateClickhouse(spread.client, files({ '1-thing': TABLE }))).rejects.toThrow(
    /names a node that this database was not spread over/,
  );
});

test('a connection to a node that is reset ends that connection alone', async () => {
  const { client } = await aDatabase();
  await onEachNode(client, async (node) => {
    const [other] = await rows<{ port: number }>(
      node,
      "select toUInt32(port) as port from system.clusters where cluster = 'two_shards' and not is_local",
    );
    await reset(other?.port ?? 0);
  });
  // A node that ends takes some time to: it is asked for longer than that.
  expect(await onNodes(client, 'select toUInt32(1 + sleep(2)) as n')).toEqual([1, 1]);
});

async function reset(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resetAndDestroy();
  await closed;
}
