import assert from 'node:assert/strict';
import type { Db, Tx } from '#platform/db.ts';
import { type Location, locations } from '../inventory/index.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';

export interface Register {
  id: string;
  name: string;
  locationId: string;
  /** What its drawer holds, and its sales are paid in. */
  currency: string;
}

/** Registers from elsewhere. One whose id exists stays as it is, so a repeat changes nothing. */
export async function importRegisters(tx: Tx, registers: readonly Register[]): Promise<void> {
  if (registers.length === 0) return;
  await own(tx)
    .insertInto('till.register')
    .values(
      registers.map(({ id, name, locationId, currency }) => ({
        id,
        name,
        location_id: locationId,
        currency,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

const select = (db: Db) =>
  own(db)
    .selectFrom('till.register')
    .select(['id', 'name', 'location_id as locationId', 'currency'])
    .where('active', '=', true);

/** The registers in use, in the order of their names. */
export const registers = (db: Db): Promise<Register[]> => select(db).orderBy('name').orderBy('id').execute();

export const findRegister = (db: Db, registerId: string): Promise<Register | undefined> =>
  select(db).where('id', '=', registerId).executeTakeFirst();

export async function registerOf(db: Db, registerId: string): Promise<Register> {
  const found = await findRegister(db, registerId);
  if (!found) throw tillErrors.register_not_found({ registerId });
  return found;
}

/** A register with the store that it stands in. */
export async function counterOf(
  db: Db,
  registerId: string,
): Promise<{ register: Register; store: Location }> {
  const register = await registerOf(db, registerId);
  const store = (await locations(db)).find(({ id }) => id === register.locationId);
  assert(store);
  return { register, store };
}
