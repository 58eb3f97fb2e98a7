import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import type { LedgerPlace } from '#platform/told-ledger.ts';

/** A ledger of another module that is told by the transaction and the number of its rows. */
interface Told<Row extends object> {
  /** Of the follower, and of the table that its rows come to. */
  name:
    | 'stock_entry'
    | 'service_entry'
    | 'opinion_entry'
    | 'goods_cost_entry'
    | 'serve_cost_entry'
    | 'spend_entry'
    | 'contact_entry';
  most: number;
  reachesTo: (
    connection: pg.ClientBase,
    after: LedgerPlace,
    count: number,
  ) => Promise<LedgerPlace | undefined>;
  between: (
    connection: pg.ClientBase,
    after: LedgerPlace,
    to: LedgerPlace,
    timeZone: string,
  ) => Promise<readonly Row[]>;
  /** What is still to be done once the rows are there. Of a batch that is sent again it is done again. */
  sent?: (rows: readonly Row[]) => Promise<void>;
}

/**
 * Sends the next rows of a ledger to ClickHouse and moves on; false when nothing is due. The connection must hold the lock
 * of the follower. What a batch reaches to is noted before it is sent: killed anywhere, the same rows are sent again, and
 * of two with one key the one with the higher version holds.
 */
export async function moveTold<Row extends object>(
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  told: Told<Row>,
  timeZone: string,
): Promise<boolean> {
  const { name } = told;
  const { rows } = await connection.query<
    LedgerPlace & { toPosition: string | null; toNumber: string | null }
  >(
    `select position::text, number::text, batch_position::text as "toPosition", batch_number::text as "toNumber"
     from insight.follower where name = $1`,
    [name],
  );
  const [place] = rows;
  if (!place) throw new Error(`The follower of ${name} has no row: the database is not migrated`);
  const { toPosition, toNumber } = place;
  const noted = toPosition !== null && toNumber !== null;
  const to = noted ? { position: toPosition, number: toNumber } : await noteBatch(connection, told, place);
  if (!to) return false;
  const values = await told.between(connection, place, to, timeZone);
  if (values.length > 0) {
    await clickhouse.insert({
      table: name,
      values,
      format: 'JSONEachRow',
      clickhouse_settings: {
        insert_deduplication_token: `${name}:${to.position}:${to.number}`,
        input_format_parallel_parsing: 0,
        max_insert_threads: '1',
      },
    });
    await told.sent?.(values);
  }
  await connection.query(
    `update insight.follower set position = batch_position, number = batch_number, batch_position = null,
       batch_event_id = null, batch_number = null, moved_at = now(), changed_at = now()
     where name = $1 and batch_position = $2::xid8 and batch_number = $3`,
    [name, to.position, to.number],
  );
  return true;
}

async function noteBatch(
  connection: pg.Client,
  { name, most, reachesTo }: Pick<Told<object>, 'name' | 'most' | 'reachesTo'>,
  place: LedgerPlace,
): Promise<LedgerPlace | undefined> {
  const to = await reachesTo(connection, place, most);
  if (!to) return undefined;
  await connection.query(
    `update insight.follower set batch_position = $2::xid8, batch_event_id = event_id, batch_number = $3
     where name = $1`,
    [name, to.position, to.number],
  );
  return to;
}
