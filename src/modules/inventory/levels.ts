import type { Db } from '#platform/db.ts';
import { own } from './own.ts';
import type { StockPosition } from './position.ts';
import type { InventoryMovementKind as MovementKind } from './tables.ts';

export interface StockLevel extends StockPosition {
  safety: number;
  short: number;
  available: number;
}

interface LevelQuestion {
  locationId?: string;
  variantId?: string;
  /** The cursor of the page before. */
  after?: string;
  limit?: number;
}

const PAGE = 100;

/** Levels by variant and location, a page at a time. */
export async function levelsOf(
  db: Db,
  { locationId, variantId, after, limit = PAGE }: LevelQuestion,
): Promise<{ levels: StockLevel[]; cursor: string | null }> {
  let query = own(db)
    .selectFrom('inventory.stock_level')
    .select([
      'variant_id as variantId',
      'location_id as locationId',
      'on_hand as onHand',
      'reserved',
      'allocated',
      'damaged',
      'value_minor as valueMinor',
      'safety',
      'short',
      'available',
    ])
    .orderBy('variant_id')
    .orderBy('location_id')
    .limit(limit + 1);
  if (locationId !== undefined) query = query.where('location_id', '=', locationId);
  if (variantId !== undefined) query = query.where('variant_id', '=', variantId);
  const [afterVariant, afterLocation] = after?.split('.') ?? [];
  if (afterVariant !== undefined && afterLocation !== undefined) {
    query = query.where((eb) =>
      eb(eb.refTuple('variant_id', 'location_id'), '>', eb.tuple(afterVariant, afterLocation)),
    );
  }
  const levels = await query.execute();
  const page = levels.slice(0, limit);
  const last = page.at(-1);
  return {
    levels: page,
    cursor: levels.length > limit && last ? `${last.variantId}.${last.locationId}` : null,
  };
}

export interface StockMovement {
  id: number;
  kind: MovementKind;
  locationId: string;
  causeId: string;
  reason: string;
  actorId: string | null;
  movedAt: Date;
  onHandDelta: number;
  reservedDelta: number;
  allocatedDelta: number;
  damagedDelta: number;
  valueDeltaMinor: number;
}

/** The ledger of a variant at a location, or at all of them, the newest first, a page at a time. */
export async function movementsOf(
  db: Db,
  {
    variantId,
    locationId,
    before,
    limit = PAGE,
  }: { variantId: string; locationId?: string; before?: number; limit?: number },
): Promise<{ movements: StockMovement[]; cursor: number | null }> {
  let query = own(db)
    .selectFrom('inventory.stock_movement')
    .select([
      'id',
      'kind',
      'location_id as locationId',
      'cause_id as causeId',
      'reason',
      'actor_id as actorId',
      'moved_at as movedAt',
      'on_hand_delta as onHandDelta',
      'reserved_delta as reservedDelta',
      'allocated_delta as allocatedDelta',
      'damaged_delta as damagedDelta',
      'value_delta_minor as valueDeltaMinor',
    ])
    .where('variant_id', '=', variantId)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (locationId !== undefined) query = query.where('location_id', '=', locationId);
  if (before !== undefined) query = query.where('id', '<', before);
  const movements = await query.execute();
  const page = movements.slice(0, limit);
  return { movements: page, cursor: movements.length > limit ? (page.at(-1)?.id ?? null) : null };
}
