import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { readConfig } from '#platform/config.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { cancelUnits, unitsLeft } from '../orders/index.ts';
import { aPlacedOrder, aSpreadVariant, levelOf, partsOf } from './factory.ts';
import { reject } from './reject.ts';
import { brokering } from './broker-again.ts';
import { ship } from './ship.ts';
import { takeStep } from './step.ts';

async function aPackedPart(db: Db, orderId: string) {
  const [part] = await partsOf(db, orderId);
  const fulfilmentOrderId = part?.id ?? '';
  for (const to of ['accepted', 'picked', 'packed'] as const)
    await inTransaction(db, (tx) => takeStep(tx, { id: randomUUID(), fulfilmentOrderId, to }, new Date()));
  return { fulfilmentOrderId, lineId: part?.lines[0]?.orderLineId ?? '' };
}

const shipping = (db: Db, fulfilmentOrderId: string) =>
  ship(
    { db, config: readConfig({}), now: () => new Date() },
    { id: randomUUID(), fulfilmentOrderId, carrier: 'test', parcels: [{ weightGrams: 100 }] },
  );

const cancelling = (db: Db, orderId: string, lineId: string, quantity: number) =>
  inTransaction(db, (tx) =>
    cancelUnits(tx, { id: randomUUID(), orderId, lines: [{ lineId, quantity }], reason: '', actor: 'test' }),
  );

test('what is cancelled and shipped at once is one or the other, twenty times', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [60]);
  const [locationId = ''] = locationIds;
  // Another buyer's units at the same place: whoever ships what was cancelled takes theirs.
  await aPlacedOrder(db, { [variantId]: 10 });
  let shipped = 0;
  for (let round = 0; round < 10; round++) {
    const orderId = await aPlacedOrder(db, { [variantId]: 2 });
    const { fulfilmentOrderId, lineId } = await aPackedPart(db, orderId);
    const results = await Promise.allSettled([
      cancelling(db, orderId, lineId, 1),
      shipping(db, fulfilmentOrderId),
    ]);
    const [cancelled, sent] = results.map(({ status }) => status === 'fulfilled');
    expect([cancelled, sent].filter(Boolean)).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({
          code: cancelled ? 'fulfilment.cancelled_meanwhile' : 'orders.not_left',
        });
    const { byLine } = await inTransaction(db, (tx) => unitsLeft(tx, orderId, locationId));
    expect(byLine.get(lineId)).toBe(cancelled ? 1 : 0);
    if (sent) shipped += 2;
    else {
      await work();
      await shipping(db, fulfilmentOrderId); // what is left of it
      shipped += 1;
    }
  }
  await work();
  expect(await levelOf(db, variantId, locationId)).toEqual({
    onHand: 60 - shipped,
    reserved: 0,
    allocated: 10,
    short: 0,
  });
});

test('what was cancelled is not given back a second time by its location', async ({ db, databaseUrl }) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [9]);
  await aPlacedOrder(db, { [variantId]: 3 });
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  const [part] = await partsOf(db, orderId);
  const lineId = part?.lines[0]?.orderLineId ?? '';
  await cancelling(db, orderId, lineId, 1);
  const rejection = {
    id: randomUUID(),
    fulfilmentOrderId: part?.id ?? '',
    lines: [{ orderLineId: lineId, quantity: 2, reason: 'other' as const }],
  };
  const refused = await brokering(db, (tx) => reject(tx, rejection, new Date())).catch(
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(AppError);
  expect(refused).toMatchObject({ code: 'fulfilment.cancelled_meanwhile' });
  expect(await levelOf(db, variantId, locationIds[0] ?? '')).toMatchObject({ onHand: 9, allocated: 4 });
});
