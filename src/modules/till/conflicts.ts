import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { levelsOf } from '../inventory/index.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';

/** Units that were sold without a connection, and how many of them the books had left to sell. */
export interface StockConflict {
  variantId: string;
  locationId: string;
  wanted: number;
  available: number;
}

export interface KeptConflict extends StockConflict {
  id: string;
  saleId: string;
  toldAt: Date;
}

/**
 * What of an order was sold though it was promised to others, or not there by the books. Asked once the order has its
 * units, whose levels are locked from then on: what they lack now is what was missing.
 */
export async function conflictsOf(
  tx: Tx,
  locationId: string,
  lines: readonly { variantId: string; quantity: number }[],
): Promise<StockConflict[]> {
  const conflicts: StockConflict[] = [];
  for (const { variantId, quantity: wanted } of lines) {
    const { levels } = await levelsOf(tx, { locationId, variantId });
    const [level] = levels;
    if (!level) continue;
    const left = level.onHand - level.reserved - level.allocated - level.safety;
    const available = Math.max(0, left + wanted);
    if (available < wanted) conflicts.push({ variantId, locationId, wanted, available });
  }
  return conflicts;
}

export async function keepConflicts(
  tx: Tx,
  { saleId, registerId }: { saleId: string; registerId: string },
  conflicts: readonly StockConflict[],
  now: Date,
): Promise<void> {
  if (conflicts.length === 0) return;
  const rows = conflicts.map(({ variantId, locationId, wanted, available }) => ({
    id: idOf('till:conflict', `${saleId} ${variantId}`),
    order_id: saleId,
    register_id: registerId,
    variant_id: variantId,
    location_id: locationId,
    wanted,
    available,
    told_at: now,
  }));
  await own(tx).insertInto('till.stock_conflict').values(rows).execute();
}

const CONFLICTS_A_PAGE = 100;

/** Those of a store that nobody has settled, the oldest first. */
export async function openConflicts(
  db: Db,
  locationId: string,
  after?: string,
): Promise<{ conflicts: KeptConflict[]; cursor: string | null }> {
  let query = own(db)
    .selectFrom('till.stock_conflict')
    .select([
      'id',
      'order_id as saleId',
      'variant_id as variantId',
      'location_id as locationId',
      'wanted',
      'available',
      'told_at as toldAt',
    ])
    .where('location_id', '=', locationId)
    .where('settled_at', 'is', null)
    .orderBy('told_at')
    .orderBy('id')
    .limit(CONFLICTS_A_PAGE + 1);
  if (after !== undefined) {
    const from = own(db).selectFrom('till.stock_conflict').where('id', '=', after);
    query = query.where((eb) =>
      eb(eb.refTuple('told_at', 'id'), '>', eb.tuple(from.select('told_at'), from.select('id')) as never),
    );
  }
  const found = await query.execute();
  const conflicts = found.slice(0, CONFLICTS_A_PAGE);
  return { conflicts, cursor: found.length > CONFLICTS_A_PAGE ? (conflicts.at(-1)?.id ?? null) : null };
}

/** Somebody has looked: counted the shelf, or told the buyer who waits. A repeat changes nothing. */
export async function settleConflict(
  tx: Tx,
  { conflictId, memberId, note }: { conflictId: string; memberId: string; note: string },
  now: Date,
): Promise<void> {
  const settled = await own(tx)
    .updateTable('till.stock_conflict')
    .set({ settled_at: now, settled_by: memberId, note })
    .where('id', '=', conflictId)
    .where('settled_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (settled) return;
  const known = await own(tx)
    .selectFrom('till.stock_conflict')
    .select('id')
    .where('id', '=', conflictId)
    .executeTakeFirst();
  if (!known) throw tillErrors.conflict_not_found({ conflictId });
}
