import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { creditsBetween, lastCreditId } from '#modules/market/index.ts';
import { refreshRollup, type TouchedKey } from './rollups.ts';

const FOLLOWER = 'credit_entry';
const CREDITS_MAX = 10_000;

interface Place {
  position: string;
  toPosition: string | null;
}

/**
 * Sends the next credits to ClickHouse and moves on; false when nothing is due. The connection must hold the lock of the
 * follower. What a batch reaches to is noted before it is sent: killed anywhere, the same rows are sent again.
 */
export async function moveCredits(connection: pg.Client, clickhouse: ClickHouseClient): Promise<boolean> {
  const { rows } = await connection.query<Place>(
    `select position::text, batch_position::text as "toPosition" from insight.follower where name = $1`,
    [FOLLOWER],
  );
  const place = rows[0];
  if (!place) throw new Error('The follower of credits has no row: the database is not migrated');
  const to = place.toPosition ?? (await noteBatch(connection, place.position));
  if (to === undefined) return false;
  const credits = await creditsBetween(connection, place.position, to);
  await clickhouse.insert({
    table: 'credit_entry',
    values: credits,
    format: 'JSONEachRow',
    clickhouse_settings: {
      insert_deduplication_token: `${FOLLOWER}:${to}`,
      input_format_parallel_parsing: 0,
      max_insert_threads: '1',
    },
  });
  const touched = new Map<string, TouchedKey>();
  for (const { currency, business_day: day, region } of credits)
    touched.set(`${currency} ${day} ${region}`, { currency, day, place: region });
  await refreshRollup(clickhouse, 'credits', [...touched.values()]);
  await connection.query(
    `update insight.follower set position = batch_position, batch_position = null, batch_event_id = null,
       moved_at = now(), changed_at = now()
     where name = $1 and batch_position = $2::xid8`,
    [FOLLOWER, to],
  );
  return true;
}

async function noteBatch(connection: pg.Client, position: string): Promise<string | undefined> {
  const to = await lastCreditId(connection, position, CREDITS_MAX);
  if (to === undefined) return undefined;
  await connection.query(
    `update insight.follower set batch_position = $2::xid8, batch_event_id = event_id where name = $1`,
    [FOLLOWER, to],
  );
  return to;
}
