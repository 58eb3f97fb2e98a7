import type pg from 'pg';
import { type LedgerPlace, toldLedger } from '#platform/told-ledger.ts';

export const { reachesTo: movementsReachTo, waitingSince: movementsWaitingSince } = toldLedger({
  table: 'inventory.stock_movement',
  at: 'moved_at',
});

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

/** Those between two places that changed what is on hand or what it costs, each on its day in the time zone. */
export async function movementsBetween(
  connection: pg.ClientBase,
  after: LedgerPlace,
  to: LedgerPlace,
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
