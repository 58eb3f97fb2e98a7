import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { readOrder } from '../orders/index.ts';
import { CASH, moneyOf } from '../payments/index.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';
import { registerOf } from './registers.ts';
import { expectedIn, lockShift, openShiftOf, type LockedShift } from './shifts.ts';
import type { TillDrawerEntryKind as Kind } from './tables.ts';

interface NewEntry {
  /** Made by the caller, so that a retry is the same entry. */
  id: string;
  kind: Kind;
  amountMinor: number;
  reason?: string;
  orderId?: string;
  actorId: string;
}

/**
 * Writes what was put into a drawer or taken out. What is told of a shift that was counted already was in the drawer when
 * it was: the count is corrected by as much. The same entry again is a retry, and answers false.
 */
export async function enterInDrawer(
  tx: Tx,
  shift: LockedShift,
  entry: NewEntry,
  now: Date,
): Promise<boolean> {
  const rows = [rowOf(shift.id, entry, now)];
  if (shift.closedAt !== null) {
    const { amountMinor, actorId } = entry;
    const correction = {
      id: idOf('till:late', entry.id),
      kind: 'count' as const,
      amountMinor: -amountMinor,
      actorId,
    };
    rows.push(rowOf(shift.id, correction, now));
  }
  const written = await own(tx)
    .insertInto('till.drawer_entry')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  return written.length > 0;
}

const rowOf = (
  shiftId: string,
  { id, kind, amountMinor, reason = '', orderId, actorId }: NewEntry,
  now: Date,
) => ({
  id,
  shift_id: shiftId,
  kind,
  amount_minor: amountMinor,
  reason,
  order_id: orderId ?? null,
  actor_id: actorId,
  entered_at: now,
});

interface PaidInOrOut {
  id: string;
  shiftId: string;
  kind: 'paid_in' | 'paid_out';
  amountMinor: number;
  reason: string;
  actorId: string;
}

/** Money that is put into the drawer or taken out for another reason than a sale. */
export async function payInOrOut(tx: Tx, wish: PaidInOrOut, now: Date): Promise<void> {
  const { id, shiftId, kind, amountMinor, reason, actorId } = wish;
  const signed = kind === 'paid_out' ? -amountMinor : amountMinor;
  const shift = await lockShift(tx, shiftId);
  const known = await own(tx)
    .selectFrom('till.drawer_entry')
    .select(['shift_id as of', 'kind', 'amount_minor as amountMinor', 'reason'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (known) {
    const isSame =
      known.of === shiftId && known.kind === kind && known.amountMinor === signed && known.reason === reason;
    if (!isSame) throw tillErrors.entry_differs({ entryId: id });
    return;
  }
  if (shift.closedAt !== null) throw tillErrors.shift_closed({ shiftId });
  if (kind === 'paid_out') await refuseMoreThanIsThere(tx, shiftId, amountMinor);
  await enterInDrawer(tx, shift, { id, kind, amountMinor: signed, reason, actorId }, now);
}

async function refuseMoreThanIsThere(tx: Tx, shiftId: string, wantedMinor: number): Promise<void> {
  const expectedMinor = await expectedIn(tx, shiftId);
  if (wantedMinor > expectedMinor) throw tillErrors.drawer_too_small({ wantedMinor, expectedMinor });
}

const lockSale = (tx: Tx, orderId: string) =>
  own(tx).selectFrom('till.sale').select('order_id').where('order_id', '=', orderId).forUpdate().execute();

/**
 * Locks what `payBackCash` will, before anything else is: sales take the drawer before the shelf, and of two that take
 * them the other way round one would have to begin anew.
 */
export async function lockForCashBack(
  tx: Tx,
  { registerId, orderId }: Record<'registerId' | 'orderId', string>,
) {
  await lockSale(tx, orderId);
  const open = await openShiftOf(tx, registerId);
  if (open) await lockShift(tx, open.id);
}

/**
 * Pays out of a register's drawer what payments gave back in cash for an order and no drawer has paid yet. Called in the
 * transaction of a return, or later, where the money was given back on the desk. Answers how much it was.
 */
export async function payBackCash(
  tx: Tx,
  { registerId, orderId, actorId }: { registerId: string; orderId: string; actorId: string },
  now: Date,
): Promise<{ amountMinor: number }> {
  await lockSale(tx, orderId);
  const { payments } = await moneyOf(tx, orderId);
  const givenBack = payments.filter(({ provider }) => provider === CASH);
  const { paid } = await own(tx)
    .selectFrom('till.drawer_entry')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('amount_minor'), eb.lit(0)).as('paid'))
    .where('order_id', '=', orderId)
    .where('kind', '=', 'refund')
    .executeTakeFirstOrThrow();
  const refunded = givenBack.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0);
  const amountMinor = refunded + Number(paid); // what was paid is negative
  if (amountMinor === 0) return { amountMinor };
  const [{ currency: ofDrawer }, { currency }] = [
    await registerOf(tx, registerId),
    await readOrder(tx, orderId),
  ];
  if (currency !== ofDrawer) throw tillErrors.drawer_currency({ currency });
  const open = await openShiftOf(tx, registerId);
  if (!open) throw tillErrors.no_open_shift({ registerId });
  const shift = await lockShift(tx, open.id);
  if (shift.closedAt !== null) throw tillErrors.no_open_shift({ registerId });
  await refuseMoreThanIsThere(tx, shift.id, amountMinor);
  const entry = {
    id: idOf('till:refund', `${orderId} ${refunded}`),
    kind: 'refund' as const,
    orderId,
    actorId,
  };
  await enterInDrawer(tx, shift, { ...entry, amountMinor: -amountMinor }, now);
  return { amountMinor };
}
