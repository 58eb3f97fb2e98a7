import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { isWaitedFor, type LevelChange, openLevels, tell } from './movement.ts';

/**
 * How many units of a variant stay at a location and are not promised from now on. No unit moves, so the ledger has
 * nothing of it. The same again changes nothing.
 */
export async function keepBack(
  tx: Tx,
  { variantId, locationId, units }: { variantId: string; locationId: string; units: number },
): Promise<void> {
  await openLevels(tx, [{ variantId, locationId, quantity: 0 }]);
  const { rows } = await sql<LevelChange>`
    with locked as materialized (
      select variant_id, location_id, available, short, safety from inventory.stock_level
      where variant_id = ${variantId} and location_id = ${locationId} for update
    )
    update inventory.stock_level as level set safety = ${units}
    from locked where level.variant_id = locked.variant_id and level.location_id = locked.location_id
    returning level.variant_id as "variantId", level.location_id as "locationId", level.available, level.short,
      locked.available as "availableBefore", locked.short as "shortBefore",
      level.safety < locked.safety and ${isWaitedFor(sql`level`)} as "isForWaiting"`.execute(tx);
  for (const row of rows) await tell(tx, row);
}
