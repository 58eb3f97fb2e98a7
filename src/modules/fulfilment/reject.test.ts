import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { receive } from '../inventory/index.ts';
import { assignmentsOf } from '../routing/index.ts';
import { brokering } from './broker-again.ts';
import { aPlacedOrder, aSpreadVariant, eventsOf, levelOf, partsOf } from './factory.ts';
import { reject, type RejectedLine } from './reject.ts';
import { takeStep } from './step.ts';
import { tryAgain, unfillables } from './unfillable.ts';

type Db = Parameters<typeof partsOf>[0];

async function onlyPart(db: Db, orderId: string) {
  const parts = await partsOf(db, orderId);
  const [part] = parts;
  const [line] = part?.lines ?? [];
  if (!part || !line || parts.length !== 1) throw new Error('not one part with a line');
  return { part, line };
}

const rejected = (
  db: Db,
  fulfilmentOrderId: string,
  lines: RejectedLine[],
  id: string = randomUUID(),
): Promise<void> => brokering(db, (tx) => reject(tx, { id, fulfilmentOrderId, lines }, new Date()));

test('makes one fulfilment order for each location’s part, once', async ({ db, databaseUrl, work }) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [2, 3]);
  const orderId = await aPlacedOrder(db, { [variantId]: 5 });
  await work();
  const parts = await partsOf(db, orderId);
  expect(parts.map(({ state, lines }) => [state, lines.map(({ remaining }) => remaining)])).toEqual(
    expect.arrayContaining([
      ['assigned', [2]],
      ['assigned', [3]],
    ]),
  );
  expect(new Set(parts.map(({ locationId }) => locationId))).toEqual(new Set(locationIds));
  expect(parts.map(({ steps }) => steps.map(({ state }) => state))).toEqual([['assigned'], ['assigned']]);
  const [first] = parts;
  expect(first?.acceptBy.getTime()).toBe((first?.assignedAt.getTime() ?? 0) + 24 * 3_600_000);
});

test('counts a shelf that is empty, and moves the allocation to who has the goods', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [4, 4]);
  const orderId = await aPlacedOrder(db, { [variantId]: 3 });
  const { part, line } = await onlyPart(db, orderId);
  const elsewhere = locationIds.find((id) => id !== part.locationId) ?? '';
  const id = randomUUID();
  const { orderLineId } = line;
  await rejected(db, part.id, [{ orderLineId, quantity: 3, reason: 'not_in_stock' }], id);
  await rejected(db, part.id, [{ orderLineId, quantity: 3, reason: 'not_in_stock' }], id);

  expect(await levelOf(db, variantId, part.locationId)).toEqual({
    onHand: 0,
    reserved: 0,
    allocated: 0,
    short: 0,
  });
  expect(await levelOf(db, variantId, elsewhere)).toEqual({ onHand: 4, reserved: 0, allocated: 3, short: 0 });
  const parts = await partsOf(db, orderId);
  expect(parts.map(({ state, locationId, lines }) => [state, locationId, lines[0]?.remaining])).toEqual([
    ['rejected', part.locationId, 0],
    ['assigned', elsewhere, 3],
  ]);
  expect(parts[1]?.firstPromisedTo).toBe(parts[0]?.firstPromisedTo);
  expect((await assignmentsOf(db, orderId)).map(({ locationId, lines }) => [locationId, lines])).toEqual([
    [elsewhere, [{ variantId, quantity: 3 }]],
  ]);
  await expect(
    rejected(db, part.id, [{ orderLineId, quantity: 2, reason: 'other' }], id),
  ).rejects.toMatchObject({ code: 'fulfilment.rejection_differs' });
});

