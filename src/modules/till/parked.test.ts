import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aRegister } from './factory.ts';
import { dropExpired, park, parkedAt, takeParked } from './parked.ts';

test('a parked basket is taken up by one register only, however many try, and ends by itself', async ({
  db,
}) => {
  const first = await aRegister(db);
  const tills = [first];
  for (let n = 0; n < 4; n++) tills.push(await aRegister(db, { locationId: first.locationId }));
  const elsewhere = await aRegister(db);
  const wish = { id: randomUUID(), registerId: first.id, note: '', codes: [], memberId: randomUUID() };
  const lines = [{ variantId: randomUUID(), quantity: 1 }];
  const now = new Date();
  await inTransaction(db, (tx) => park(tx, { ...wish, lines }, now));

  const take = (registerId: string, at = now) =>
    inTransaction(db, (tx) => takeParked(tx, wish.id, registerId, at));
  await expect(take(elsewhere.id)).rejects.toMatchObject({ code: 'till.parked_not_found' });
  const tried = await Promise.allSettled(tills.map(({ id }) => take(id)));

  const winner = tried.findIndex(({ status }) => status === 'fulfilled');
  expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of tried)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'till.parked_taken' });
  expect(await take(tills[winner]?.id ?? '')).toMatchObject({ lines });
  expect(await parkedAt(db, first.id, now)).toEqual([]);

  const late = { ...wish, id: randomUUID(), lines };
  await inTransaction(db, (tx) => park(tx, late, now));
  const later = new Date(now.getTime() + 4 * 86_400_000);
  expect(await parkedAt(db, first.id, later)).toEqual([]);
  await dropExpired({ db, now: () => later });
  expect(await parkedAt(db, first.id, now)).toEqual([]);
});
