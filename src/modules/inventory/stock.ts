import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { stockCameIn, stockRanOut } from '#events/inventory.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { inventoryErrors } from './errors.ts';
import { own } from './own.ts';
import type { DB } from './tables.ts';

export interface StockLine {
  variantId: string;
  locationId: string;
  quantity: number;
}

/** What one unit of each kind of move does to the two balances. */
const EFFECT = {
  receive: { onHand: 1, reserved: 0 },
  reserve: { onHand: 0, reserved: 1 },
  release: { onHand: 0, reserved: -1 },
  ship: { onHand: -1, reserved: -1 },
  return_in: { onHand: 1, reserved: 0 },
} as const satisfies Record<DB['inventory.stock_move']['kind'], object>;

export async function availableOf(db: Db, variantId: string, locationId: string): Promise<number> {
  const level = await own(db)
    .selectFrom('inventory.stock_level')
    .select((eb) => eb('on_hand', '-', eb.ref('reserved')).as('available'))
    .where('variant_id', '=', variantId)
    .where('location_id', '=', locationId)
    .executeTakeFirst();
  return level?.available ?? 0;
}

export async function receive(tx: Tx, deliveryId: string, lines: StockLine[]): Promise<void> {
  for (const line of inLockOrder(lines)) {
    await own(tx)
      .insertInto('inventory.stock_level')
      .values({ variant_id: line.variantId, location_id: line.locationId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    assert(await move(tx, 'receive', deliveryId, line));
  }
}

/** Holds all the lines, or refuses and holds none. The same id with the same lines is a retry, while it is held. */
export async function reserve(tx: Tx, id: string, expiresAt: Date, lines: StockLine[]): Promise<void> {
  const wanted = inLockOrder(lines);
  const isNew = await own(tx)
    .insertInto('inventory.reservation')
    .values({ id, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!isNew) {
    if (!isDeepStrictEqual(await linesOf(tx, id), wanted)) {
      throw inventoryErrors.reservation_differs({ reservationId: id });
    }
    const state = await stateOf(tx, id);
    if (state !== 'held') throw inventoryErrors.reservation_not_held({ reservationId: id, state });
    return;
  }
  for (const line of wanted) {
    if (await move(tx, 'reserve', id, line)) continue;
    const { variantId, locationId, quantity } = line;
    const available = await availableOf(tx, variantId, locationId);
    throw inventoryErrors.insufficient_stock({ variantId, locationId, wanted: quantity, available });
  }
}

/** Ends a reservation: its units leave, or are free again. Settling it the same way twice is a retry. */
export async function settle(tx: Tx, id: string, kind: 'ship' | 'release'): Promise<void> {
  const state = kind === 'ship' ? 'shipped' : 'released';
  const settled = await own(tx)
    .updateTable('inventory.reservation')
    .set({ state })
    .where('id', '=', id)
    .where('state', '=', 'held')
    .returning('id')
    .executeTakeFirst();
  if (settled) {
    for (const line of await linesOf(tx, id)) assert(await move(tx, kind, id, line));
    return;
  }
  const found = await stateOf(tx, id);
  if (found !== state) throw inventoryErrors.reservation_not_held({ reservationId: id, state: found });
}

async function stateOf(tx: Tx, reservationId: string): Promise<string> {
  const found = await own(tx)
    .selectFrom('inventory.reservation')
    .select('state')
    .where('id', '=', reservationId)
    .executeTakeFirst();
  return found?.state ?? 'unknown';
}

/** The only writer of levels and ledger, beside the opening stock. False when it would oversell, having written nothing. */
async function move(
  tx: Tx,
  kind: keyof typeof EFFECT,
  causeId: string,
  { variantId, locationId, quantity }: StockLine,
): Promise<boolean> {
  const onHand = EFFECT[kind].onHand * quantity;
  const reserved = EFFECT[kind].reserved * quantity;
  const level = await own(tx)
    .updateTable('inventory.stock_level')
    .set((eb) => ({ on_hand: eb('on_hand', '+', onHand), reserved: eb('reserved', '+', reserved) }))
    .where('variant_id', '=', variantId)
    .where('location_id', '=', locationId)
    // Checked by the statement that writes, on the locked row: nobody can come in between.
    .where((eb) => eb(eb('on_hand', '-', eb.ref('reserved')), '>=', reserved - onHand))
    .returning((eb) => eb('on_hand', '-', eb.ref('reserved')).as('available'))
    .executeTakeFirst();
  if (!level) return false;
  const place = { variant_id: variantId, location_id: locationId };
  await own(tx)
    .insertInto('inventory.stock_move')
    .values({ kind, cause_id: causeId, ...place, on_hand_delta: onHand, reserved_delta: reserved })
    .execute();
  const availableBefore = level.available - (onHand - reserved);
  if (level.available === 0 && availableBefore > 0) await emit(tx, stockRanOut, { variantId, locationId });
  if (level.available > 0 && availableBefore === 0) await emit(tx, stockCameIn, { variantId, locationId });
  return true;
}

async function linesOf(tx: Tx, reservationId: string): Promise<StockLine[]> {
  const lines = await own(tx)
    .selectFrom('inventory.stock_move')
    .select(['variant_id as variantId', 'location_id as locationId', 'reserved_delta as quantity'])
    .where('cause_id', '=', reservationId)
    .where('kind', '=', 'reserve')
    .execute();
  return inLockOrder(lines);
}

/** One line for each variant and place, sorted: two baskets then never lock rows in opposite orders. */
function inLockOrder(lines: StockLine[]): StockLine[] {
  const merged = new Map<string, StockLine>();
  for (const { variantId, locationId, quantity } of lines) {
    assert(quantity > 0);
    const key = `${variantId} ${locationId}`;
    merged.set(key, { variantId, locationId, quantity: quantity + (merged.get(key)?.quantity ?? 0) });
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
