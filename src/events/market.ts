import { Type } from 'typebox';
import { defineEvent } from '#platform/events.ts';

/** What serving a part of an order cost the location that did, as it was credited for it. */
export const servingCosted = defineEvent(
  'market.serving_costed.v1',
  Type.Object({
    orderId: Type.String(),
    locationId: Type.String(),
    causeId: Type.String(), // the event of the shipment or of the return that was looked at
    currency: Type.String(),
    parts: Type.Array(
      Type.Object({
        kind: Type.Enum(['work', 'label', 'packaging', 'return_work', 'return_label']),
        amountMinor: Type.Integer(),
      }),
    ),
    occurredAt: Type.String(), // RFC 3339
  }),
);
