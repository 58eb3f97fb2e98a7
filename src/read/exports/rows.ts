import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { Deps } from '#platform/module.ts';
import { type Column, type ColumnKind, CURSOR, type ExportQuestion, type RowBatch } from './columns.ts';
import { exportErrors } from './errors.ts';
import { isFollowed, type Ledger } from './ledger.ts';
import { SALE_ENTRIES, saleEntries } from './sale-entries.ts';

export type ExportDeps = Pick<Deps, 'reads' | 'databaseUrl' | 'clickhouse' | 'now'>;

const ROWS_AT_ONCE = 1_000;
/** How long writers are waited for whose rows may come before ones that are there already. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 25;

/**
 * A ledger's rows in the order of its key, from one snapshot, a thousand at a time: the next are fetched when they are
 * asked for. The first batch has the columns and no rows. Ended early, or by `signal`, it frees its connection.
 */
export async function* rowsOf(
  deps: ExportDeps,
  ledger: Ledger,
  question: ExportQuestion,
  signal: AbortSignal,
): AsyncGenerator<RowBatch> {
  refuseUnfit(ledger, question);
  if (ledger === SALE_ENTRIES) return yield* saleEntries(deps.clickhouse, question, signal);
  const client = clientFor(deps.databaseUrl);
  await client.connect();
  const stop = () => void cancel(deps, client).catch(() => {});
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    const upTo = isFollowed(ledger) ? await settledKey(client, ledger) : undefined;
    const columns = (await columnsIn(client, ledger)).filter(
      ({ column: { isPersonal } }) => question.isPersonal || !isPersonal,
    );
    await client.query('begin isolation level repeatable read, read only');
    await declare(client, ledger, { ...question, at: question.at ?? deps.now() }, columns, upTo);
    const names = [...columns.map(({ column }) => column), CURSOR_COLUMN];
    yield { columns: names, rows: [] };
    while (!signal.aborted) {
      const query = { text: `fetch forward ${ROWS_AT_ONCE} from ledger`, rowMode: 'array' } as const;
      const { rows } = await client.query<(string | null)[]>(query);
      if (rows.length > 0) yield { columns: names, rows };
      if (rows.length < ROWS_AT_ONCE) return;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end();
  }
}

const CURSOR_COLUMN: Column = { name: CURSOR, kind: 'text', isPersonal: false };

function refuseUnfit({ at, isOfMoment, name }: Ledger, question: ExportQuestion): void {
  if (question.at && !isOfMoment) throw exportErrors.filter_unfit({ filter: 'at' });
  const isTimed = at !== undefined || name === SALE_ENTRIES.name;
  for (const filter of ['from', 'to'] as const)
    if (question[filter] && !isTimed) throw exportErrors.filter_unfit({ filter });
}

/** A connection of its own: it is held for as long as somebody takes to download, and pages must not wait for that. */
function clientFor(connectionString: string): pg.Client {
  const settings = [
    'timezone=UTC',
    'jit=off',
    'default_transaction_read_only=on',
    'cursor_tuple_fraction=1',
    'client_connection_check_interval=1000',
  ];
  const client = new pg.Client({
    connectionString,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    types: { getTypeParser: () => (text: string) => text },
  });
  client.on('error', () => {}); // told to the query that it is in the middle of
  return client;
}

async function cancel({ reads }: Pick<Deps, 'reads'>, client: pg.Client): Promise<void> {
  const { processID } = client as pg.Client & { processID: number };
  await sql`select pg_cancel_backend(${processID})`.execute(reads);
}

/** A column of a ledger, and the words in its statement. */
interface Selected {
  expression: string;
  column: Column;
}

const KINDS: ReadonlyMap<number, ColumnKind> = new Map([
  ...[20, 21, 23, 700, 701].map((oid) => [oid, 'number'] as const),
  [16, 'boolean'],
  [1184, 'moment'],
  [1082, 'day'],
  [114, 'json'],
  [3802, 'json'],
]);

