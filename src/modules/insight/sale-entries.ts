import assert from 'node:assert/strict';
import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { orderPlaced, orderRecorded, returnRecorded, unitsCancelled } from '#events/orders.ts';
import { refreshRollup, type TouchedKey } from './rollups.ts';

const FOLLOWER = 'sale_entry';
const FOLLOWED = [orderPlaced.name, orderRecorded.name, returnRecorded.name, unitsCancelled.name];
/** Part of the token: a batch with the same ends, read when fewer names were followed, held other events. */
const FOLLOWED_VERSION = 2;
const EVENTS_MAX = 2_000;
/** As stored, compressed: some four times as much is sent. At least one event goes, whatever its size. */
const STORED_BYTES_MAX = 4_000_000;

/** From one event of the table (not included) to another (included), in the order of (committed_by, id). */
interface Batch {
  position: string;
  eventId: string;
  toPosition: string;
  toEventId: string;
}

/** One process at a time follows: the others find the lock held, and look again. It ends with the connection. */
export async function lockFollower(connection: pg.Client): Promise<boolean> {
  const { rows } = await connection.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
    [`insight.follower.${FOLLOWER}`],
  );
  return rows[0]?.locked === true;
}

/**
 * Sends the next events to the ledger, and moves the position. False when nothing is due. The connection must
 * hold the follower's lock. Killed anywhere, it sends the same batch again, and the ledger stays as it is.
 */
export async function moveBatch(connection: pg.Client, clickhouse: ClickHouseClient): Promise<boolean> {
  const batch = (await batchUnderWay(connection)) ?? (await nextBatch(connection));
  if (!batch) return false;
  const touched = await touchedKeys(connection, batch);
  const changed = touched.length > 0;
  if (changed) {
    await sendBatch(connection, clickhouse, batch);
    await refreshRollup(clickhouse, 'sales', touched);
  }
  await finishBatch(connection, batch, changed);
  return true;
}

const BATCH_COLUMNS = `
  position::text, event_id as "eventId", batch_position::text as "toPosition", batch_event_id as "toEventId"`;

async function batchUnderWay(connection: pg.Client): Promise<Batch | undefined> {
  const { rows } = await connection.query<Batch>(
    `select ${BATCH_COLUMNS} from insight.follower where name = $1 and batch_position is not null`,
    [FOLLOWER],
  );
  return rows[0];
}

/**
 * Notes how far the next batch reaches. Only transactions below the oldest one that still runs are taken:
 * nothing can be committed among them any more, so nothing is passed by.
 */
async function nextBatch(connection: pg.Client): Promise<Batch | undefined> {
  const { rows } = await connection.query<Batch>(
    `with due as (
       select event.committed_by, event.id, pg_column_size(event.payload) as bytes
       from insight.follower
       cross join lateral (
         select * from platform.event
         where (event.committed_by, event.id) > (follower.position, follower.event_id)
           and event.committed_by < pg_snapshot_xmin(pg_current_snapshot())
         order by event.committed_by, event.id limit $2
       ) as event
       where follower.name = $1
     ), measured as (
       select *, sum(bytes) over (order by committed_by, id) - bytes as bytes_before from due
     ), last as (
       select * from measured where bytes_before < $3 order by committed_by desc, id desc limit 1
     )
     update insight.follower set batch_position = last.committed_by, batch_event_id = last.id
     from last where follower.name = $1
     returning ${BATCH_COLUMNS}`,
    [FOLLOWER, EVENTS_MAX, STORED_BYTES_MAX],
  );
  return rows[0];
}

/** COPY takes no parameters, so the bounds are written into its text: digits and UUIDs, and nothing else. */
function between({ position, eventId, toPosition, toEventId }: Batch): string {
  for (const number of [position, toPosition]) assert.match(number, /^\d+$/);
  for (const id of [eventId, toEventId]) assert.match(id, /^[0-9a-f-]{36}$/);
  const names = FOLLOWED.map((name) => `'${name}'`).join(', ');
  return `
    (committed_by, id) > ('${position}'::xid8, '${eventId}'::uuid)
    and (committed_by, id) <= ('${toPosition}'::xid8, '${toEventId}'::uuid)
    and name in (${names})`;
}

/** The days and regions that the batch's documents are in; none where it has no document. */
async function touchedKeys(connection: pg.Client, batch: Batch): Promise<TouchedKey[]> {
  const { rows } = await connection.query<TouchedKey>(
    `select distinct payload ->> 'currency' as currency, payload ->> 'businessDay' as day,
       payload ->> 'regionCode' as place
     from platform.event where ${between(batch)}`,
  );
  return rows;
}

/**
 * PostgreSQL's COPY text is ClickHouse's TabSeparated: the payloads pass through as they are, and a view in
 * ClickHouse makes entries of them. One block, one token: sent twice, it is taken once.
 */
async function sendBatch(connection: pg.Client, clickhouse: ClickHouseClient, batch: Batch): Promise<void> {
  const values = connection.query(
    copyTo(`copy (
      select id, name, payload from platform.event where ${between(batch)} order by committed_by, id
    ) to stdout`),
  );
  // When the insert fails, nobody reads on: the connection is closed, and the copy with it.
  values.on('error', () => {});
  await clickhouse.insert({
    table: 'order_event',
    columns: ['event_id', 'name', 'payload'],
    format: 'TabSeparated',
    values,
    clickhouse_settings: {
      insert_deduplication_token: `${FOLLOWER}:${FOLLOWED_VERSION}:${batch.toPosition}:${batch.toEventId}`,
      // Bytes cut into blocks by several threads would not be the same blocks the next time.
      input_format_parallel_parsing: 0,
      max_insert_threads: '1',
    },
  });
}

async function finishBatch(connection: pg.Client, batch: Batch, changed: boolean): Promise<void> {
  const { rowCount } = await connection.query(
    `update insight.follower
     set position = batch_position, event_id = batch_event_id, batch_position = null, batch_event_id = null,
         moved_at = now(), changed_at = case when $4 then now() else changed_at end
     where name = $1 and batch_position = $2::xid8 and batch_event_id = $3`,
    [FOLLOWER, batch.toPosition, batch.toEventId, changed],
  );
  assert.equal(rowCount, 1, 'Another process moved the follower that this one holds');
}
