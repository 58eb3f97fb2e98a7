import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  type ClickHouseClientConfigOptions,
  createClient,
} from '@clickhouse/client';

/**
 * What makes an insert exact: it is there when it is answered, and the same bytes with the same
 * `insert_deduplication_token` are taken once, in the tables that views fill, too.
 */
const EXACT: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
};

/**
 * On several nodes: an insert is answered when every shard has its part, what is asked within a question is asked of all
 * of them, and what is computed from a table into another is computed of the whole: each shard by itself would count an
 * order on both.
 */
const SHARDED: ClickHouseSettings = {
  distributed_foreground_insert: 1,
  distributed_product_mode: 'global',
  parallel_distributed_insert_select: '0',
};

export interface ClickhouseAddress {
  /** Its path names the database: several Stoas may share a server. Of a cluster: every node, with commas between. */
  url: string;
  headers?: Record<string, string>;
  /** Instead of the one that `url` names. */
  database?: string;
  /** As the servers' own configuration calls it. Its tables are spread over the nodes (decision 67). */
  cluster?: string;
}

/** The nodes that tables are spread over, each with its own part. */
export interface Shards {
  cluster: string;
  nodes: ClickHouseClientConfigOptions[];
}

/** A client of the first node. What it says goes for all of them, except what changes or takes away what is stored. */
export type Clickhouse = ClickHouseClient & { shards?: Shards };

/** The client, its database made if need be. */
export async function openClickhouse(address: ClickhouseAddress): Promise<Clickhouse> {
  const { servers, database } = splitAddress(address);
  for (const server of servers) await makeDatabase(server, database);
  const nodes = servers.map((server) => ({
    ...server,
    database,
    application: 'stoa',
    clickhouse_settings: { ...EXACT, ...(address.cluster && SHARDED) },
    max_open_connections: 20,
  }));
  const client = createClient(nodes[0]);
  return address.cluster ? Object.assign(client, { shards: { cluster: address.cluster, nodes } }) : client;
}

async function makeDatabase(server: ClickHouseClientConfigOptions, name: string): Promise<void> {
  await using bare = createClient(server);
  const named = { query_params: { name } };
  const found = await bare.query({
    query: 'exists database {name: Identifier}',
    format: 'JSONEachRow',
    ...named,
  });
  const [row] = await found.json<{ result: number }>();
  // Asked first: a user who may not make databases can still use one that was made for it.
  if (!row?.result)
    await bare.command({ query: 'create database if not exists {name: Identifier}', ...named });
}

/** The servers without the database: a client that names a missing one cannot make it. */
export function splitAddress({ url, headers, database }: ClickhouseAddress) {
  const addresses = url.split(',').map((one) => new URL(one.trim()));
  const name = database ?? decodeURIComponent(addresses[0]?.pathname.slice(1) ?? '');
  const servers = addresses.map((server) => {
    server.pathname = '';
    return {
      url: server.href,
      ...(headers && { http_headers: headers }),
      log: { level: ClickHouseLogLevel.OFF }, // what it would log, it also throws
    };
  });
  return { servers, database: name || 'default' };
}

/** Does it on each node: the client's own where there is one. */
export async function onEachNode(
  clickhouse: Clickhouse,
  work: (node: ClickHouseClient, index: number) => Promise<void>,
): Promise<void> {
  if (!clickhouse.shards) return work(clickhouse, 0);
  for (const [index, settings] of clickhouse.shards.nodes.entries()) {
    await using node = createClient(settings);
    await work(node, index);
  }
}

/** Takes the rows away, rewritten on the disk when it returns. Done twice, it changes nothing. */
export async function deleteRows(
  clickhouse: Clickhouse,
  table: string,
  { where, params }: { where: string; params: Record<string, unknown> },
): Promise<void> {
  const stored = clickhouse.shards ? localOf(table) : table;
  await onEachNode(clickhouse, async (node) => {
    await node.command({
      query: `alter table ${stored} delete where ${where}`,
      query_params: params,
      clickhouse_settings: { mutations_sync: '2' },
    });
  });
}

/** Where a node keeps its own part of a table that is spread. */
export const localOf = (table: string): string => `${table}_local`;
