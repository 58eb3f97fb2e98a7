import { randomUUID } from 'node:crypto';
import { aLocation } from '#modules/inventory/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { importRegisters, type Register } from './registers.ts';

/** A register in a store of its own. */
export async function aRegister(db: Db, wish: Partial<Register> = {}): Promise<Register> {
  const id = randomUUID();
  const locationId = wish.locationId ?? (await aLocation(db, { kind: 'store' }));
  const register = { id, name: `Till ${id.slice(0, 8)}`, currency: 'EUR', ...wish, locationId };
  await inTransaction(db, (tx) => importRegisters(tx, [register]));
  return register;
}
