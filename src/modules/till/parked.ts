import { isDeepStrictEqual } from 'node:util';
import type { Db, Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';
import { registerOf } from './registers.ts';

const DAYS_KEPT = 3;
const PARKED_MAX = 200;

export interface ParkedLine {
  variantId: string;
  quantity: number;
}

/** A basket that was put aside. Nothing is held for it, and its prices are those of when it is taken up. */
export interface Parked {
  id: string;
  note: string;
  lines: ParkedLine[];
  codes: string[];
  parkedAt: Date;
  expiresAt: Date;
}

interface Parking extends Pick<Parked, 'id' | 'note' | 'lines' | 'codes'> {
  registerId: string;
  memberId: string;
}

export async function park(tx: Tx, wish: Parking, now: Date): Promise<Parked> {
  const { id, registerId, note, lines, codes, memberId } = wish;
  const { locationId } = await registerOf(tx, registerId);
  const expiresAt = new Date(now.getTime() + DAYS_KEPT * 86_400_000);
  const facts = { location_id: locationId, register_id: registerId, note, codes };
  await own(tx)
    .insertInto('till.parked')
    .values({
      id,
      ...facts,
      lines: JSON.stringify(lines),
      parked_by: memberId,
      parked_at: now,
      expires_at: expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const known = await find(tx).where('id', '=', id).where('register_id', '=', registerId).executeTakeFirst();
  const { note: knownNote, lines: knownLines, codes: knownCodes } = known ?? {};
  if (!known || !isDeepStrictEqual([knownNote, knownLines, knownCodes], [note, lines, codes]))
    throw tillErrors.parked_differs({ parkedId: id });
  return parkedFrom(known);
}

/** Those of the register's store, the oldest first. */
export async function parkedAt(db: Db, registerId: string, now: Date): Promise<Parked[]> {
  const { locationId } = await registerOf(db, registerId);
  const rows = await find(db)
    .where('location_id', '=', locationId)
    .where('taken_by', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('parked_at')
    .orderBy('id')
    .limit(PARKED_MAX)
    .execute();
  return rows.map(parkedFrom);
}

/** Takes a basket up, checked by the statement that writes: of two registers one has it. The same one again is a retry. */
export async function takeParked(tx: Tx, parkedId: string, registerId: string, now: Date): Promise<Parked> {
  const { locationId } = await registerOf(tx, registerId);
  const taken = await own(tx)
    .updateTable('till.parked')
    .set((eb) => ({ taken_by: registerId, taken_at: eb.fn.coalesce('taken_at', eb.val(now)) }))
    .where('id', '=', parkedId)
    .where('location_id', '=', locationId)
    .where('expires_at', '>', now)
    .where((eb) => eb.or([eb('taken_by', 'is', null), eb('taken_by', '=', registerId)]))
    .returning('id')
    .executeTakeFirst();
  const known = await find(tx)
    .where('id', '=', parkedId)
    .where('location_id', '=', locationId)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!known) throw tillErrors.parked_not_found({ parkedId });
  if (!taken) throw tillErrors.parked_taken({ parkedId });
  return parkedFrom(known);
}

/** A basket that nobody wants any more. One that is gone was dropped before; another register's is left alone. */
export async function dropParked(tx: Tx, parkedId: string, registerId: string): Promise<void> {
  const { locationId } = await registerOf(tx, registerId);
  await own(tx)
    .deleteFrom('till.parked')
    .where('id', '=', parkedId)
    .where('location_id', '=', locationId)
    .where((eb) => eb.or([eb('taken_by', 'is', null), eb('taken_by', '=', registerId)]))
    .execute();
}

/** Job: what nobody came back for. */
export async function dropExpired({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await own(db).deleteFrom('till.parked').where('expires_at', '<=', now()).execute();
}

const find = (db: Db) =>
  own(db)
    .selectFrom('till.parked')
    .select(['id', 'note', 'lines', 'codes', 'parked_at as parkedAt', 'expires_at as expiresAt']);

const parkedFrom = (row: Omit<Parked, 'lines'> & { lines: unknown }): Parked => ({
  ...row,
  lines: row.lines as ParkedLine[], // only `park` writes them
});
