import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { placingDeps } from '../orders/factory.ts';
import { assignmentsOf } from '../routing/index.ts';
import { aPlacedOrder, aSpreadVariant, eventsOf, levelOf, partsOf } from './factory.ts';
import { ship } from './ship.ts';
import { shipmentsOf } from './shipment.ts';
import { takeStep } from './step.ts';

test('a supplier sends it to the buyer’s door: assigned, shipped and off its books, and no store knows of it', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [5], { kind: 'supplier' });
  const locationId = locationIds[0] ?? '';
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  expect(await assignmentsOf(db, orderId)).toMatchObject([
    { locationId, lines: [{ variantId, quantity: 2 }] },
  ]);
  const [part] = await partsOf(db, orderId);
  expect(part).toMatchObject({ locationId, pickupLocationId: null, state: 'assigned' });
  expect(await levelOf(db, variantId, locationId)).toMatchObject({ onHand: 5, allocated: 2 });
  const fulfilmentOrderId = part?.id ?? '';
  for (const to of ['accepted', 'picked', 'packed'] as const)
    await inTransaction(db, (tx) => takeStep(tx, { id: randomUUID(), fulfilmentOrderId, to }, new Date()));
  const id = randomUUID();
  const parcels = [{ weightGrams: 900, trackingNumber: '3SDROP' }];
  await ship(placingDeps(db), { id, fulfilmentOrderId, carrier: 'manual', parcels });
  expect(await shipmentsOf(db, orderId)).toMatchObject([{ id, locationId, state: 'shipped' }]);
  expect(await levelOf(db, variantId, locationId)).toEqual({
    onHand: 3,
    reserved: 0,
    allocated: 0,
    short: 0,
  });
  const told = (await eventsOf(db, orderId)).filter(({ name }) => name === 'fulfilment.shipped.v1');
  expect(told.map(({ payload }) => [payload['locationId'], payload['shipmentId']])).toEqual([
    [locationId, id],
  ]);
});
