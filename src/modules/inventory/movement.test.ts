import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { behind } from '#test/behind.ts';
import { test } from '#test/harness.ts';
import { availabilityOf } from './availability.ts';
import { correct } from './corrections.ts';
import { aLocation, aVariant, deliveryOf, stocked } from './factory.ts';
import { releaseExpired } from './release-expired.ts';
import { receive } from './deliveries.ts';
import { availableOf, type MovementLine, post, type StockLine } from './movement.ts';
import { reserve, settle } from './reservations.ts';
import { type Balances, type Kind, MODEL, shortOf } from './stock-model.ts';

const LATER = new Date('2100-01-01');

const holding = (db: Db, lines: MovementLine[], id = randomUUID()) =>
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
  await inTransaction(db, (tx) => receive(tx, deliveryOf(there, 3), new Date()));
  await holding(db, [{ ...here, quantity: 4 }]);
  const nowhere = await aVariant(db);

  expect(await availabilityOf(db, [here.variantId, nowhere])).toEqual(
    new Map([
      [
        here.variantId,
        { available: 3, locations: [{ locationId: there.locationId, available: 3 }], later: null },
      ],
      [nowhere, { available: 0, locations: [], later: null }],
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
  await expect(sql`update inventory.stock_movement set on_hand_delta = 99`.execute(db)).rejects.toThrow(
    'append-only',
  );
});

test('what has gone already is booked, however few the books say were here', async ({ db }) => {
  const place = await stocked(db, 1);
  await expect(holding(db, [{ ...place, quantity: 3, beyond: 1 }])).rejects.toMatchObject({
    code: 'inventory.insufficient_stock',
  });
  await holding(db, [{ ...place, quantity: 2, beyond: 2 }]);
  await holding(db, [{ ...place, quantity: 1, beyond: 1 }]);
  expect(await levelOf(db, place)).toMatchObject({ onHand: 1, reserved: 3, short: 2 });
  await inTransaction(db, (tx) => receive(tx, deliveryOf(place, 5), new Date()));
  expect(await levelOf(db, place)).toMatchObject({ onHand: 6, reserved: 3, short: 0 });
  expect(await availableOf(db, place.variantId, place.locationId)).toBe(3);
});

test('safety stock is not promised, and can be counted and sent away', async ({ db }) => {
  const place = await stocked(db, 5);
  await sql`update inventory.stock_level set safety = 3 where variant_id = ${place.variantId}`.execute(db);
  await holding(db, [{ ...place, quantity: 2 }]);
  await expect(holding(db, [{ ...place, quantity: 1 }])).rejects.toMatchObject({ data: { available: 0 } });
  const send = inTransaction(db, (tx) =>
    post(tx, 'transfer_out', { id: randomUUID() }, [{ ...place, quantity: 4 }]),
  );
  await expect(send).rejects.toMatchObject({ code: 'inventory.insufficient_stock' });
  await inTransaction(db, (tx) =>
    post(tx, 'transfer_out', { id: randomUUID() }, [{ ...place, quantity: 3 }]),
  );
  expect(await levelOf(db, place)).toMatchObject({ onHand: 2, reserved: 2, short: 0 });
});

test('a count below what is promised is taken, and those who promised hear of it', async ({ db }) => {
  const place = await stocked(db, 5);
  const id = randomUUID();
  await holding(db, [{ ...place, quantity: 4 }], id);
  await inTransaction(db, (tx) => settle(tx, id, 'allocate'));
  await inTransaction(db, (tx) =>
    correct(tx, { id: randomUUID(), kind: 'count', lines: [{ ...place, quantity: 1 }] }, new Date()),
  );
  expect(await levelOf(db, place)).toMatchObject({ onHand: 1, allocated: 4, short: 3 });
  const { rows } = await sql<{ short: number }>`
    select (payload ->> 'short')::integer as short from platform.event
    where name = 'inventory.stock_fell_short.v1' and payload ->> 'variantId' = ${place.variantId}`.execute(
    db,
  );
  expect(rows).toEqual([{ short: 3 }]);
  // What is not there can't be shipped; letting the rest go makes the level whole again.
  const ship = (quantity: number) =>
    inTransaction(db, (tx) => post(tx, 'ship', { id: randomUUID() }, [{ ...place, quantity }]));
  await expect(ship(2)).rejects.toMatchObject({ code: 'inventory.insufficient_stock' });
  await ship(1);
  await inTransaction(db, (tx) => post(tx, 'deallocate', { id }, [{ ...place, quantity: 3 }]));
  expect(await levelOf(db, place)).toMatchObject({ onHand: 0, allocated: 0, short: 0, valueMinor: 0 });
});

async function levelOf(db: Db, { variantId, locationId }: { variantId: string; locationId: string }) {
  const { rows } = await sql<Balances & { short: number }>`
    select on_hand as "onHand", reserved, allocated, damaged, short, value_minor as "valueMinor"
    from inventory.stock_level where variant_id = ${variantId} and location_id = ${locationId}`.execute(db);
  return rows[0];
}

// Whatever happens, the level, the sum over the ledger and the model say the same, and a refusal changes nothing.
test('levels agree with the model and with the ledger after any history', async ({ db }) => {
  const step = fc.record({
    kind: fc.constantFrom(...(Object.keys(MODEL) as Kind[])),
    quantity: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const place = await stocked(db, 3);
      let model: Balances = { onHand: 3, reserved: 0, allocated: 0, damaged: 0, valueMinor: 0 };
      for (const { kind, quantity } of steps) {
        const line = { ...place, quantity, ...(kind === 'receive' && { valueMinor: 7 * quantity }) };
        const expected = MODEL[kind](model, line);
        const posted = inTransaction(db, (tx) => post(tx, kind, { id: randomUUID() }, [line]));
        const [answer] = await Promise.allSettled([posted]);
        const refusal = { status: 'rejected', reason: { code: 'inventory.insufficient_stock' } };
        expect(answer, kind).toMatchObject(expected ? { status: 'fulfilled' } : refusal);
        model = expected ?? model;
      }
      const { rows } = await sql<Balances>`
        select sum(on_hand_delta)::integer as "onHand", sum(reserved_delta)::integer as reserved,
          sum(allocated_delta)::integer as allocated, sum(damaged_delta)::integer as damaged,
          sum(value_delta_minor)::bigint as "valueMinor"
        from inventory.stock_movement where variant_id = ${place.variantId}`.execute(db);
      expect(rows).toEqual([model]);
      expect(await levelOf(db, place)).toEqual({ ...model, short: shortOf(model) });
    }),
    { numRuns: 60 },
  );
});

