import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { readConfig } from '#platform/config.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { correct } from '../inventory/index.ts';
import { type Carrier, CarrierRefusal } from './carrier.ts';
import { takeDeliveryEvent } from './delivery-events.ts';
import { aPlacedOrder, aSpreadVariant, eventsOf, levelOf, partsOf } from './factory.ts';
import { askCarrier, ship } from './ship.ts';
import { shipmentsOf } from './shipment.ts';
import { takeStep } from './step.ts';
import { testCarrier } from './test-carrier.ts';
import { tellTestDelivery } from './test-delivery.ts';

const shippingDeps = (db: Db) => ({ db, config: readConfig({}), now: () => new Date() });

async function aPackedOrder(db: Db, databaseUrl: string, quantity = 2) {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [5]);
  const orderId = await aPlacedOrder(db, { [variantId]: quantity });
  const [part] = await partsOf(db, orderId);
  const fulfilmentOrderId = part?.id ?? '';
  for (const to of ['accepted', 'picked', 'packed'] as const) {
    const step = { id: randomUUID(), fulfilmentOrderId, to };
    await inTransaction(db, (tx) => takeStep(tx, step, new Date()));
  }
  return {
    orderId,
    fulfilmentOrderId,
    variantId,
    locationId: locationIds[0] ?? '',
    lineId: part?.lines[0]?.orderLineId ?? '',
  };
}

const aShipment = (fulfilmentOrderId: string, carrier = 'test', parcels = 1) => ({
  id: randomUUID(),
  fulfilmentOrderId,
  carrier,
  parcels: Array.from({ length: parcels }, () => ({ weightGrams: 800 })),
});

const delivered = (trackingNumber: string, occurredAt: Date, carrier = 'test') => ({
  carrier,
  id: randomUUID(),
  trackingNumber,
  kind: 'delivered' as const,
  occurredAt,
});

test('goods leave the books when they leave the house, and the buyer hears of it once', async ({
  db,
  databaseUrl,
  work,
  outbox,
}) => {
  const { orderId, fulfilmentOrderId, variantId, locationId, lineId } = await aPackedOrder(db, databaseUrl);
  const wish = aShipment(fulfilmentOrderId);
  const shipment = await ship(shippingDeps(db), wish);
  expect(await ship(shippingDeps(db), wish)).toEqual(shipment);
  expect(shipment).toMatchObject({ state: 'shipped', parcels: [{ position: 1 }] });
  expect(await levelOf(db, variantId, locationId)).toEqual({
    onHand: 3,
    reserved: 0,
    allocated: 0,
    short: 0,
  });
  const lines = [{ lineId, variantId, quantity: 2 }];
  const about = { orderId, fulfilmentOrderId, shipmentId: wish.id, locationId, lines };
  const shipped = (await eventsOf(db, orderId)).filter(({ name }) => name === 'fulfilment.shipped.v1');
  expect(shipped).toMatchObject([{ payload: { ...about, byParcel: true } }]);
  outbox.length = 0;
  await work();
  const mails = outbox.filter(({ subject }) => subject.includes('on its way'));
  expect(mails.map(({ to }) => to)).toEqual(['ada@example.com']);
  expect(mails[0]?.text).toContain(shipment.parcels[0]?.trackingNumber);

  await tellTestDelivery(shippingDeps(db), { shipmentId: wish.id });
  await tellTestDelivery(shippingDeps(db), { shipmentId: wish.id });
  const [part] = await partsOf(db, orderId);
  expect(part?.steps.map(({ state }) => state)).toEqual([
    'assigned',
    'accepted',
    'picked',
    'packed',
    'shipped',
    'delivered',
  ]);
  const events = await eventsOf(db, orderId);
  expect(events.filter(({ name }) => name === 'fulfilment.delivered.v1')).toMatchObject([{ payload: about }]);
});