test('what a mismatch counts is the shelf: goods on other packing tables stay on hand', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [9]);
  const [locationId = ''] = locationIds;
  const packing = await onlyPart(db, await aPlacedOrder(db, { [variantId]: 2 }));
  for (const to of ['accepted', 'picked'] as const) {
    const step = { id: randomUUID(), fulfilmentOrderId: packing.part.id, to };
    await inTransaction(db, (tx) => takeStep(tx, step, new Date()));
  }
  const orderId = await aPlacedOrder(db, { [variantId]: 4 });
  const { part, line } = await onlyPart(db, orderId);
  const { orderLineId } = line;
  await rejected(db, part.id, [{ orderLineId, quantity: 1, reason: 'mismatch', counted: 3 }]);
  expect(await levelOf(db, variantId, locationId)).toEqual({
    onHand: 5,
    reserved: 0,
    allocated: 5,
    short: 0,
  });
  expect((await partsOf(db, orderId)).map(({ state, lines }) => [state, lines[0]?.remaining])).toEqual([
    ['assigned', 3],
  ]);
  const lines = [{ lineId: orderLineId, variantId, quantity: 1 }];
  expect(await eventsOf(db, orderId)).toMatchObject([
    { name: 'fulfilment.unfillable.v1', payload: { orderId, lines, reason: 'mismatch' } },
  ]);
});

test('what nobody can give waits, and is found when goods have come in', async ({ db, databaseUrl }) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [2]);
  const [locationId = ''] = locationIds;
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  const { part, line } = await onlyPart(db, orderId);
  await rejected(db, part.id, [{ orderLineId: line.orderLineId, quantity: 2, reason: 'damaged' }]);
  expect(await levelOf(db, variantId, locationId)).toEqual({
    onHand: 0,
    reserved: 0,
    allocated: 0,
    short: 0,
  });
  const waiting = (await unfillables(db, 50)).filter((each) => each.orderId === orderId);
  expect(waiting).toMatchObject([{ variantId, quantity: 2, reason: 'damaged' }]);
  const [{ id } = { id: '' }] = waiting;
  expect(await brokering(db, (tx) => tryAgain(tx, id, new Date()))).toBe(0);

  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity: 1 }] };
  await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
  expect(await brokering(db, (tx) => tryAgain(tx, id, new Date()))).toBe(1);
  expect((await partsOf(db, orderId)).map(({ state, lines }) => [state, lines[0]?.remaining])).toEqual([
    ['rejected', 0],
    ['assigned', 1],
  ]);
  expect((await unfillables(db, 50)).filter((each) => each.orderId === orderId)).toMatchObject([
    { quantity: 1 },
  ]);
  await expect(brokering(db, (tx) => tryAgain(tx, id, new Date()))).rejects.toMatchObject({
    code: 'fulfilment.unfillable_not_found',
  });
});

test('of two associates who accept and reject at once, one does', async ({ db, databaseUrl }) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [9, 9]);
  for (let round = 0; round < 4; round++) {
    const { part, line } = await onlyPart(db, await aPlacedOrder(db, { [variantId]: 1 }));
    const { orderLineId } = line;
    const answers = await Promise.allSettled([
      inTransaction(db, (tx) =>
        takeStep(tx, { id: randomUUID(), fulfilmentOrderId: part.id, to: 'accepted' }, new Date()),
      ),
      inTransaction(db, (tx) =>
        takeStep(tx, { id: randomUUID(), fulfilmentOrderId: part.id, to: 'accepted' }, new Date()),
      ),
      rejected(db, part.id, [{ orderLineId, quantity: 1, reason: 'other' }]),
      rejected(db, part.id, [{ orderLineId, quantity: 1, reason: 'other' }]),
    ]);
    const done = answers.map(({ status }) => status === 'fulfilled');
    expect(done.slice(0, 2).filter(Boolean).length).toBeLessThanOrEqual(1);
    expect(done.slice(2).filter(Boolean)).toHaveLength(1); // what was accepted may still be rejected, once
    const codes = answers.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code?: string }).code] : [],
    );
    expect(new Set(codes)).toEqual(new Set(['fulfilment.step_not_open']));
  }
});
