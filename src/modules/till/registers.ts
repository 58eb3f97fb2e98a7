import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Db, Tx } from '#platform/db.ts';
import { hasCode } from '#platform/start-fault.ts';
import type { Viewer } from '#platform/access.ts';
import { actorOf, record } from '../identity/index.ts';
import { type Location, locations } from '../inventory/index.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';

export interface Register {
  id: string;
  name: string;
  locationId: string;
  /** What its drawer holds, and its sales are paid in. */
  currency: string;
  /** One that is not in use sells nothing; what it sold before is kept. */
  active: boolean;
}

type NewRegister = Omit<Register, 'active'>;

/** Registers from elsewhere. One whose id exists stays as it is, so a repeat changes nothing. */
export async function importRegisters(tx: Tx, registers: readonly NewRegister[]): Promise<void> {
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
    .select(['id', 'name', 'location_id as locationId', 'currency', 'active']);

const inUse = (db: Db) => select(db).where('active', '=', true);

/** The registers in use, in the order of their names. */
export const registers = (db: Db): Promise<Register[]> => inUse(db).orderBy('name').orderBy('id').execute();

/** Every register, also those that are not in use any more. A store has a handful. */
export const allRegisters = (db: Db): Promise<Register[]> =>
  select(db).orderBy('name').orderBy('id').execute();

export const findRegister = (db: Db, registerId: string): Promise<Register | undefined> =>
  inUse(db).where('id', '=', registerId).executeTakeFirst();

/** In use or not: for what it sold, and for those who run it. */
export async function knownRegister(db: Db, registerId: string): Promise<Register> {
  const found = await select(db).where('id', '=', registerId).executeTakeFirst();
  if (!found) throw tillErrors.register_not_found({ registerId });
  return found;
}

export async function registerOf(db: Db, registerId: string): Promise<Register> {
  const found = await findRegister(db, registerId);
  if (!found) throw tillErrors.register_not_found({ registerId });
  return found;
}

/** In use, and nobody takes it out of use until the transaction ends. */
export async function lockInUse(tx: Tx, registerId: string): Promise<void> {
  const found = await inUse(tx).where('id', '=', registerId).forShare().executeTakeFirst();
  if (!found) throw tillErrors.register_not_found({ registerId });
}

/** A register with the store that it stands in. What has been sold already may be of one that is out of use since. */
export async function counterOf(
  db: Db,
  registerId: string,
  { hasHappened = false }: { hasHappened?: boolean } = {},
): Promise<{ register: Register; store: Location }> {
  const register = await (hasHappened ? knownRegister : registerOf)(db, registerId);
  const store = (await locations(db)).find(({ id }) => id === register.locationId);
  assert(store);
  return { register, store };
}

/**
 * Adds a register, or changes what it is called, where it stands and whether it is in use. Its currency is that of its
 * drawer's ledger and stays; so does its store once it has sold something, for a tablet that was cut off still tells what
 * it sold there. One whose drawer is open stays in use.
 */
export async function putRegister(tx: Tx, viewer: Viewer, register: Register): Promise<void> {
  const { id, name, locationId, currency, active } = register;
  if ((await locations(tx)).find((place) => place.id === locationId)?.kind !== 'store')
    throw tillErrors.register_needs_store({ locationId });
  const facts = { name, location_id: locationId, active };
  const added = await own(tx)
    .insertInto('till.register')
    .values({ id, currency, ...facts })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) {
    const known = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
    if (!known) throw tillErrors.register_name_taken({ name });
    if (isDeepStrictEqual(known, register)) return;
    await refuseChange(tx, known, register);
    try {
      await own(tx).updateTable('till.register').set(facts).where('id', '=', id).execute();
    } catch (error) {
      if (hasCode(error, UNIQUE_VIOLATION)) throw tillErrors.register_name_taken({ name });
      throw error;
    }
  }
  await record(tx, actorOf(viewer), 'register_set', `register:${id}`, { name, locationId, currency, active });
}

const UNIQUE_VIOLATION = '23505';

/** The register's row is locked: no drawer is opened at it until the transaction ends. */
async function refuseChange(tx: Tx, known: Register, wish: Register): Promise<void> {
  const { id: registerId, currency } = known;
  if (wish.currency !== currency) throw tillErrors.register_currency({ currency });
  const shifts = await own(tx)
    .selectFrom('till.shift')
    .select((eb) => [
      eb.fn.countAll<number>().as('all'),
      eb.fn.countAll<number>().filterWhere('closed_at', 'is', null).as('open'),
    ])
    .where('register_id', '=', registerId)
    .executeTakeFirstOrThrow();
  if (wish.locationId !== known.locationId && Number(shifts.all) > 0)
    throw tillErrors.register_has_sold({ registerId });
  if (!wish.active && Number(shifts.open) > 0) throw tillErrors.register_open({ registerId });
}
