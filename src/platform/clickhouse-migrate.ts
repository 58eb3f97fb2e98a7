import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ClickHouseClient, ClickHouseError, createClient } from '@clickhouse/client';
import { type Clickhouse, type Shards } from './clickhouse.ts';
import { type Sharding, shardedForm } from './clickhouse-shards.ts';
import { StartFault } from './start-fault.ts';

const SOURCE = join(import.meta.dirname, '..');
const MIGRATION_TABLE = 'stoa_migration';

/** Every module's SQL files for ClickHouse, in the order of their timestamps. */
function clickhouseMigrationFiles(): string[] {
  return globSync('modules/*/clickhouse/*.sql', { cwd: SOURCE })
    .map((path) => join(SOURCE, path))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

const ALREADY_THERE = new Set(['57', '82', '44']); // table, database, column

/** A file: what every node runs, and what is run once, since it moves rows that are spread over all. */
interface Migration {
  name: string;
  statements: { query: string; isOnce: boolean }[];
}

/**
 * Runs the SQL files that this database has not had. ClickHouse has no transactions, so a file is recorded when it
 * begins and when it is complete; where one was cut short, what its first run made is found and left.
 */
export async function migrateClickhouse(
  clickhouse: Clickhouse,
  files: string[] = clickhouseMigrationFiles(),
): Promise<void> {
  const { shards } = clickhouse;
  await using nodes = openNodes(clickhouse);
  for (const client of nodes.clients) await refuseOtherForm(client, shards);
  const migrations = migrationsOf(files, shards && (await shardingOf(clickhouse, shards)));
  const recorded = await Promise.all(nodes.clients.map(recordedMigrations));
  refuseUnknown(recorded, migrations);
  for (const migration of migrations) {
    // The first node last: what it moves lands in tables that the others have by then.
    for (const [index, client] of [...nodes.clients.entries()].toReversed())
      await run(client, migration, { isFirst: index === 0, state: recorded[index]?.get(migration.name) });
  }
}

function openNodes(clickhouse: Clickhouse) {
  const others = clickhouse.shards?.nodes.slice(1).map((settings) => createClient(settings)) ?? [];
  return {
    clients: [clickhouse, ...others],
    [Symbol.asyncDispose]: async () => void (await Promise.all(others.map((client) => client.close()))),
  };
}

async function run(
  client: ClickHouseClient,
  { name, statements }: Migration,
  { isFirst, state }: { isFirst: boolean; state: boolean | undefined },
): Promise<void> {
  if (state) return;
  await record(client, name, false);
  for (const { query, isOnce } of statements) {
    if (isOnce && !isFirst) continue;
    try {
      await client.command({ query });
    } catch (error) {
      const isThere = error instanceof ClickHouseError && ALREADY_THERE.has(error.code);
      if (state === undefined || !isThere) throw error;
    }
  }
  await record(client, name, true);
}

function migrationsOf(files: string[], sharding: Sharding | undefined): Migration[] {
  const toForm = sharding ? shardedForm(sharding) : (statement: string) => [statement];
  return files.map((path) => ({
    name: basename(path, '.sql'),
    statements: statementsOf(readFileSync(path, 'utf8')).flatMap((statement) =>
      toForm(statement).map((query) => ({ query, isOnce: /^insert\b/i.test(query) })),
    ),
  }));
}

function refuseUnknown(recorded: Map<string, boolean>[], migrations: Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = recorded.flatMap((each) => [...each.keys()]).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new StartFault(
      `ClickHouse was migrated by a newer Stoa (${[...new Set(unknown)].join(', ')}): start that version, or use another database.`,
    );
  }
  const [first, ...others] = recorded;
  if (first?.size && others.some(({ size }) => size === 0)) {
    throw new StartFault(
      'CLICKHOUSE_URL names a node that this database was not spread over: rows would be looked for where they are not. Use another database, and fill it again.',
    );
  }
}

/** A database whose tables are spread is not one whose tables are not: neither would find the other's rows. */
async function refuseOtherForm(client: ClickHouseClient, shards: Shards | undefined): Promise<void> {
  await client.command({
    query: `create table if not exists ${MIGRATION_TABLE}
      (name String, is_complete Bool, at DateTime64(3, 'UTC') default now64(3)) engine = MergeTree order by name`,
  });
  const found = await client.query({
    query: `select countIf(engine = 'Distributed') as spread,
        countIf(engine like '%MergeTree' and name != {own: String} and not endsWith(name, '_local')) as whole
      from system.tables where database = currentDatabase()`,
    query_params: { own: MIGRATION_TABLE },
    format: 'JSONEachRow',
  });
  const [tables] = await found.json<{ spread: number | string; whole: number | string }>();
  if (!shards && Number(tables?.spread) > 0)
    throw new StartFault('CLICKHOUSE_CLUSTER must be set: the tables of this database are spread over one.');
  if (shards && Number(tables?.whole) > 0)
    throw new StartFault(
      'CLICKHOUSE_CLUSTER is set, but this database was made without it. Use another database, and fill it again.',
    );
}

/** What the servers know of the cluster, which must be what CLICKHOUSE_URL says. */
async function shardingOf(client: ClickHouseClient, { cluster, nodes }: Shards): Promise<Sharding> {
  const found = await client.query({
    query: `select count() as nodes, max(replica_num) as replicas from system.clusters where cluster = {cluster: String}`,
    query_params: { cluster },
    format: 'JSONEachRow',
  });
  const [row] = await found.json<{ nodes: number | string; replicas: number | string }>();
  const known = Number(row?.nodes);
  if (known === 0) throw new StartFault(`CLICKHOUSE_CLUSTER: the server knows no cluster called ${cluster}.`);
  if (known !== nodes.length) {
    throw new StartFault(
      `CLICKHOUSE_URL must name every node of ${cluster}, with commas between: it names ${nodes.length}, the server knows ${known}.`,
    );
  }
  return { cluster, isReplicated: Number(row?.replicas) > 1, spreadBy: spreadBy() };
}

/** By what a module's tables are spread, where it is not by the whole of their sorting key. */
function spreadBy(): Record<string, string> {
  const files = globSync('modules/*/clickhouse/spread-by.json', { cwd: SOURCE });
  return Object.assign({}, ...files.map((path) => JSON.parse(readFileSync(join(SOURCE, path), 'utf8'))));
}

/** True for those that are complete, false for those that were cut short. */
async function recordedMigrations(client: ClickHouseClient): Promise<Map<string, boolean>> {
  const result = await client.query({
    query: `select name, max(is_complete) as complete from ${MIGRATION_TABLE} group by name order by name`,
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ name: string; complete: boolean }>();
  return new Map(rows.map(({ name, complete }) => [name, complete]));
}

const record = (client: ClickHouseClient, name: string, isComplete: boolean) =>
  client.insert({
    table: MIGRATION_TABLE,
    values: [{ name, is_complete: isComplete }],
    format: 'JSONEachRow',
  });

// A quoted text, a name, a comment, the end of a statement, or any one character.
const TOKEN = /'(?:[^'\\]|\\.|'')*'|`[^`]*`|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|;|[\s\S]/g;

/** The statements of a file, without its comments. A semicolon in a text or a comment ends nothing. */
export function statementsOf(text: string): string[] {
  const statements = [''];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';') statements.push('');
    else if (!token.startsWith('--') && !token.startsWith('/*'))
      statements.push(`${statements.pop()}${token}`);
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
