import type { Db, Tx } from '#platform/db.ts';
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
