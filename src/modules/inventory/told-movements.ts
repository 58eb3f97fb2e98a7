import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '#platform/db.ts';

/** A place in the order of committed transactions. */
export interface MovementPlace {
  position: string;
  number: string;
}

/** A movement as the numbers keep it: a row of theirs. */
export interface ToldMovement {
  movement_id: string;
  kind: string;
  location_id: string;
  variant_id: string;
  business_day: string;
  on_hand: number;
  value_minor: string;
}

/**
 * Where so many movements after a place reach to; undefined when there are none. Only transactions below the oldest one
 * that still runs: nothing can be committed among them any more.
 */
export async function movementsReachTo(
  connection: pg.ClientBase,
  after: MovementPlace,
  count: number,
): Promise<MovementPlace | undefined> {
  const { rows } = await connection.query<MovementPlace>(
    `select committed_by::text as position, id::text as number from (
       select committed_by, id from inventory.stock_movement
       where (committed_by, id) > ($1::xid8, $2::bigint) and committed_by < pg_snapshot_xmin(pg_current_snapshot())
       order by committed_by, id limit $3
     ) as next order by committed_by desc, id desc limit 1`,
    [after.position, after.number, count],
  );
  return rows[0];
}

/** Those between two places that changed what is on hand or what it costs, each on its day in the time zone. */
export async function movementsBetween(
  connection: pg.ClientBase,
  after: MovementPlace,
  to: MovementPlace,
  timeZone: string,
): Promise<ToldMovement[]> {
  const { rows } = await connection.query<ToldMovement>(
    `select id::text as movement_id, kind::text, location_id::text, variant_id::text,
       (moved_at at time zone $5)::date::text as business_day, on_hand_delta as on_hand,
       value_delta_minor::text as value_minor
     from inventory.stock_movement
     where (committed_by, id) > ($1::xid8, $2::bigint) and (committed_by, id) <= ($3::xid8, $4::bigint)
       and (on_hand_delta <> 0 or value_delta_minor <> 0)
     order by committed_by, id`,
    [after.position, after.number, to.position, to.number, timeZone],
  );
  return rows;
}

/** Since when a movement waits to be taken; undefined when none does. It may be dated before it was committed. */
export async function movementsWaitingSince(db: Db, after: MovementPlace): Promise<Date | undefined> {
  const { rows } = await sql<{ since: Date }>`
    select moved_at as since from inventory.stock_movement
    where (committed_by, id) > (${after.position}::xid8, ${after.number}::bigint)
    order by committed_by, id limit 1`.execute(db);
  return rows[0]?.since;
}
