import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

const LineKind = Type.Enum(['goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment']);
const OrNull = Type.Union([Type.String(), Type.Null()]);

/** One line of an order or a return. Amounts are minor units of the document's currency, without tax. */
const Line = Type.Object({
  lineId: Type.String(),
  kind: LineKind,
  productId: OrNull,
  variantId: OrNull,
  quantity: Type.Integer(),
  grossMinor: Type.Integer(), // quantity × unit price
  discountMinor: Type.Integer(),
  netMinor: Type.Integer(), // gross − discount
  taxMinor: Type.Optional(Type.Integer()), // on the net; absent where nobody told: the past
  orderLineId: Type.Optional(OrNull), // of a return or cancellation: the order's line that it is about
});

const Document = {
  orderId: OrNull, // a return of the past may name no order
  number: Type.String(),
  customerId: OrNull,
  touchpoint: Type.String(),
  regionCode: Type.String(), // where the customer is
  currency: Type.String(),
  businessDay: Type.String(), // YYYY-MM-DD in the retailer's time zone
  occurredAt: Type.String(), // RFC 3339
  source: Type.String(),
  lines: Type.Array(Line),
};

/** A buyer placed an order now: receipts, credits and points follow from it. */
export const orderPlaced = defineEvent(
  'orders.order_placed.v1',
  Type.Object({
    ...Document,
    orderId: Type.String(),
    associateId: Type.Optional(OrNull), // the member of staff who helped the buyer
  }),
);

/** An order of the past was entered by an import. Only followers of the event table hear of it. */
export const orderRecorded = defineEvent(
  'orders.order_recorded.v1',
  Type.Object({ ...Document, orderId: Type.String() }),
);

/** Goods or money came back. Quantities and amounts are positive: what was returned. */
export const returnRecorded = defineEvent(
  'orders.return_recorded.v1',
  Type.Object({ ...Document, returnId: Type.String() }),
);

/** Goods that came back were looked at, whatever became of them and of their money. */
export const returnInspected = defineEvent(
  'orders.return_inspected.v1',
  Type.Object({
    orderId: Type.String(),
    requestId: Type.String(),
    locationId: Type.String(),
    lines: Type.Array(
      Type.Object({
        lineId: Type.String(), // of the order
        restock: Type.Integer(),
        damage: Type.Integer(),
        refuse: Type.Integer(), // sent back to the buyer
      }),
    ),
    byParcel: Type.Boolean(), // false where the buyer brought them
    occurredAt: Type.String(),
  }),
);

/** An order that was kept until other goods have come is to be sent now. */
export const orderReleased = defineEvent(
  'orders.order_released.v1',
  Type.Object({ orderId: Type.String(), occurredAt: Type.String() }),
);

/** Units of an order were let go before they were sent. Quantities and amounts are positive: what was cancelled. */
export const unitsCancelled = defineEvent(
  'orders.units_cancelled.v1',
  Type.Object({
    ...Document,
    orderId: Type.String(),
    cancellationId: Type.String(),
    /** `lineId` is the cancellation's own; `orderLineId` the one of the order that it takes from. */
    lines: Type.Array(Type.Object({ ...Line.properties, orderLineId: Type.String() })),
  }),
);
