import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { inventoryErrors } from './errors.ts';
import { type MovementLine, openLevels, post, type StockLine } from './movement.ts';
import { own } from './own.ts';
import type { InventoryReservationState as State } from './tables.ts';
import { noteWaiting, promiseAhead, stopWaiting } from './waiting.ts';

/** Holds all the lines, or refuses and holds none. The same id with the same lines is a retry, while it is held. */
export async function reserve(
  tx: Tx,
  id: string,
  expiresAt: Date,
  lines: readonly MovementLine[],
): Promise<void> {
  const isNew = await own(tx)
    .insertInto('inventory.reservation')
    .values({ id, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (isNew) {
    await promiseAhead(tx, lines);
    await openLevels(
      tx,
      lines.filter(({ waits = 0 }) => waits > 0),
    );
    await post(tx, 'reserve', { id }, lines);
    await noteWaiting(tx, id, lines);
    return;
  }
  if (!isDeepStrictEqual(await linesOf(tx, id), inOneOrder(lines))) {
    throw inventoryErrors.reservation_differs({ reservationId: id });
  }
  const state = await stateOf(tx, id);
  if (state !== 'held') throw inventoryErrors.reservation_not_held({ reservationId: id, state });
}

/**
 * Ends a reservation: its units are an order's, or free again. The same end twice is a retry; another end than
 * the first is refused.
 */
export async function settle(tx: Tx, id: string, end: 'allocate' | 'release'): Promise<void> {
  const state: State = end === 'allocate' ? 'allocated' : 'released';
  const { rows: held } = await sql<StockLine>`
    with settled as (
      update inventory.reservation set state = ${state} where id = ${id} and state = 'held' returning id
    )
    select variant_id as "variantId", location_id as "locationId", reserved_delta as quantity
    from settled join inventory.stock_movement on cause_id = settled.id and kind = 'reserve'`.execute(tx);
  if (held.length > 0) {
    if (end === 'release') await stopWaiting(tx, id);
    await post(tx, end, { id }, held);
    return;
  }
  const found = await stateOf(tx, id);
  if (found !== state) throw inventoryErrors.reservation_not_held({ reservationId: id, state: found });
}

async function stateOf(tx: Tx, reservationId: string): Promise<State | 'unknown'> {
  const found = await own(tx)
    .selectFrom('inventory.reservation')
    .select('state')
    .where('id', '=', reservationId)
    .executeTakeFirst();
  return found?.state ?? 'unknown';
}

async function linesOf(tx: Tx, reservationId: string): Promise<StockLine[]> {
  const lines = await own(tx)
    .selectFrom('inventory.stock_movement')
    .select(['variant_id as variantId', 'location_id as locationId', 'reserved_delta as quantity'])
    .where('cause_id', '=', reservationId)
    .where('kind', '=', 'reserve')
    .execute();
  return inOneOrder(lines);
}

/** As the ledger keeps them: one for each variant and place. */
function inOneOrder(lines: readonly StockLine[]): StockLine[] {
  const summed = new Map<string, StockLine>();
  for (const { variantId, locationId, quantity } of lines) {
    const key = `${variantId} ${locationId}`;
    summed.set(key, { variantId, locationId, quantity: quantity + (summed.get(key)?.quantity ?? 0) });
  }
  return [...summed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
