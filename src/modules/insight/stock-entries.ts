import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { movementsBetween, movementsReachTo } from '#modules/inventory/index.ts';
import { refreshRollup, type TouchedKey } from './rollups.ts';

const FOLLOWER = 'stock_entry';
const MOVEMENTS_MAX = 10_000;

/** Whose days the movements are on, and what they cost in. */
export interface Marketplace {
  timeZone: string;
  currency: string;
}

interface Place {
  position: string;
  number: string;
  toPosition: string | null;
  toNumber: string | null;
}

/**
 * Sends the next movements of stock to ClickHouse and moves on; false when nothing is due. The connection must hold the
 * lock of the follower. What a batch reaches to is noted before it is sent: killed anywhere, the same rows are sent again.
 */
export async function moveStock(
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone, currency }: Marketplace,
): Promise<boolean> {
  const { rows } = await connection.query<Place>(
    `select position::text, number::text, batch_position::text as "toPosition", batch_number::text as "toNumber"
     from insight.follower where name = $1`,
    [FOLLOWER],
  );
  const [place] = rows;
  if (!place) throw new Error('The follower of stock has no row: the database is not migrated');
  const noted = place.toPosition !== null && place.toNumber !== null;
  const to = noted
    ? { position: place.toPosition ?? '', number: place.toNumber ?? '' }
    : await noteBatch(connection, place);
  if (!to) return false;
  const movements = await movementsBetween(connection, place, to, timeZone);
  if (movements.length > 0) {
    await clickhouse.insert({
      table: 'stock_entry',
      values: movements.map((movement) => ({ ...movement, currency })),
      format: 'JSONEachRow',
      clickhouse_settings: {
        insert_deduplication_token: `${FOLLOWER}:${to.position}:${to.number}`,
        input_format_parallel_parsing: 0,
        max_insert_threads: '1',
      },
    });
    const touched = new Map<string, TouchedKey>();
    for (const { business_day: day, location_id: locationId } of movements)
      touched.set(`${day} ${locationId}`, { currency, day, place: locationId });
    await refreshRollup(clickhouse, 'stock', [...touched.values()]);
  }
  await connection.query(
    `update insight.follower set position = batch_position, number = batch_number, batch_position = null,
       batch_event_id = null, batch_number = null, moved_at = now(), changed_at = now()
     where name = $1 and batch_position = $2::xid8 and batch_number = $3`,
    [FOLLOWER, to.position, to.number],
  );
  return true;
}

async function noteBatch(connection: pg.Client, place: Place) {
  const to = await movementsReachTo(connection, place, MOVEMENTS_MAX);
  if (!to) return undefined;
  await connection.query(
    `update insight.follower set batch_position = $2::xid8, batch_event_id = event_id, batch_number = $3
     where name = $1`,
    [FOLLOWER, to.position, to.number],
  );
  return to;
}
