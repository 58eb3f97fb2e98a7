import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

const Lines = Type.Array(
  Type.Object({ lineId: Type.String(), variantId: Type.String(), quantity: Type.Integer() }),
);

const Shipment = Type.Object({
  orderId: Type.String(),
  fulfilmentOrderId: Type.String(),
  shipmentId: Type.String(),
  locationId: Type.String(),
  lines: Lines,
  occurredAt: Type.String(), // RFC 3339
});

/** Goods left a location for their buyer. */
export const fulfilmentShipped = defineEvent(
  'fulfilment.shipped.v1',
  Type.Object({
    ...Shipment.properties,
    // Whether a parcel carried them, which costs a label; not so what was handed over where it lay. Events that were
    // written before it was told lack it, and count as parcels.
    byParcel: Type.Optional(Type.Boolean()),
  }),
);

/** All parcels of a shipment are with their buyer. */
export const fulfilmentDelivered = defineEvent('fulfilment.delivered.v1', Shipment);

/** Units of an order that no location can give: somebody must tell the buyer, or find some. */
export const fulfilmentUnfillable = defineEvent(
  'fulfilment.unfillable.v1',
  Type.Object({
    orderId: Type.String(),
    lines: Lines,
    reason: Type.String(),
    occurredAt: Type.String(),
  }),
);

/** What a part of an order waits for comes on another day, and so does the part. */
export const promiseMoved = defineEvent(
  'fulfilment.promise_moved.v1',
  Type.Object({
    orderId: Type.String(),
    fulfilmentOrderId: Type.String(),
    goodsOn: Type.String(), // YYYY-MM-DD, as all of these
    promisedFrom: Type.String(),
    promisedTo: Type.String(),
    firstPromisedTo: Type.String(),
    occurredAt: Type.String(),
  }),
);

/** A fulfilment order is in another state. */
export const fulfilmentChanged = defineEvent(
  'fulfilment.changed.v1',
  Type.Object({
    fulfilmentOrderId: Type.String(),
    orderId: Type.String(),
    locationId: Type.String(),
    state: Type.String(),
    occurredAt: Type.String(),
  }),
);
