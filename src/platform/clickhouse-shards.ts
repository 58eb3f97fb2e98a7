import { localOf } from './clickhouse.ts';

export interface Sharding {
  cluster: string;
  /** Shards have several replicas, which the servers keep alike. */
  isReplicated: boolean;
  /** Expressions by table. */
  spreadBy: Record<string, string>;
}

const CREATE_TABLE = /^create table (if not exists )?(\w+)/i;
const ENGINE = /\bengine\s*=\s*(\w*MergeTree)(?:\s*\(([^)]*)\))?/i;
const VIEW_TO = /^(create materialized view (?:if not exists )?\w+ to )(\w+)\b/i;
const ALTER_TABLE = /^alter table (\w+)/i;
const COLUMNS_CHANGE = /\b(add|drop|modify|rename|comment) column\b/i;
const SORTED_BY = /\border by\s+/i;

/**
 * The form of our SQL on several nodes, statement by statement in their order. A table `t` is kept in parts, `t_local`
 * on each node, and `t` is what stands before them (Distributed). Rows with one sorting key are always on one node, so
 * that what replaces a row finds it, and FINAL on `t` is FINAL on all.
 */
export function shardedForm(sharding: Sharding): (statement: string) => string[] {
  const spread = new Set<string>();
  return (statement) => {
    const [, , table] = CREATE_TABLE.exec(statement) ?? [];
    if (table && ENGINE.test(statement)) {
      spread.add(table);
      return spreadTable(statement, table, sharding);
    }
    const [, altered] = ALTER_TABLE.exec(statement) ?? [];
    if (altered && spread.has(altered)) {
      const onParts = statement.replace(altered, localOf(altered));
      return COLUMNS_CHANGE.test(statement) ? [onParts, statement] : [onParts];
    }
    return [readsParts(statement, spread)];
  };
}

function spreadTable(
  statement: string,
  table: string,
  { cluster, isReplicated, spreadBy }: Sharding,
): string[] {
  const local = localOf(table);
  const parts = statement
    .replace(CREATE_TABLE, (head, _, name) => `${head.slice(0, -String(name).length)}${local}`)
    .replace(ENGINE, (engine, family, args = '') =>
      isReplicated ? replicated(String(family), String(args)) : engine,
    );
  const by = spreadBy[table] ?? `cityHash64(${sortingKey(statement)})`;
  return [
    parts,
    `create table if not exists ${table} as ${local} engine = Distributed('${cluster}', currentDatabase(), ${local}, ${by})`,
  ];
}

/** The macros are the servers' own: which shard this is, and which of its replicas. */
const replicated = (family: string, args: string) =>
  `ENGINE = Replicated${family}('/clickhouse/tables/{shard}/{database}/{table}', '{replica}'${args.trim() && `, ${args}`})`;

/** What stands behind ORDER BY: a name, or a list in brackets, which may hold brackets. */
function sortingKey(statement: string): string {
  const [, rest = ''] = statement.split(SORTED_BY);
  if (!rest.startsWith('(')) return /^\w+/.exec(rest)?.[0] ?? '';
  let depth = 0;
  for (let at = 0; at < rest.length; at++) {
    depth += Number(rest[at] === '(') - Number(rest[at] === ')');
    if (depth === 0) return rest.slice(1, at);
  }
  throw new RangeError(`ORDER BY has no end: ${rest.slice(0, 60)}`);
}

/**
 * A view that is fed by a table that is spread sees what comes to its own node, and keeps its sums there: read with a
 * sum, they are the same. One that is fed by a landing table, which stores nothing, writes to all nodes.
 */
function readsParts(statement: string, spread: ReadonlySet<string>): string {
  const feed = /^(?:create materialized view|alter table)[\s\S]*\bfrom (\w+)\b(?![\s\S]*\bfrom\b)/i.exec(
    statement,
  )?.[1];
  if (!feed || !spread.has(feed)) return statement;
  return statement
    .replace(VIEW_TO, (_, head, table) => `${String(head)}${localOf(String(table))}`)
    .replace(new RegExp(`\\bfrom ${feed}\\b`, 'i'), `from ${localOf(feed)}`);
}
