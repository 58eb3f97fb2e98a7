import assert from 'node:assert/strict';
import { type RawBuilder, sql } from 'kysely';
import { stockCameIn, stockFellShort, stockForWaiting, stockRanOut } from '#events/inventory.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { hasCode } from '#platform/start-fault.ts';
import { inventoryErrors } from './errors.ts';
import { own } from './own.ts';
import type { InventoryMovementKind as MovementKind } from './tables.ts';

/** A variant at a place. `quantity` is units; for an adjustment it may be negative, for a count it is what was counted. */
export interface StockLine {
  variantId: string;
  locationId: string;
  quantity: number;
}

export interface MovementLine extends StockLine {
  /** Of units that come in: what all of them cost. Left out, they cost what the ones on hand do on average. */
  valueMinor?: number;
  /** Of a reservation: units that are taken whatever the books say is here. */
  beyond?: number;
  /** Of a reservation: units whose goods are still to come. */
  waits?: number;
}

export interface Cause {
  /** The delivery, reservation, shipment, return, count … that explains the movement. */
  id: string;
  reason?: string;
  actorId?: string;
  at?: Date;
}

interface Effect {
  onHand?: 1 | -1;
  reserved?: 1 | -1;
  allocated?: 1 | -1;
  damaged?: 1 | -1;
  /** What must hold afterwards, where that is more than that no balance is negative. */
  needs?: 'available' | 'free';
  /** May take units from under a promise: what is so is so, and those who promised hear of it. */
  mayFallShort?: true;
}

/** What one unit of each kind of movement does to the balances: the whole arithmetic of the ledger. */
const EFFECT: Record<MovementKind, Effect> = {
  receive: { onHand: 1 },
  reserve: { reserved: 1, needs: 'available' },
  release: { reserved: -1 },
  allocate: { reserved: -1, allocated: 1 },
  deallocate: { allocated: -1 },
  ship: { onHand: -1, allocated: -1 },
  transfer_out: { onHand: -1, needs: 'free' },
  transfer_in: { onHand: 1 },
  adjust: { onHand: 1, mayFallShort: true },
  count: { onHand: 1, mayFallShort: true },
  return_in: { onHand: 1 },
  damage: { onHand: -1, damaged: 1, mayFallShort: true },
  write_off: { damaged: -1 },
};

/** A level as a movement left it. */
export interface Moved {
  variantId: string;
  locationId: string;
  onHandDelta: number;
  valueDeltaMinor: number;
  onHand: number;
  available: number;
  short: number;
}

/** What became of a level, for those who wait for it or promised from it. */
export interface LevelChange extends Pick<Moved, 'variantId' | 'locationId' | 'available' | 'short'> {
  availableBefore: number;
  shortBefore: number;
  /** Whether it has more for those who wait for it than before. */
  isForWaiting: boolean;
}

type MovedRow = Moved & LevelChange;

/**
 * The only writer of levels and ledger, beside the opening stock. All lines move, or none: the first that can't is
 * refused. Checked by the statement that writes, on rows locked in one order: nobody can come in between, and two
 * opposite baskets never wait for each other.
 */
export async function post(
  tx: Tx,
  kind: MovementKind,
  cause: Cause,
  lines: readonly MovementLine[],
): Promise<Moved[]> {
  const merged = mergeLines(lines, kind);
  if (merged.length === 0) return [];
  const { moved } = await moveRows(tx, kind, cause, lineRows(merged));
  if (moved.length < merged.length) await refuse(tx, merged, moved);
  // Who promised what is still to come knows that it is not here.
  const waits = new Set(merged.flatMap((line) => (line.waits ? `${line.variantId} ${line.locationId}` : [])));
  for (const row of moved)
    await tell(
      tx,
      waits.has(`${row.variantId} ${row.locationId}`) ? { ...row, shortBefore: row.short } : row,
    );
  return moved;
}

/**
 * The same, if `held` writes a row in the same statement; false where it wrote none, and nothing was posted. What the
 * cause was posted as before says the lines where they are not told.
 */
