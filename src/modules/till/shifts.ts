import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';
import { lockInUse } from './registers.ts';
import type { TillDrawerEntryKind as Kind } from './tables.ts';

export interface Shift {
  id: string;
  registerId: string;
  openedBy: string;
  openedAt: Date;
  floatMinor: number;
  /** How many pieces of each worth, in minor units; null where only the sum was told. */
  floatCounts: Record<string, number> | null;
  closedBy: string | null;
  closedAt: Date | null;
  /** What must be in the drawer, by its ledger. */
  expectedMinor: number;
  /** Null until it was counted. */
  countedMinor: number | null;
  counts: Record<string, number> | null;
  /** Counted less expected. */
  differenceMinor: number | null;
}

export interface DrawerEntry {
  id: string;
  kind: Kind;
  amountMinor: number;
  reason: string;
  orderId: string | null;
  actorId: string | null;
  enteredAt: Date;
}

interface Opening {
  /** Made by the caller, so that a retry is the same shift. */
  id: string;
  registerId: string;
  floatMinor: number;
  /** How many pieces of each worth, in minor units. */
  counts?: Record<string, number> | undefined;
  memberId: string;
}

/** Opens a register's drawer with its float. One that is open is refused: of two who open at once, one does. */
export async function openShift(
  tx: Tx,
  { id, registerId, floatMinor, counts, memberId }: Opening,
  now: Date,
): Promise<Shift> {
  if (counts) refuseOtherSum(counts, floatMinor);
  await lockInUse(tx, registerId);
  const told = { float_minor: floatMinor, float_counts: counts ? JSON.stringify(counts) : null };
  const facts = { register_id: registerId, opened_by: memberId, opened_at: now, ...told };
  const opened = await own(tx)
    .insertInto('till.shift')
    .values({ id, ...facts })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (opened) {
    const entry = { shift_id: id, kind: 'float' as const, amount_minor: floatMinor };
    await own(tx)
      .insertInto('till.drawer_entry')
      .values({ id: idOf('till:float', id), ...entry, actor_id: memberId, entered_at: now })
      .execute();
    return shiftById(tx, id);
  }
  const known = await find(tx).where('shift.id', '=', id).executeTakeFirst();
  if (known) {
    if (known.registerId !== registerId || known.floatMinor !== floatMinor)
      throw tillErrors.shift_differs({ shiftId: id });
    return known;
  }
  const open = await openShiftOf(tx, registerId);
  throw tillErrors.shift_open({ shiftId: open?.id ?? id });
}

interface Closing {
  shiftId: string;
  countedMinor: number;
  /** How many pieces of each worth, in minor units. */
  counts?: Record<string, number> | undefined;
  memberId: string;
}

/** Ends a shift with what was counted; what it differs by is an entry of its own. The same count again is a retry. */
export async function closeShift(tx: Tx, closing: Closing, now: Date): Promise<Shift> {
  const { shiftId, countedMinor, counts, memberId } = closing;
  if (counts) refuseOtherSum(counts, countedMinor);
  const shift = await lockShift(tx, shiftId);
  if (shift.closedAt !== null) {
    const known = await shiftById(tx, shiftId);
    if (known.countedMinor === countedMinor) return known;
    throw tillErrors.shift_closed({ shiftId });
  }
  const expectedMinor = await expectedIn(tx, shiftId);
  const entry = { shift_id: shiftId, kind: 'count' as const, amount_minor: countedMinor - expectedMinor };
  await own(tx)
    .insertInto('till.drawer_entry')
    .values({ id: idOf('till:count', shiftId), ...entry, actor_id: memberId, entered_at: now })
    .execute();
  await own(tx)
    .updateTable('till.shift')
    .set({
      closed_by: memberId,
      closed_at: now,
      counted_minor: countedMinor,
      counts: counts ? JSON.stringify(counts) : null,
    })
    .where('id', '=', shiftId)
    .execute();
  return shiftById(tx, shiftId);
}

function refuseOtherSum(counts: Record<string, number>, countedMinor: number): void {
  const sumMinor = Object.entries(counts).reduce((sum, [worth, pieces]) => sum + Number(worth) * pieces, 0);
  if (sumMinor !== countedMinor) throw tillErrors.counts_differ({ sumMinor, countedMinor });
}

export interface LockedShift {
  id: string;
  closedAt: Date | null;
  openedBy: string;
}

/** The shift's row is ours: nothing is entered and nobody closes it until the transaction ends. */
export async function lockShift(tx: Tx, shiftId: string): Promise<LockedShift> {
  const shift = await own(tx)
    .selectFrom('till.shift')
    .select(['id', 'closed_at as closedAt', 'opened_by as openedBy'])
    .where('id', '=', shiftId)
    .forUpdate()
    .executeTakeFirst();
  if (!shift) throw tillErrors.shift_not_found({ shiftId });
  return shift;
}

