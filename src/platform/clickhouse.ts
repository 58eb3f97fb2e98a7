import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { StartFault } from './start-fault.ts';

const SOURCE = join(import.meta.dirname, '..');
const MIGRATION_TABLE = 'stoa_migration';

/**
 * What makes an insert exact: it is there when it is answered, and the same bytes with the same
 * `insert_deduplication_token` are taken once, in the tables that views fill, too.
 */
const EXACT: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
};

export interface ClickhouseAddress {
  /** Its path names the database: several Stoas may share a server. */
  url: string;
  headers?: Record<string, string>;
  /** Instead of the one that `url` names. */
  database?: string;
}

/** The client, its database made if need be. */
export async function openClickhouse(address: ClickhouseAddress): Promise<ClickHouseClient> {
  const { server, database } = splitAddress(address);
  await using bare = createClient(server);
  const named = { query_params: { name: database } };
  const found = await bare.query({
    query: 'exists database {name: Identifier}',
    format: 'JSONEachRow',
    ...named,
  });
  const [row] = await found.json<{ result: number }>();
  // Asked first: a user who may not make databases can still use one that was made for it.
  if (!row?.result)
    await bare.command({ query: 'create database if not exists {name: Identifier}', ...named });
  return createClient({
    ...server,
    database,
    application: 'stoa',
    clickhouse_settings: EXACT,
    max_open_connections: 20,
  });
}

/** The server without the database: a client that names a missing one cannot make it. */
export function splitAddress({ url, headers, database }: ClickhouseAddress) {
  const server = new URL(url);
  const name = database ?? decodeURIComponent(server.pathname.slice(1));
  server.pathname = '';
  return {
    server: {
      url: server.href,
      ...(headers && { http_headers: headers }),
      log: { level: ClickHouseLogLevel.OFF }, // what it would log, it also throws
    },
    database: name || 'default',
  };
}

/** Every module's SQL files for ClickHouse, in the order of their timestamps. */
function clickhouseMigrationFiles(): string[] {
  return globSync('modules/*/clickhouse/*.sql', { cwd: SOURCE })
    .map((path) => join(SOURCE, path))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

const ALREADY_THERE = new Set(['57', '82', '44']); // table, database, column

/**
 * Runs the SQL files that this database has not had. ClickHouse has no transactions, so a file is recorded when it
 * begins and when it is complete; where one was cut short, what its first run made is found and left.
 */
export async function migrateClickhouse(
  client: ClickHouseClient,
  files: string[] = clickhouseMigrationFiles(),
): Promise<void> {
  await client.command({
    query: `create table if not exists ${MIGRATION_TABLE}
      (name String, is_complete Bool, at DateTime64(3, 'UTC') default now64(3)) engine = MergeTree order by name`,
  });
  const known = new Map(files.map((path) => [basename(path, '.sql'), path]));
  const recorded = await recordedMigrations(client);
  const unknown = [...recorded.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new StartFault(
      `ClickHouse was migrated by a newer Stoa (${unknown.join(', ')}): start that version, or use another database.`,
    );
  }
  for (const [name, path] of known) {
    if (recorded.get(name)) continue;
    await record(client, name, false);
    for (const query of statementsOf(readFileSync(path, 'utf8'))) {
      try {
        await client.command({ query });
      } catch (error) {
        const isThere = error instanceof ClickHouseError && ALREADY_THERE.has(error.code);
        if (!recorded.has(name) || !isThere) throw error;
      }
    }
    await record(client, name, true);
  }
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
