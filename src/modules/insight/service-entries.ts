import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { serviceBetween, serviceReachesTo } from '#modules/fulfilment/index.ts';
import type { Marketplace } from './stock-entries.ts';

const FOLLOWER = 'service_entry';
const ENTRIES_MAX = 5_000;

interface Place {
  position: string;
  number: string;
  toPosition: string | null;
  toNumber: string | null;
}

/**
 * Sends how the next parts of orders now are to ClickHouse and moves on; false when nothing is due. The connection must
 * hold the lock of the follower. What a batch reaches to is noted before it is sent: killed anywhere, the same rows are
 * sent again, and of two rows of a line the one with the higher version holds.
 */
export async function moveService(
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone }: Pick<Marketplace, 'timeZone'>,
): Promise<boolean> {
  const { rows } = await connection.query<Place>(
    `select position::text, number::text, batch_position::text as "toPosition", batch_number::text as "toNumber"
     from insight.follower where name = $1`,
    [FOLLOWER],
  );
  const [place] = rows;
  if (!place) throw new Error('The follower of service has no row: the database is not migrated');
  const noted = place.toPosition !== null && place.toNumber !== null;
  const to = noted
    ? { position: place.toPosition ?? '', number: place.toNumber ?? '' }
    : await noteBatch(connection, place);
  if (!to) return false;
  const values = await serviceBetween(connection, place, to, timeZone);
  if (values.length > 0)
    await clickhouse.insert({
      table: 'service_entry',
      values,
      format: 'JSONEachRow',
      clickhouse_settings: {
        insert_deduplication_token: `${FOLLOWER}:${to.position}:${to.number}`,
        input_format_parallel_parsing: 0,
        max_insert_threads: '1',
      },
    });
  await connection.query(
    `update insight.follower set position = batch_position, number = batch_number, batch_position = null,
       batch_event_id = null, batch_number = null, moved_at = now(), changed_at = now()
     where name = $1 and batch_position = $2::xid8 and batch_number = $3`,
    [FOLLOWER, to.position, to.number],
  );
  return true;
}

async function noteBatch(connection: pg.Client, place: Place) {
  const to = await serviceReachesTo(connection, place, ENTRIES_MAX);
  if (!to) return undefined;
  await connection.query(
    `update insight.follower set batch_position = $2::xid8, batch_event_id = event_id, batch_number = $3
     where name = $1`,
    [FOLLOWER, to.position, to.number],
  );
  return to;
}
