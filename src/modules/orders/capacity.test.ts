import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { addDays } from '#platform/days.ts';
import { test } from '#test/harness.ts';
import { aCart, aStockedVariant, aWish, placed, placingDeps } from './factory.ts';
import { readOrder } from './order.ts';

const NOW = new Date('2026-11-23T10:00:00Z');
const TODAY = '2026-11-23';
const PRICE = 1000;
const CAPACITY = 3;
const AT_ONCE = 8;

// Decision 47: a day may be exceeded by those who pay at the same time, and by nobody after them.
test('buyers at once may exceed a day by as many as they are, keep what they were told, and the next is told the next day', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 50, PRICE);
  await sql`update inventory.location set capacity_per_day = ${CAPACITY} where id = ${locationId}`.execute(
    db,
  );
  const deps = placingDeps(db, () => NOW);
  const buy = async () => {
    const cartId = await aCart(db, GUEST, { [variantId]: 1 });
    const { orderId } = await placed(deps, GUEST, aWish(cartId, PRICE + 495, { orderId: randomUUID() }));
    const { assignments, promisedFrom, promisedTo } = await readOrder(db, orderId);
    const [part] = assignments;
    expect([promisedFrom, promisedTo]).toEqual([part?.promisedFrom, part?.promisedTo]);
    return part?.leavesOn;
  };
  const one = [await buy(), await buy()];
  expect(one).toEqual([TODAY, TODAY]);

  const days = await Promise.all(Array.from({ length: AT_ONCE }, buy));
  const today = days.filter((day) => day === TODAY).length;
  expect(today).toBeGreaterThanOrEqual(CAPACITY - one.length);
  expect(days.every((day) => day !== undefined && day >= TODAY && day <= addDays(TODAY, 3))).toBe(true);

  const taken = new Map<string, number>();
  for (const day of [...one, ...days]) taken.set(day ?? '', (taken.get(day ?? '') ?? 0) + 1);
  const firstFree = [0, 1, 2, 3, 4]
    .map((n) => addDays(TODAY, n))
    .find((day) => (taken.get(day) ?? 0) < CAPACITY);
  expect(firstFree).not.toBe(TODAY);
  expect(await buy()).toBe(firstFree);
});