/**
 * The shift that a sale belongs to: the open one; of a sale of before, the one that was open then, or else the next. Nobody
 * closes it until the transaction ends, and any number may sell in it at once.
 */
export async function shiftOfSale(
  tx: Tx,
  registerId: string,
  soldAt: Date | undefined,
): Promise<LockedShift> {
  const then = sql<boolean>`coalesce(closed_at > ${soldAt ?? null}::timestamptz, true)`;
  let query = own(tx)
    .selectFrom('till.shift')
    .select(['id', 'closed_at as closedAt', 'opened_by as openedBy'])
    .where('register_id', '=', registerId);
  query = soldAt === undefined ? query.where('closed_at', 'is', null) : query.where(then);
  const shift = await query.orderBy('opened_at').limit(1).forShare().executeTakeFirst();
  if (!shift) throw tillErrors.no_open_shift({ registerId });
  return shift;
}

export const openShiftOf = (db: Db, registerId: string): Promise<Shift | undefined> =>
  find(db).where('register_id', '=', registerId).where('closed_at', 'is', null).executeTakeFirst();

export async function shiftById(db: Db, shiftId: string): Promise<Shift> {
  const shift = await find(db).where('shift.id', '=', shiftId).executeTakeFirst();
  if (!shift) throw tillErrors.shift_not_found({ shiftId });
  return shift;
}

const SHIFTS_A_PAGE = 30;

/** A register's shifts, the latest first. */
export async function shiftsOf(
  db: Db,
  registerId: string,
  after: string | undefined,
): Promise<{ shifts: Shift[]; cursor: string | null }> {
  let query = find(db)
    .where('register_id', '=', registerId)
    .orderBy('opened_at', 'desc')
    .orderBy('shift.id', 'desc')
    .limit(SHIFTS_A_PAGE + 1);
  if (after !== undefined) {
    const from = own(db).selectFrom('till.shift').where('id', '=', after);
    query = query.where((eb) =>
      eb(
        eb.refTuple('opened_at', 'shift.id'),
        '<',
        eb.tuple(from.select('opened_at'), from.select('id')) as never,
      ),
    );
  }
  const found = await query.execute();
  const shifts = found.slice(0, SHIFTS_A_PAGE);
  return { shifts, cursor: found.length > SHIFTS_A_PAGE ? (shifts.at(-1)?.id ?? null) : null };
}

const ENTRIES_MAX = 5000;

/** What went into the drawer and out of it, in order. */
export const entriesOf = (db: Db, shiftId: string): Promise<DrawerEntry[]> =>
  own(db)
    .selectFrom('till.drawer_entry')
    .select([
      'id',
      'kind',
      'amount_minor as amountMinor',
      'reason',
      'order_id as orderId',
      'actor_id as actorId',
      'entered_at as enteredAt',
    ])
    .where('shift_id', '=', shiftId)
    .orderBy('entered_at')
    .orderBy('id')
    .limit(ENTRIES_MAX)
    .execute();

/** What must be in the drawer, by its ledger, apart from what a count said. */
export async function expectedIn(db: Db, shiftId: string): Promise<number> {
  const { sum } = await own(db)
    .selectFrom('till.drawer_entry')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('amount_minor'), eb.lit(0)).as('sum'))
    .where('shift_id', '=', shiftId)
    .where('kind', '<>', 'count')
    .executeTakeFirstOrThrow();
  return Number(sum);
}

const find = (db: Db) =>
  own(db)
    .selectFrom('till.shift as shift')
    .select([
      'shift.id',
      'register_id as registerId',
      'opened_by as openedBy',
      'opened_at as openedAt',
      'float_minor as floatMinor',
      sql<Record<string, number> | null>`float_counts`.as('floatCounts'),
      'closed_by as closedBy',
      'closed_at as closedAt',
      'counted_minor as countedMinor',
      sql<Record<string, number> | null>`counts`.as('counts'),
      sql<number>`(select coalesce(sum(amount_minor) filter (where kind <> 'count'), 0)::bigint
        from till.drawer_entry where shift_id = shift.id)`.as('expectedMinor'),
      sql<number | null>`(select sum(amount_minor) filter (where kind = 'count')::bigint
        from till.drawer_entry where shift_id = shift.id)`.as('differenceMinor'),
    ]);

/** Anybody at the till sells in a shift; whoever opened it answers for its drawer, or who oversees them. */
export async function refuseOthersShift(
  db: Db,
  shiftId: string,
  memberId: string,
  isOverseer: boolean,
): Promise<void> {
  const { openedBy } = await shiftById(db, shiftId);
  if (openedBy !== memberId && !isOverseer) throw tillErrors.shift_of_another({ shiftId });
}
