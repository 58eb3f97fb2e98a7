import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';

/** Where something is put among its like: before one of them, after one, or at the end. */
export type Spot = { before: string | null } | { after: string };

/** So near to its neighbour there is soon no number left between the two. */
const GAP_MIN = 1e-6;
const TABLES = { pin: sql.table('boards.pin'), section: sql.table('boards.section') };
/** Of two that came to the same place at once. */
const FIRST = { pin: sql`id desc`, section: sql`id` };

/**
 * Puts a pin or a section of a board elsewhere by writing its row alone: two who move others at once lose nothing. False
 * where it is none of the board's, or the one beside which it should stand.
 */
export async function putAt(
  tx: Tx,
  kind: keyof typeof TABLES,
  { id, boardId }: { id: string; boardId: string },
  spot: Spot,
): Promise<boolean> {
  const table = TABLES[kind];
  const isAfter = 'after' in spot;
  const beside = isAfter ? spot.after : spot.before;
  if (beside === null) {
    const { numAffectedRows } = await sql`
      update ${table} set position = (select max(position) + 1 from ${table} where board_id = ${boardId})
      where id = ${id} and board_id = ${boardId}`.execute(tx);
    return numAffectedRows === 1n;
  }
  await spreadWhereTight(tx, kind, boardId, beside);
  const next = isAfter
    ? sql`coalesce((select min(position) from ${table} as other where other.board_id = ${boardId}
        and other.position > target.position and other.id <> ${id}), target.position + 2)`
    : sql`coalesce((select max(position) from ${table} as other where other.board_id = ${boardId}
        and other.position < target.position and other.id <> ${id}), target.position - 2)`;
  const { numAffectedRows } = await sql`
    with place as (
      select (target.position + ${next}) / 2 as position from ${table} as target
      where target.board_id = ${boardId} and target.id = ${beside}
    )
    update ${table} as moved set position = place.position from place
    where moved.id = ${id} and moved.board_id = ${boardId}`.execute(tx);
  return numAffectedRows === 1n;
}

/**
 * Halving the same gap again and again leaves no number between two that can be written down: then all of the board get
 * whole numbers in the order that they have. The board is locked, so that two who come to it do so one after the other.
 */
async function spreadWhereTight(
  tx: Tx,
  kind: keyof typeof TABLES,
  boardId: string,
  beside: string,
): Promise<void> {
  const table = TABLES[kind];
  const { rows } = await sql`
    select from ${table} as target where target.id = ${beside} and target.board_id = ${boardId} and exists (
      select from ${table} as other where other.board_id = target.board_id and other.id <> target.id
        and other.position between target.position - ${GAP_MIN} and target.position + ${GAP_MIN})`.execute(
    tx,
  );
  if (rows.length === 0) return;
  await sql`select from boards.board where id = ${boardId} for update`.execute(tx);
  await sql`
    with ranked as (
      select id, row_number() over (order by position, ${FIRST[kind]}) as place from ${table} where board_id = ${boardId}
    )
    update ${table} as moved set position = place from ranked where moved.id = ranked.id`.execute(tx);
}
