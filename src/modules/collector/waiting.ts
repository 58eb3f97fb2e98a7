import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client';
import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { own } from './own.ts';
import { insertBatch } from './insert-batch.ts';

const zipped = promisify(gzip);
const unzipped = promisify(gunzip);
const DRAIN_LIMIT_MS = 30_000;
/** What ClickHouse says of bytes that it cannot read: any other refusal may pass. */
const UNREADABLE = new Set(['6', '26', '27', '33', '38', '41', '53', '62', '72', '117', '349']);

export async function isAnyWaiting(db: Db): Promise<boolean> {
  const row = await own(db)
    .selectFrom('collector.waiting_batch')
    .select('id')
    .where('refused', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A batch as it waits in PostgreSQL. */
export interface HeldBatch {
  token: string;
  zipped: Buffer;
  events: number;
}

/** What is done outside the transaction. */
export const toHold = async (token: string, lines: readonly string[]): Promise<HeldBatch> => ({
  token,
  zipped: await zipped(bodyOf(lines), { level: 1 }),
  events: lines.length,
});

export const bodyOf = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

export async function holdBatch(tx: Tx, batch: HeldBatch): Promise<void> {
  await own(tx)
    .insertInto('collector.waiting_batch')
    .values({ token: batch.token, body: batch.zipped, events: batch.events })
    .onConflict((conflict) => conflict.column('token').doNothing())
    .execute();
}

export interface Waiting {
  batches: number;
  events: number;
  since: Date | null;
  refused: number;
}

/** What is not in ClickHouse yet. */
export async function waiting(db: Db): Promise<Waiting> {
  const { rows } = await sql<Waiting>`
    select count(*) filter (where refused is null) as batches,
      coalesce(sum(events) filter (where refused is null), 0)::bigint as events,
      min(held_at) filter (where refused is null) as since,
      count(*) filter (where refused is not null) as refused
    from collector.waiting_batch`.execute(db);
  return rows[0] ?? { batches: 0, events: 0, since: null, refused: 0 };
}

/**
 * Sends the oldest that waits, and lets go of it when it is there. False when nothing waits. Whoever calls holds the
 * follower's lock. Killed in between, it is sent again with the same token, and taken once.
 */
export async function sendOldest(db: Db, clickhouse: ClickHouseClient): Promise<boolean> {
  const oldest = await own(db)
    .selectFrom('collector.waiting_batch')
    .select(['id', 'token', 'body'])
    .where('refused', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return false;
  try {
    await insertBatch(clickhouse, { token: oldest.token, body: await unzipped(oldest.body) }, DRAIN_LIMIT_MS);
  } catch (error) {
    if (!(error instanceof ClickHouseError) || !UNREADABLE.has(error.code)) throw error;
    await inTransaction(db, (tx) =>
      own(tx)
        .updateTable('collector.waiting_batch')
        .set({ refused: error.message.slice(0, 1000) })
        .where('id', '=', oldest.id)
        .execute(),
    );
    return true;
  }
  await inTransaction(db, (tx) =>
    own(tx).deleteFrom('collector.waiting_batch').where('id', '=', oldest.id).execute(),
  );
  return true;
}