/** The database itself says what each column is, and whether the one that it comes from is personal. */
async function columnsIn(client: pg.Client, ledger: Ledger): Promise<Selected[]> {
  const from = ledger.from.replaceAll('$1', 'now()');
  const { fields } = await client.query(`select ${ledger.columns} from ${from} limit 0`);
  const { rows } = await client.query<{ at: string }>(
    `select origin.at - 1 as at from unnest($1::oid[], $2::integer[]) with ordinality as origin (table_id, number, at)
     where col_description(table_id, number) = 'personal'`,
    [fields.map(({ tableID }) => tableID), fields.map(({ columnID }) => columnID)],
  );
  const personal = new Set(rows.map(({ at }) => Number(at)));
  const expressions = ledger.columns.split(/,\s*/);
  return fields.map(({ name, dataTypeID }, at) => {
    const kind = KINDS.get(dataTypeID) ?? 'text';
    return { expression: expressions[at] ?? '', column: { name, kind, isPersonal: personal.has(at) } };
  });
}

/** What a ledger's columns are, without any of its rows. */
export async function columnsOf(databaseUrl: string, ledgers: readonly Ledger[]): Promise<Column[][]> {
  const client = clientFor(databaseUrl);
  await client.connect();
  try {
    const found: Column[][] = [];
    for (const ledger of ledgers) found.push((await columnsIn(client, ledger)).map(({ column }) => column));
    return found;
  } finally {
    await client.end();
  }
}

async function declare(
  client: pg.Client,
  { from, key, at, where, isOfMoment }: Ledger,
  question: ExportQuestion,
  columns: readonly Selected[],
  upTo: string | undefined,
): Promise<void> {
  const values: (string | null)[] = isOfMoment ? [(question.at ?? new Date()).toISOString()] : [];
  const hole = (value: string, type: string) => `$${values.push(value)}::${type}`;
  const keys = Object.keys(key);
  const [first = ''] = keys;
  const narrowed = where === undefined ? [] : [where];
  if (question.from && at) narrowed.push(`${at} >= ${hole(question.from.toISOString(), 'timestamptz')}`);
  if (question.to && at) narrowed.push(`${at} < ${hole(question.to.toISOString(), 'timestamptz')}`);
  if (upTo !== undefined) narrowed.push(`${first} <= ${hole(upTo, 'bigint')}`);
  if (question.after !== undefined) {
    const parts = partsOf(question.after, keys.length);
    const holes = Object.values(key).map((type, index) => hole(parts[index] ?? '', type));
    narrowed.push(`(${keys.join(', ')}) > (${holes.join(', ')})`);
  }
  const condition = narrowed.length > 0 ? `where ${narrowed.join(' and ')}` : '';
  const selected = [
    ...columns.map(({ expression }) => expression),
    `concat_ws('~', ${keys.join(', ')}) as ${CURSOR}`,
  ];
  const text = `declare ledger no scroll cursor for
    select ${selected.join(', ')} from ${from} ${condition} order by ${keys.join(', ')}`;
  try {
    await client.query(text, values);
  } catch (error) {
    if (question.after !== undefined && error instanceof pg.DatabaseError && error.code?.startsWith('22'))
      throw exportErrors.cursor_unknown({});
    throw error;
  }
}

/** Only the last part of a cursor may hold the sign that parts them. */
function partsOf(cursor: string, count: number): string[] {
  const parts = cursor.split('~');
  if (parts.length < count) throw exportErrors.cursor_unknown({});
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join('~')];
}

/**
 * The last number up to which no row can come any more. Numbers are given before the rows are committed, so one below
 * it may still be on its way: whoever held the table for writing when it was read is waited for.
 */
async function settledKey(client: pg.Client, { table, key }: Ledger): Promise<string | undefined> {
  const [first] = Object.entries(key);
  if (first?.[1] !== 'bigint') return undefined;
  const { rows } = await client.query<{ last: string | null }>(
    `select max(${first[0].replace('row.', '')}) as last from ${table}`,
  );
  const last = rows[0]?.last ?? '0';
  const writers = `select virtualtransaction as writer from pg_locks
    where relation = '${table}'::regclass and mode = 'RowExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())`;
  const { rows: writing } = await client.query<{ writer: string }>(writers);
  const waited = writing.map(({ writer }) => writer);
  for (let left = PATIENCE_MS; waited.length > 0; left -= LOOK_MS) {
    const { rows: still } = await client.query(`${writers} and virtualtransaction = any($1)`, [waited]);
    if (still.length === 0) break;
    if (left <= 0) throw exportErrors.still_being_written({});
    await pause(LOOK_MS);
  }
  return last;
}