export async function postIf(
  tx: Tx,
  kind: MovementKind,
  cause: Cause,
  held: RawBuilder<unknown>,
  lines: readonly MovementLine[] | MovementKind,
): Promise<boolean> {
  return (await postIfBeside(tx, kind, cause, held, lines, sql`null`)).isPosted;
}

/** The same, with what the statement reads `beside` it, whether it posts anything or not. */
export async function postIfBeside<Beside>(
  tx: Tx,
  kind: MovementKind,
  cause: Cause,
  held: RawBuilder<unknown>,
  lines: readonly MovementLine[] | MovementKind,
  read: RawBuilder<Beside>,
): Promise<{ isPosted: boolean; beside: Beside | null }> {
  const isAgain = typeof lines === 'string';
  const rows = isAgain ? postedRows(cause, lines) : lineRows(mergeLines(lines, kind));
  const { count, moved, beside } = await moveRows(tx, kind, cause, rows, held, read);
  if (moved.length < count)
    await refuse(tx, isAgain ? await postedAs(tx, cause, lines) : mergeLines(lines, kind), moved);
  for (const row of moved) await tell(tx, row);
  return { isPosted: count > 0, beside };
}

/** What was reserved by one kind of movement of a cause, in the order of the locks. */
export async function postedAs(db: Db, cause: Cause, kind: MovementKind): Promise<StockLine[]> {
  const { rows } = await sql<StockLine>`
    select variant_id as "variantId", location_id as "locationId", quantity from (${postedRows(cause, kind)}) as posted
    order by variant_id, location_id`.execute(db);
  return rows;
}

const postedRows = ({ id }: Cause, kind: MovementKind) => sql`
  select variant_id, location_id, reserved_delta as quantity,
    null::bigint as told_value_minor, 0 as beyond
  from inventory.stock_movement where cause_id = ${id} and kind = ${kind}`;

/** Makes the levels that the lines name, where there are none: goods may come in where there never were any. */
export async function openLevels(tx: Tx, lines: readonly StockLine[]): Promise<void> {
  const [variantIds, locationIds] = [
    lines.map((line) => line.variantId),
    lines.map((line) => line.locationId),
  ];
  try {
    await sql`
      insert into inventory.stock_level (variant_id, location_id)
      select distinct variant_id, location_id
      from unnest(${variantIds}::uuid[], ${locationIds}::uuid[]) as line (variant_id, location_id)
      order by variant_id, location_id
      on conflict do nothing`.execute(tx);
  } catch (error) {
    if (hasCode(error, FOREIGN_KEY_VIOLATION)) throw inventoryErrors.place_unknown({});
    throw error;
  }
}

const FOREIGN_KEY_VIOLATION = '23503';

/**
 * Takes the locks of all levels that several movements of one transaction are to change, in the one order: two who
 * move the same goods in opposite directions never wait for each other for ever.
 */
export async function lockLevels(
  tx: Tx,
  places: readonly Pick<StockLine, 'variantId' | 'locationId'>[],
): Promise<void> {
  await sql`
    select from inventory.stock_level
    where (variant_id, location_id) in (
      select * from unnest(${places.map(({ variantId }) => variantId)}::uuid[],
        ${places.map(({ locationId }) => locationId)}::uuid[]))
    order by variant_id, location_id
    for update`.execute(tx);
}