test('is delivered with its last parcel, in whatever order and how often that is told', async ({
  db,
  databaseUrl,
}) => {
  const { orderId, fulfilmentOrderId } = await aPackedOrder(db, databaseUrl);
  const { id, parcels } = await ship(shippingDeps(db), aShipment(fulfilmentOrderId, 'test', 2));
  const [one, other] = parcels.map(({ trackingNumber }) => trackingNumber ?? '');
  const later = new Date(Date.now() + 3_600_000);
  const last = new Date(later.getTime() - 60_000);
  const events = [
    delivered(one ?? '', last),
    delivered(one ?? '', new Date(last.getTime() - 60_000)),
    { ...delivered(one ?? '', new Date(0)), kind: 'in_transit' as const },
  ];
  for (const event of [...events, ...events])
    await inTransaction(db, (tx) => takeDeliveryEvent(tx, event, later));
  expect(await shipmentsOf(db, orderId)).toMatchObject([{ id, state: 'shipped', deliveredAt: null }]);
  const final = delivered(other ?? '', last);
  await Promise.all([1, 2].map(() => inTransaction(db, (tx) => takeDeliveryEvent(tx, final, later))));
  const [shipment] = await shipmentsOf(db, orderId);
  expect(shipment).toMatchObject({ state: 'delivered', deliveredAt: last });
  expect(shipment?.events).toHaveLength(4);
  await expect(
    inTransaction(db, (tx) => takeDeliveryEvent(tx, delivered('TEST0', last), later)),
  ).rejects.toMatchObject({ code: 'fulfilment.parcel_not_found' });
});

test('a carrier that gives no answer is asked again, for the same parcel', async ({ db, databaseUrl }) => {
  const { orderId, fulfilmentOrderId, variantId, locationId } = await aPackedOrder(db, databaseUrl);
  const asked: { reference: string; carrierRef: string | null }[] = [];
  const deaf: Carrier = {
    name: 'deaf',
    async label({ reference, carrierRef }, remember) {
      asked.push({ reference, carrierRef });
      if (asked.length > 1) return { trackingNumber: 'DEAF1', trackingUrl: null, labelUrl: null };
      await remember('known');
      throw new Error('no answer');
    },
  };
  const wish = aShipment(fulfilmentOrderId, 'deaf');
  expect(await ship(shippingDeps(db), wish, [deaf])).toMatchObject({ state: 'asked' });
  expect(await levelOf(db, variantId, locationId)).toMatchObject({ onHand: 5, allocated: 2 });
  await expect(ship(shippingDeps(db), aShipment(fulfilmentOrderId), [testCarrier])).rejects.toMatchObject({
    code: 'fulfilment.shipment_under_way',
  });
  await Promise.all([
    askCarrier(shippingDeps(db), wish.id, [deaf]),
    askCarrier(shippingDeps(db), wish.id, [deaf]),
  ]);
  expect(asked.slice(0, 2)).toEqual([
    { reference: `${wish.id}:1`, carrierRef: null },
    { reference: `${wish.id}:1`, carrierRef: 'known' },
  ]);
  expect(await shipmentsOf(db, orderId)).toMatchObject([
    { state: 'shipped', parcels: [{ trackingNumber: 'DEAF1' }] },
  ]);
  expect(await levelOf(db, variantId, locationId)).toMatchObject({ onHand: 3, allocated: 0 });
});

test('what a carrier refuses goes with another', async ({ db, databaseUrl }) => {
  const { orderId, fulfilmentOrderId } = await aPackedOrder(db, databaseUrl);
  const picky: Carrier = {
    name: 'picky',
    label: () => Promise.reject(new CarrierRefusal('too heavy')),
  };
  const refused = { code: 'fulfilment.carrier_refused', data: { carrier: 'picky', reason: 'too heavy' } };
  const wish = aShipment(fulfilmentOrderId, 'picky');
  await expect(ship(shippingDeps(db), wish, [picky])).rejects.toMatchObject(refused);
  await expect(ship(shippingDeps(db), wish, [picky])).rejects.toMatchObject(refused);
  await expect(ship(shippingDeps(db), aShipment(fulfilmentOrderId, 'manual'))).rejects.toMatchObject({
    code: 'fulfilment.tracking_number_missing',
  });
  const typed = {
    ...aShipment(fulfilmentOrderId, 'manual'),
    parcels: [{ weightGrams: 1, trackingNumber: 'X 1' }],
  };
  await ship(shippingDeps(db), typed);
  expect((await shipmentsOf(db, orderId)).map(({ carrier, state }) => [carrier, state])).toEqual([
    ['picky', 'failed'],
    ['manual', 'shipped'],
  ]);
});

test('what lies packed on the table goes, whatever was counted meanwhile', async ({ db, databaseUrl }) => {
  const { fulfilmentOrderId, variantId, locationId } = await aPackedOrder(db, databaseUrl);
  const count = { id: randomUUID(), kind: 'count' as const, lines: [{ variantId, locationId, quantity: 1 }] };
  await inTransaction(db, (tx) => correct(tx, count, new Date()));
  await ship(shippingDeps(db), aShipment(fulfilmentOrderId));
  expect(await levelOf(db, variantId, locationId)).toEqual({
    onHand: 0,
    reserved: 0,
    allocated: 0,
    short: 0,
  });
});
