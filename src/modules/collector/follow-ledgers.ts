import assert from 'node:assert/strict';
import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { INSERT_SETTINGS } from './insert-batch.ts';

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

/** One process at a time: it ends with the connection. */
export async function lockFollower(connection: pg.Client): Promise<boolean> {
  const { rows } = await connection.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('collector.follower', 0)) as locked`,
  );
  return rows[0]?.locked === true;
}

/**
 * Sends the next of our own ledgers' events to the stream. False when nothing is due. The batch is noted before it is
 * sent: killed anywhere, the same bytes go again with the same token, and the stream stays as it is.
 */
export async function moveLedgers(connection: pg.Client, clickhouse: ClickHouseClient): Promise<boolean> {
  const batch = (await batchUnderWay(connection)) ?? (await nextBatch(connection));
  if (!batch) return false;
  await sendBatch(connection, clickhouse, batch);
  const { rowCount } = await connection.query(
    `update collector.follower
     set position = batch_position, event_id = batch_event_id, batch_position = null, batch_event_id = null
     where batch_position = $1::xid8 and batch_event_id = $2`,
    [batch.toPosition, batch.toEventId],
  );
  assert.equal(rowCount, 1, 'Another process moved the follower that this one holds');
  return true;
}

const BATCH_COLUMNS = `
  position::text, event_id as "eventId", batch_position::text as "toPosition", batch_event_id as "toEventId"`;

async function batchUnderWay(connection: pg.Client): Promise<Batch | undefined> {
  const { rows } = await connection.query<Batch>(
    `select ${BATCH_COLUMNS} from collector.follower where batch_position is not null`,
  );
  return rows[0];
}

/** Only transactions below the oldest one that still runs are taken: nothing can be committed among them any more. */
async function nextBatch(connection: pg.Client): Promise<Batch | undefined> {
  const { rows } = await connection.query<Batch>(
    `with due as (
       select event.committed_by, event.id, pg_column_size(event.payload) as bytes
       from collector.follower
       cross join lateral (
         select * from platform.event
         where (event.committed_by, event.id) > (follower.position, follower.event_id)
           and event.committed_by < pg_snapshot_xmin(pg_current_snapshot())
         order by event.committed_by, event.id limit $1
       ) as event
     ), measured as (
       select *, sum(bytes) over (order by committed_by, id) - bytes as bytes_before from due
     ), last as (
       select * from measured where bytes_before < $2 order by committed_by desc, id desc limit 1
     )
     update collector.follower set batch_position = last.committed_by, batch_event_id = last.id from last
     returning ${BATCH_COLUMNS}`,
    [EVENTS_MAX, STORED_BYTES_MAX],
  );
  return rows[0];
}

/** COPY takes no parameters, so the bounds are written into its text: digits and UUIDs, and nothing else. */
function between({ position, eventId, toPosition, toEventId }: Batch): string {
  for (const number of [position, toPosition]) assert.match(number, /^\d+$/);
  for (const id of [eventId, toEventId]) assert.match(id, /^[0-9a-f-]{36}$/);
  return `(committed_by, id) > ('${position}'::xid8, '${eventId}'::uuid)
    and (committed_by, id) <= ('${toPosition}'::xid8, '${toEventId}'::uuid)
    and name <> 'identity.member_erased.v1'`; // who is gone is not to come back by the news of it
}

/** PostgreSQL's COPY text is ClickHouse's TabSeparated: a view in ClickHouse makes events of the payloads. */
async function sendBatch(connection: pg.Client, clickhouse: ClickHouseClient, batch: Batch): Promise<void> {
  const values = connection.query(
    copyTo(`copy (
      select id, name, payload, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      from platform.event where ${between(batch)} order by committed_by, id
    ) to stdout`),
  );
  // When the insert fails, nobody reads on: the connection is closed, and the copy with it.
  values.on('error', () => {});
  await clickhouse.insert({
    table: 'ledger_event',
    columns: ['id', 'name', 'payload', 'emitted_at'],
    format: 'TabSeparated',
    values,
    clickhouse_settings: {
      ...INSERT_SETTINGS,
      insert_deduplication_token: `ledger:${batch.toPosition}:${batch.toEventId}`,
    },
  });
}