async function moveRows<Beside = null>(
  tx: Tx,
  kind: MovementKind,
  { id, reason = '', actorId, at }: Cause,
  lines: RawBuilder<unknown>,
  held?: RawBuilder<unknown>,
  beside: RawBuilder<Beside> = sql`null`,
): Promise<{ count: number; moved: MovedRow[]; beside: Beside | null }> {
  const { onHand = 0, reserved = 0, allocated = 0, damaged = 0, needs, mayFallShort } = EFFECT[kind];
  const { rows } = await sql<MovedRow & { count: number; beside: Beside }>`
    with ${held ? sql`held as (${held}),` : sql``} line as (
      select line.* from (${lines}) as line ${held ? sql`where exists (select from held)` : sql``}
    ), locked as materialized ( -- each row as it stands once it is ours, and what is to become of it
      select level.variant_id, level.location_id, level.on_hand, level.reserved, level.allocated, level.damaged,
        level.safety, level.short, level.value_minor, level.available, quantity, beyond, on_hand_delta,
        ${reserved}::integer * quantity as reserved_delta, ${allocated}::integer * quantity as allocated_delta,
        ${damaged}::integer * quantity as damaged_delta, ${VALUE_DELTA} as value_delta_minor
      from line join inventory.stock_level as level using (variant_id, location_id)
      cross join lateral (
        select ${kind === 'count' ? sql`quantity - level.on_hand` : sql`${onHand}::integer * quantity`} as on_hand_delta
      ) as counted
      order by variant_id, location_id
      for update of level
    ), moved as ( -- only from what was locked: the row that an update finds first may be older, and its checks see that one
      update inventory.stock_level as level set
        on_hand = locked.on_hand + on_hand_delta,
        reserved = locked.reserved + reserved_delta,
        allocated = locked.allocated + allocated_delta,
        damaged = locked.damaged + damaged_delta,
        short = ${mayFallShort || needs === 'available' ? MISSING : sql`least(locked.short, ${MISSING})`},
        value_minor = locked.value_minor + value_delta_minor
      from locked
      where level.variant_id = locked.variant_id and level.location_id = locked.location_id
        and locked.on_hand + on_hand_delta >= 0 and locked.reserved + reserved_delta >= 0
        and locked.allocated + allocated_delta >= 0 and locked.damaged + damaged_delta >= 0
        and ${needs ? NEEDS[needs] : sql`true`}
      returning level.variant_id, level.location_id, level.on_hand, level.available, level.short, on_hand_delta,
        reserved_delta, allocated_delta, damaged_delta, value_delta_minor, locked.available as available_before,
        locked.short as short_before
    ), written as (
      insert into inventory.stock_movement (kind, cause_id, variant_id, location_id, on_hand_delta, reserved_delta,
        allocated_delta, damaged_delta, value_delta_minor, reason, actor_id, moved_at)
      select ${kind}, ${id}, variant_id, location_id, on_hand_delta, reserved_delta, allocated_delta, damaged_delta,
        value_delta_minor, ${reason}, ${actorId ?? null}::uuid, coalesce(${at ?? null}::timestamptz, now())
      from moved order by variant_id, location_id
    )
    select count, variant_id as "variantId", location_id as "locationId", on_hand_delta as "onHandDelta",
      value_delta_minor as "valueDeltaMinor", on_hand as "onHand", available, short,
      available_before as "availableBefore", short_before as "shortBefore",
      on_hand_delta > reserved_delta + allocated_delta and ${isWaitedFor(sql`moved`)} as "isForWaiting",
      ${beside} as beside
    from (select count(*) from line) as lines left join moved on true order by variant_id, location_id`.execute(
    tx,
  );
  const [first] = rows;
  const moved = rows.filter(({ variantId }) => variantId !== null);
  return { count: first?.count ?? 0, moved, beside: first?.beside ?? null };
}

const lineRows = (lines: readonly MovementLine[]) => sql`
  select * from unnest(
    ${lines.map(({ variantId }) => variantId)}::uuid[], ${lines.map(({ locationId }) => locationId)}::uuid[],
    ${lines.map(({ quantity }) => quantity)}::integer[],
    ${lines.map(({ valueMinor }) => valueMinor ?? null)}::bigint[],
    ${lines.map(({ beyond = 0, waits = 0 }) => beyond + waits)}::integer[]
  ) as told (variant_id, location_id, quantity, told_value_minor, beyond)`;

const MISSING = sql`greatest(0,
  locked.reserved + reserved_delta + locked.allocated + allocated_delta - locked.on_hand - on_hand_delta)`;

