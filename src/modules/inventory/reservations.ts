import { isDeepStrictEqual } from 'node:util';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { inventoryErrors } from './errors.ts';
import {
  type MovementLine,
  openLevels,
  post,
  postedAs,
  postIf,
  postIfBeside,
  type StockLine,
} from './movement.ts';
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
  if (await hold(tx, id, expiresAt, lines)) return;
  if (!isDeepStrictEqual(inOneOrder(await postedAs(tx, { id }, 'reserve')), inOneOrder(lines))) {
    throw inventoryErrors.reservation_differs({ reservationId: id });
  }
  const state = await stateOf(tx, id);
  if (state !== 'held') throw inventoryErrors.reservation_not_held({ reservationId: id, state });
}

/** False where there is a reservation of this id. */
async function hold(tx: Tx, id: string, expiresAt: Date, lines: readonly MovementLine[]): Promise<boolean> {
  const held = sql`
    insert into inventory.reservation (id, expires_at) values (${id}, ${expiresAt}) on conflict do nothing returning id`;
  const waiting = lines.filter(({ waits = 0 }) => waits > 0);
  if (waiting.length === 0) return postIf(tx, 'reserve', { id }, held, lines);
  // What is to wait is counted before a level is locked.
  if ((await held.execute(tx)).rows.length === 0) return false;
  await promiseAhead(tx, lines);
  await openLevels(tx, waiting);
  await post(tx, 'reserve', { id }, lines);
  await noteWaiting(tx, id, lines);
  return true;
}

/**
 * Ends a reservation: its units are an order's, or free again. The same end twice is a retry; another end than
 * the first is refused.
 */
export async function settle(tx: Tx, id: string, end: 'allocate' | 'release'): Promise<void> {
  const state: State = end === 'allocate' ? 'allocated' : 'released';
  const settled = ended(id, state);
  if (end === 'allocate') {
    if (await postIf(tx, end, { id }, settled, 'reserve')) return;
  } else if ((await settled.execute(tx)).rows.length > 0) {
    await stopWaiting(tx, id);
    await post(tx, end, { id }, await postedAs(tx, { id }, 'reserve'));
    return;
  }
  const found = await stateOf(tx, id);
  if (found !== state) throw inventoryErrors.reservation_not_held({ reservationId: id, state: found });
}

/** Ends one as an order's, where it is held, and says what the statement read `beside` it, held or not. */
export async function allocateBeside<Beside>(
  tx: Tx,
  id: string,
  beside: RawBuilder<Beside>,
): Promise<{ isAllocated: boolean; beside: Beside | null }> {
  const { isPosted, ...read } = await postIfBeside(
    tx,
    'allocate',
    { id },
    ended(id, 'allocated'),
    'reserve',
    beside,
  );
  return { isAllocated: isPosted || (await stateOf(tx, id)) === 'allocated', ...read };
}

const ended = (id: string, state: State) => sql`
  update inventory.reservation set state = ${state} where id = ${id} and state = 'held' returning id`;

async function stateOf(tx: Tx, reservationId: string): Promise<State | 'unknown'> {
  const found = await own(tx)
    .selectFrom('inventory.reservation')
    .select('state')
    .where('id', '=', reservationId)
    .executeTakeFirst();
  return found?.state ?? 'unknown';
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
