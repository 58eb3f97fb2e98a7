import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { availabilityOf } from './availability.ts';
import { aLocation, aVariant, stocked } from './factory.ts';
import { releaseExpired } from './release-expired.ts';
import { availableOf, receive, reserve, settle } from './stock.ts';

const LATER = new Date('2100-01-01');

const holding = (db: Db, lines: Parameters<typeof reserve>[3], id = randomUUID()) =>
  inTransaction(db, (tx) => reserve(tx, id, LATER, lines));

describe('reserve', () => {
  test('never oversells, however many ask at once', async ({ db }) => {
    const place = await stocked(db, 5);

    const asked = Array.from({ length: 20 }, () => holding(db, [{ ...place, quantity: 1 }]));
    const answers = await Promise.allSettled(asked);

    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(5);
    expect(await availableOf(db, place.variantId, place.locationId)).toBe(0);
  });

  test('counts two lines of one variant together, and holds none when it refuses', async ({ db }) => {
    const [scarce, plenty] = [await stocked(db, 3), await stocked(db, 9)];

    const asked = holding(db, [
      { ...plenty, quantity: 1 },
      { ...scarce, quantity: 2 },
      { ...scarce, quantity: 2 },
    ]);

    await expect(asked).rejects.toMatchObject({
      code: 'inventory.insufficient_stock',
      data: { variantId: scarce.variantId, wanted: 4, available: 3 },
    });
    expect(await availableOf(db, plenty.variantId, plenty.locationId)).toBe(9);
  });

  test('takes opposite orders of the same lines without a deadlock', async ({ db }) => {
    const lines = [await stocked(db, 50), await stocked(db, 50)].map((place) => ({ ...place, quantity: 1 }));
    const asked = Array.from({ length: 50 }, (_, n) => holding(db, n % 2 ? lines : lines.toReversed()));
    await expect(Promise.all(asked)).resolves.toHaveLength(50);
  });

  test('takes the same id again while it is held, and not after', async ({ db }) => {
    const place = await stocked(db, 3);
    const id = randomUUID();
    const lines = [{ ...place, quantity: 2 }];

    await holding(db, lines, id);
    await holding(db, lines, id);
    expect(await availableOf(db, place.variantId, place.locationId)).toBe(1);

    const other = holding(db, [{ ...place, quantity: 1 }], id);
    await expect(other).rejects.toMatchObject({ code: 'inventory.reservation_differs' });
    await inTransaction(db, (tx) => settle(tx, id, 'release'));
    await expect(holding(db, lines, id)).rejects.toMatchObject({
      code: 'inventory.reservation_not_held',
      data: { state: 'released' },
    });
  });

  test('tells when the last unit goes, and when one comes back', async ({ db }) => {
    const place = await stocked(db, 2);
    const id = randomUUID();
    await holding(db, [{ ...place, quantity: 2 }], id);
    await inTransaction(db, (tx) => settle(tx, id, 'release'));

    const { rows } = await sql<{ name: string }>`
      select name from platform.event where payload->>'variantId' = ${place.variantId} order by id`.execute(
      db,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'inventory.stock_came_in.v1',
      'inventory.stock_ran_out.v1',
      'inventory.stock_came_in.v1',
    ]);
  });
});

test('availability is the sum of the free units over all locations', async ({ db }) => {
  const here = await stocked(db, 4);
  const there = { variantId: here.variantId, locationId: await aLocation(db) };
  await inTransaction(db, (tx) => receive(tx, randomUUID(), [{ ...there, quantity: 3 }]));
  await holding(db, [{ ...here, quantity: 4 }]);
  const nowhere = await aVariant(db);

  expect(await availabilityOf(db, [here.variantId, nowhere])).toEqual(
    new Map([
      [here.variantId, { available: 3, locations: [{ locationId: there.locationId, available: 3 }] }],
      [nowhere, { available: 0, locations: [] }],
    ]),
  );
});

test('an expired reservation gives its stock back', async ({ db }) => {
  const place = await stocked(db, 4);
  await holding(db, [{ ...place, quantity: 4 }]);

  await releaseExpired({ db, now: () => new Date('2100-01-02') });

  expect(await availableOf(db, place.variantId, place.locationId)).toBe(4);
});

test('the ledger cannot be edited', async ({ db }) => {
  await stocked(db, 1);
  await expect(sql`update inventory.stock_move set on_hand_delta = 99`.execute(db)).rejects.toThrow(
    'append-only',
  );
});

// The model is two numbers and a map. Whatever happens, the database must say the same.
test('levels agree with the model and with the ledger after any history', async ({ db }) => {
  const quantity = fc.integer({ min: 1, max: 5 });
  const step = fc.oneof(
    fc.record({ do: fc.constant('receive' as const), quantity }),
    fc.record({ do: fc.constant('reserve' as const), quantity }),
    fc.record({ do: fc.constantFrom('ship' as const, 'release' as const), nth: fc.nat(9) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const place = await stocked(db, 3);
      const held: { id: string; quantity: number }[] = [];
      const model = { onHand: 3, reserved: 0 };

      for (const each of steps) {
        if (each.do === 'receive') {
          await inTransaction(db, (tx) => receive(tx, randomUUID(), [{ ...place, quantity: each.quantity }]));
          model.onHand += each.quantity;
        } else if (each.do === 'reserve') {
          const id = randomUUID();
          const fits = model.reserved + each.quantity <= model.onHand;
          const asked = holding(db, [{ ...place, quantity: each.quantity }], id);
          const [answer] = await Promise.allSettled([asked]);
          const refusal = { status: 'rejected', reason: { code: 'inventory.insufficient_stock' } };
          expect(answer).toMatchObject(fits ? { status: 'fulfilled' } : refusal);
          if (!fits) continue;
          model.reserved += each.quantity;
          held.push({ id, quantity: each.quantity });
        } else {
          const [settled] = held.splice(each.nth % Math.max(held.length, 1), 1);
          if (!settled) continue;
          await inTransaction(db, (tx) => settle(tx, settled.id, each.do));
          await inTransaction(db, (tx) => settle(tx, settled.id, each.do)); // a retry changes nothing
          model.reserved -= settled.quantity;
          if (each.do === 'ship') model.onHand -= settled.quantity;
        }
      }

      const { rows } = await sql<{ onHand: number; reserved: number }>`
        select on_hand as "onHand", reserved from inventory.stock_level where variant_id = ${place.variantId}
        union all
        select sum(on_hand_delta), sum(reserved_delta) from inventory.stock_move where variant_id = ${place.variantId}`.execute(
        db,
      );
      expect(rows).toEqual([model, model]);
    }),
    { numRuns: 40 },
  );
});
