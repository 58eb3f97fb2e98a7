import { randomUUID } from 'node:crypto';
import { aMember, aStockedVariant, placingDeps } from '#modules/orders/factory.ts';
import { aLocation } from '#modules/inventory/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { importRegisters, type Register } from './registers.ts';
import { enterSale, type SaleWish } from './sale.ts';
import { openShift } from './shifts.ts';

/** A register in a store of its own. */
export async function aRegister(db: Db, wish: Partial<Omit<Register, 'active'>> = {}): Promise<Register> {
  const id = randomUUID();
  const locationId = wish.locationId ?? (await aLocation(db, { kind: 'store' }));
  const register = { id, name: `Till ${id.slice(0, 8)}`, currency: 'EUR', ...wish, locationId };
  await inTransaction(db, (tx) => importRegisters(tx, [register]));
  return { ...register, active: true };
}

/** A register whose drawer holds 100.00, beside a shelf with some units of one variant. */
export async function anOpenRegister(
  db: Db,
  databaseUrl: string,
  { units, memberId, openedAt = new Date() }: { units: number; memberId?: string; openedAt?: Date },
) {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, Math.max(units, 1), 1210);
  const register = await aRegister(db, { locationId });
  const shiftId = randomUUID();
  const sellerId = memberId ?? (await aMember(db)).memberId;
  const shift = { id: shiftId, registerId: register.id, floatMinor: 10_000, memberId: sellerId };
  await inTransaction(db, (tx) => openShift(tx, shift, openedAt));
  return { variantId, locationId, registerId: register.id, shiftId, memberId: sellerId };
}

/** A register of a store at a postcode of the Netherlands, open, beside twenty units of a variant. */
export async function anOpenTill(db: Db, postcode: string, variantId: string, memberId: string) {
  const locationId = await aLocation(db, { kind: 'store', countryCode: 'NL', postcode });
  const lines = [{ variantId, quantity: 20 }];
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  const register = await aRegister(db, { locationId });
  const shift = { id: randomUUID(), registerId: register.id, floatMinor: 10_000, memberId };
  await inTransaction(db, (tx) => openShift(tx, shift, new Date()));
  return { registerId: register.id, variantId };
}

/** One unit, paid in cash with a note of twenty. */
export const aSale = (
  { registerId, variantId }: { registerId: string; variantId: string },
  facts: Partial<SaleWish> = {},
): SaleWish => ({
  saleId: randomUUID(),
  registerId,
  lines: [{ variantId, quantity: 1 }],
  delivery: { kind: 'counter' },
  totalMinor: 1210,
  payments: [{ kind: 'cash', amountMinor: 1210, tenderedMinor: 2000 }],
  ...facts,
});

/** What `aSale` asks for, sold. */
export const aSoldOrder = (
  db: Db,
  till: Awaited<ReturnType<typeof anOpenRegister>>,
  facts: Partial<SaleWish> = {},
) => enterSale(placingDeps(db), till.memberId, aSale(till, facts));
