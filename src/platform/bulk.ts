import { once } from 'node:events';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openReferences } from './bulk-references.ts';
import { binaryRows } from './copy-binary.ts';
import type { CopyValue } from './copy-rows.ts';
import { textRows } from './copy-text.ts';
import type { Tx } from './db.ts';

export type { CopyValue } from './copy-rows.ts';

/** A transaction that can also COPY: for imports and the demo, where a row at a time would take hours. */
export interface BulkTx {
  tx: Tx;
  /** Appends rows to a table by COPY. Values in the order of `columns`; an array becomes a PostgreSQL array. */
  copy: (table: string, columns: readonly string[], rows: Iterable<readonly CopyValue[]>) => Promise<number>;
}

/** Opens a connection of its own, and one transaction on it for each `run`. */
export async function openBulk(connectionString: string) {
  const client = new pg.Client({ connectionString, options: '-c timezone=UTC' });
  await client.connect();
  client.on('error', () => {}); // the query under way reports it
  // Kysely asks a pool for connections: this one always gives the same, so COPY and statements share a transaction.
  const onlyConnection = Object.assign(client, { release: () => {} });
  const pool = {
    connect: async () => onlyConnection as unknown as pg.PoolClient,
    end: async () => {},
    options: {},
  };
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  return {
    run: <T>(work: (bulk: BulkTx) => Promise<T>): Promise<T> =>
      db.transaction().execute((tx) =>
        work({
          tx: tx as unknown as Tx,
          copy: (table, columns, rows) => copy(client, table, columns, rows),
        }),
      ),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

const CHUNK_SIZE = 64 * 1024;

async function copy(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> {
  const references = await openReferences(client, table, columns);
  const waiting = binaryRows(await typesOf(client, table, columns)) ?? textRows();
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin${waiting.format}`));
  const ended = once(stream, 'finish'); // rejects on 'error'
  ended.catch(() => {}); // awaited below; an error in between must not be called unhandled
  let count = 0;
  for (const row of rows) {
    references.note(row);
    waiting.add(row);
    count += 1;
    if (waiting.size() < CHUNK_SIZE) continue;
    if (!stream.write(waiting.take())) await Promise.race([once(stream, 'drain'), ended]);
  }
  stream.end(waiting.end());
  await ended;
  await references.check();
  return count;
}

/** The columns' types by their names, of a domain what it is made of; an enum is text to whoever writes it. */
async function typesOf(client: pg.Client, table: string, columns: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ type: string }>(
    `select case when t.typtype = 'e' then 'text' else format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) end
       as type
     from unnest($2::text[]) with ordinality as wanted (name, n)
     join pg_attribute a on a.attrelid = $1::regclass and a.attname = wanted.name
     join pg_type t on t.oid = a.atttypid
     order by wanted.n`,
    [table, columns],
  );
  return rows.map(({ type }) => type);
}