/** What leaves takes its share of the cost along, the last unit the rest of it: the sum over the ledger is exact. */
const VALUE_DELTA = sql`case
  when on_hand_delta > 0 and told_value_minor is not null then told_value_minor
  else coalesce(trunc(level.value_minor::numeric * on_hand_delta / nullif(level.on_hand, 0)), 0)::bigint end`;

/** True where somebody waits for goods to come to the place. */
export const isWaitedFor = (place: RawBuilder<unknown>) => sql`exists (
  select from inventory.waiting where variant_id = ${place}.variant_id and location_id = ${place}.location_id
    and quantity > served + freed)`;

const NEEDS = {
  available: sql`greatest(0, locked.on_hand - locked.reserved - locked.allocated - locked.safety) + beyond >= quantity`,
  free: sql`locked.on_hand - locked.reserved - locked.allocated >= quantity`,
};

/** One line for each variant and place: two lines of one variant must fit together. */
function mergeLines(lines: readonly MovementLine[], kind: MovementKind): MovementLine[] {
  const merged = new Map<string, MovementLine>();
  for (const line of lines) {
    assert(
      Number.isSafeInteger(line.quantity) && (line.quantity > 0 || kind === 'adjust' || kind === 'count'),
    );
    const key = `${line.variantId} ${line.locationId}`;
    const known = merged.get(key);
    merged.set(key, known ? sumOf(known, line) : line);
  }
  return [...merged.values()];
}

const sumOf = (one: MovementLine, other: MovementLine): MovementLine => ({
  ...one,
  quantity: one.quantity + other.quantity,
  beyond: (one.beyond ?? 0) + (other.beyond ?? 0),
  waits: (one.waits ?? 0) + (other.waits ?? 0),
  ...(one.valueMinor !== undefined &&
    other.valueMinor !== undefined && { valueMinor: one.valueMinor + other.valueMinor }),
});

async function refuse(tx: Tx, lines: readonly MovementLine[], moved: readonly Moved[]): Promise<never> {
  const done = new Set(moved.map(({ variantId, locationId }) => `${variantId} ${locationId}`));
  const refused = lines.find(({ variantId, locationId }) => !done.has(`${variantId} ${locationId}`));
  assert(refused);
  const { variantId, locationId, quantity: wanted } = refused;
  const available = await availableOf(tx, variantId, locationId);
  throw inventoryErrors.insufficient_stock({ variantId, locationId, wanted, available });
}

/** What is on hand, by variant, of places that are all at one location. */
export async function stockAt(
  db: Db,
  places: readonly Pick<StockLine, 'variantId' | 'locationId'>[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ variantId: string; onHand: number }>`
    select variant_id as "variantId", on_hand as "onHand" from inventory.stock_level
    where (variant_id, location_id) in (
      select * from unnest(${places.map(({ variantId }) => variantId)}::uuid[],
        ${places.map(({ locationId }) => locationId)}::uuid[]))`.execute(db);
  return new Map(rows.map(({ variantId, onHand }) => [variantId, onHand]));
}

export async function availableOf(db: Db, variantId: string, locationId: string): Promise<number> {
  const level = await own(db)
    .selectFrom('inventory.stock_level')
    .select('available')
    .where('variant_id', '=', variantId)
    .where('location_id', '=', locationId)
    .executeTakeFirst();
  return level?.available ?? 0;
}

export async function tell(
  tx: Tx,
  { variantId, locationId, available, availableBefore, short, shortBefore, isForWaiting }: LevelChange,
): Promise<void> {
  if (isForWaiting) await emit(tx, stockForWaiting, { variantId, locationId });
  if (available === 0 && availableBefore > 0) await emit(tx, stockRanOut, { variantId, locationId });
  if (available > 0 && availableBefore === 0) await emit(tx, stockCameIn, { variantId, locationId });
  if (short > shortBefore) await emit(tx, stockFellShort, { variantId, locationId, short });
}