describe('of a level that changes while it is waited for', () => {
  const of = (units: number) => (place: StockLine) => [{ ...place, quantity: units }];
  const delivered = (place: StockLine) => (tx: Tx) =>
    receive(
      tx,
      { ...deliveryOf(place, 2), lines: [{ variantId: place.variantId, quantity: 2, unitCostMinor: 700 }] },
      new Date(),
    );

  test('what counts is what is there then', async ({ db }) => {
    const place = { ...(await stocked(db, 1)), quantity: 1 };
    const [id, lines] = [randomUUID(), of(1)(place)];
    const count = (tx: Tx) => correct(tx, { id, kind: 'count', lines }, new Date());
    expect(await behind(db, delivered(place), count)).toMatchObject({ status: 'fulfilled' });
    expect(await levelOf(db, place)).toMatchObject({ onHand: 1, valueMinor: 467 });
    const send = (tx: Tx) => post(tx, 'transfer_out', { id: randomUUID() }, of(3)(place));
    expect(await behind(db, delivered(place), send)).toMatchObject({ status: 'fulfilled' });
    expect(await levelOf(db, place)).toMatchObject({ onHand: 0, valueMinor: 0 });
  });

  test('who comes too late for the last units is refused by name', async ({ db }) => {
    const place = { ...(await stocked(db, 1)), quantity: 1 };
    await inTransaction(db, delivered(place));
    const send = (tx: Tx) => post(tx, 'transfer_out', { id: randomUUID() }, of(3)(place));
    expect(await behind(db, send, send)).toMatchObject({ reason: { code: 'inventory.insufficient_stock' } });
    expect(await levelOf(db, place)).toMatchObject({ onHand: 0, valueMinor: 0 });
  });
});
