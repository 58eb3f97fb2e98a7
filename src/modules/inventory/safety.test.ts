import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aLocation, aVariant, stocked } from './factory.ts';
import { levelsOf } from './levels.ts';
import { reserve } from './reservations.ts';
import { keepBack } from './safety.ts';

test('what is kept back is not promised, and who waits for it hears of it', async ({ db }) => {
  const place = await stocked(db, 5);
  const keep = (units: number) => inTransaction(db, (tx) => keepBack(tx, { ...place, units }));
  const told = async () =>
    (
      await db
        .selectFrom('platform.event')
        .select('name')
        .where((eb) => eb.cast<string>('payload', 'text'), 'like', `%${place.variantId}%`)
        .orderBy('id')
        .execute()
    ).map(({ name }) => name);
  const reserving = (quantity: number) =>
    inTransaction(db, (tx) => reserve(tx, randomUUID(), new Date('2100-01-01'), [{ ...place, quantity }]));
  const before = await told();
  await keep(4);
  await expect(reserving(2)).rejects.toMatchObject({
    code: 'inventory.insufficient_stock',
    data: { available: 1 },
  });
  await keep(9);
  await keep(9);
  expect((await levelsOf(db, place)).levels).toMatchObject([
    { onHand: 5, safety: 9, available: 0, short: 0 },
  ]);
  await keep(0);
  expect((await told()).slice(before.length)).toEqual([
    'inventory.stock_ran_out.v1',
    'inventory.stock_came_in.v1',
  ]);
  await reserving(5);
});

test('it may be said before anything is there, and not of what is nowhere', async ({ db }) => {
  const place = { variantId: await aVariant(db), locationId: await aLocation(db) };
  await inTransaction(db, (tx) => keepBack(tx, { ...place, units: 3 }));
  expect((await levelsOf(db, place)).levels).toMatchObject([{ onHand: 0, safety: 3, available: 0 }]);
  const nowhere = { ...place, locationId: randomUUID(), units: 3 };
  await expect(inTransaction(db, (tx) => keepBack(tx, nowhere))).rejects.toMatchObject({
    code: 'inventory.place_unknown',
  });
});
