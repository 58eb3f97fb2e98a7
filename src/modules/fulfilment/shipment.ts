import type { Db } from '#platform/db.ts';
import { fulfilmentErrors } from './errors.ts';
import { own } from './own.ts';
import type { FulfilmentDeliveryEventKind, FulfilmentShipmentState } from './tables.ts';

export interface Parcel {
  /** From 1. */
  position: number;
  weightGrams: number;
  lengthMm: number | null;
  widthMm: number | null;
  heightMm: number | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  /** Where the carrier keeps its own label. */
  labelUrl: string | null;
}

interface DeliveryNews {
  position: number;
  kind: FulfilmentDeliveryEventKind;
  occurredAt: Date;
  detail: string;
}

/** What leaves a location for a buyer at once. */
export interface Shipment {
  id: string;
  fulfilmentOrderId: string;
  orderId: string;
  locationId: string;
  carrier: string;
  state: FulfilmentShipmentState;
  /** Why the carrier would not. */
  fault: string;
  askedAt: Date;
  shippedAt: Date | null;
  deliveredAt: Date | null;
  parcels: Parcel[];
  /** As it happened, whenever it was told. */
  events: DeliveryNews[];
}

export async function shipmentById(db: Db, shipmentId: string): Promise<Shipment> {
  const found = await shipments(db).where('id', '=', shipmentId).executeTakeFirst();
  if (!found) throw fulfilmentErrors.shipment_not_found({ shipmentId });
  return withParcels(db, found);
}

/** All shipments of an order, those that came to nothing too, the oldest first. */
export async function shipmentsOf(db: Db, orderId: string): Promise<Shipment[]> {
  const found = await shipments(db)
    .where('order_id', '=', orderId)
    .orderBy('asked_at')
    .orderBy('id')
    .execute();
  return Promise.all(found.map((each) => withParcels(db, each)));
}

const shipments = (db: Db) =>
  own(db)
    .selectFrom('fulfilment.shipment')
    .select([
      'id',
      'fulfilment_order_id as fulfilmentOrderId',
      'order_id as orderId',
      'location_id as locationId',
      'carrier',
      'state',
      'fault',
      'asked_at as askedAt',
      'shipped_at as shippedAt',
      'delivered_at as deliveredAt',
    ]);

async function withParcels<Facts extends { id: string }>(db: Db, shipment: Facts) {
  const parcels = await own(db)
    .selectFrom('fulfilment.parcel')
    .select([
      'position',
      'weight_grams as weightGrams',
      'length_mm as lengthMm',
      'width_mm as widthMm',
      'height_mm as heightMm',
      'tracking_number as trackingNumber',
      'tracking_url as trackingUrl',
      'label_url as labelUrl',
    ])
    .where('shipment_id', '=', shipment.id)
    .orderBy('position')
    .execute();
  const events = await own(db)
    .selectFrom('fulfilment.delivery_event')
    .select(['parcel_position as position', 'kind', 'occurred_at as occurredAt', 'detail'])
    .where('shipment_id', '=', shipment.id)
    .orderBy('occurred_at')
    .orderBy('carrier_event_id')
    .execute();
  return { ...shipment, parcels, events };
}
