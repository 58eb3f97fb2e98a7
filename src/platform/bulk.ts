import { once } from 'node:events';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type JustCopied, openReferences } from './bulk-references.ts';
import { openShapes } from './bulk-shape.ts';
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
  const copier: Copier = { client, shapeOf: openShapes(client), before: undefined };
  return {
    run: <T>(work: (bulk: BulkTx) => Promise<T>): Promise<T> =>
      db.transaction().execute((tx) => {
        copier.before = undefined;
        return work({
          tx: tx as unknown as Tx,
          copy: (table, columns, rows) => copy(copier, table, columns, rows),
        });
      }),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** Each send wakes PostgreSQL up: a quarter of the size takes a twentieth longer for the whole of an import. */
const CHUNK_SIZE = 240 * 1024;

/** A connection that copies, and what it knows from one COPY to the next. */
interface Copier {
  client: pg.Client;
  shapeOf: ReturnType<typeof openShapes>;
  /** Of the transaction under way. What a failed COPY leaves behind it may be rolled back, so that forgets it. */
  before: JustCopied | undefined;
}

async function copy(
  copier: Copier,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> {
  const { client, before } = copier;
  copier.before = undefined;
  const shape = await copier.shapeOf(table, columns);
  const references = await openReferences(client, shape, before);
  const idAt = shape.isTarget ? columns.indexOf('id') : -1;
  const ids: unknown[] = [];
  const waiting = binaryRows(shape.types) ?? textRows();
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin${waiting.format}`));
  const ended = once(stream, 'finish'); // rejects on 'error'
  ended.catch(() => {}); // awaited below; an error in between must not be called unhandled
  let count = 0;
  for (const row of rows) {
    references.note(row);
    if (idAt >= 0) ids.push(row[idAt]);
    waiting.add(row);
    count += 1;
    if (waiting.size() < CHUNK_SIZE) continue;
    if (!stream.write(waiting.take())) await Promise.race([once(stream, 'drain'), ended]);
  }
  stream.end(waiting.end());
  await ended;
  await references.check();
  copier.before = { name: shape.name, ids };
  return count;
}
