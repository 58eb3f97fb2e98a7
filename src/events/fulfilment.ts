import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

const Line = Type.Object({ lineId: Type.String(), variantId: Type.String(), quantity: Type.Integer() });

const Shipment = Type.Object({
  orderId: Type.String(),
  fulfilmentOrderId: Type.String(),
  shipmentId: Type.String(),
  locationId: Type.String(),
  lines: Type.Array(Line),
  occurredAt: Type.String(),
});

/** Goods of an order left a location. */
export const shipped = defineEvent('fulfilment.shipped.v1', Shipment);
