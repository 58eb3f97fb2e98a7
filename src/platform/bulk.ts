import { once } from 'node:events';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openReferences } from './bulk-references.ts';
import type { Tx } from './db.ts';

export type CopyValue = string | number | bigint | boolean | Date | null | readonly (string | number)[];

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

const CHUNK_CHARACTERS = 64 * 1024;

async function copy(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> {
  const references = await openReferences(client, table, columns);
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
  const ended = once(stream, 'finish'); // rejects on 'error'
  ended.catch(() => {}); // awaited below; an error in between must not be called unhandled
  let chunk = '';
  let count = 0;
  for (const row of rows) {
    references.note(row);
    chunk += copyLine(row);
    count += 1;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), ended]);
    chunk = '';
  }
  stream.end(chunk);
  await ended;
  await references.check();
  return count;
}

/** A row in the text format of COPY. Strung together in one loop: an import makes half a million of them. */
function copyLine(row: readonly CopyValue[]): string {
  let line = '';
  for (let column = 0; column < row.length; column++) {
    const value = row[column] ?? null;
    if (column > 0) line += '\t';
    if (typeof value === 'string') line += isPlain(value) ? value : escaped(value);
    else if (typeof value === 'number') line += value;
    else line += copyText(value);
  }
  return `${line}\n`;
}

function copyText(value: Exclude<CopyValue, string | number>): string {
  if (value === null) return String.raw`\N`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return escaped(`{${value.map(arrayElement).join(',')}}`);
  return String(value);
}

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const isPlain = (text: string) => !/[\\\t\n\r]/.test(text);
const escaped = (text: string) => text.replace(/[\\\t\n\r]/g, (character) => ESCAPED[character] ?? character);

const arrayElement = (element: string | number) =>
  typeof element === 'number' ? String(element) : `"${element.replace(/["\\]/g, String.raw`\$&`)}"`;
