import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const FulfilmentOrder = Type.Object({ fulfilmentOrderId: Type.String() });
const Shipment = Type.Object({ shipmentId: Type.String() });

export const fulfilmentErrors = defineErrors('fulfilment', {
  fulfilment_order_not_found: {
    status: 404,
    title: 'There is no such fulfilment order',
    data: FulfilmentOrder,
  },
  step_not_open: {
    status: 409,
    title: 'The fulfilment order is not where this step begins',
    data: Type.Object({ fulfilmentOrderId: Type.String(), state: Type.String(), wanted: Type.String() }),
  },
  step_differs: {
    status: 409,
    title: 'The id is already used for another step',
    data: Type.Object({ stepId: Type.String() }),
  },
  cancelled_meanwhile: {
    status: 409,
    title: 'The order has let some of these units go',
    data: FulfilmentOrder,
  },
  proof_wrong: {
    status: 409,
    title: 'That is neither the order’s number nor its code',
    data: FulfilmentOrder,
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many wrong codes: none is taken for a quarter of an hour',
    data: FulfilmentOrder,
  },
  rejection_differs: {
    status: 409,
    title: 'The id is already used for another rejection',
    data: Type.Object({ rejectionId: Type.String() }),
  },
  more_than_is_left: {
    status: 409,
    title: 'The fulfilment order has fewer units of that line left',
    data: FulfilmentOrder,
  },
  reason_and_count: {
    status: 422,
    title: 'A mismatch says what was counted, and nothing else does',
    data: Type.Object({ orderLineId: Type.String() }),
  },
  unfillable_not_found: {
    status: 404,
    title: 'No such units wait, or they wait no more',
    data: Type.Object({ unfillableId: Type.String() }),
  },
  carrier_unknown: {
    status: 422,
    title: 'No such carrier is set up',
    data: Type.Object({ carrier: Type.String() }),
  },
  tracking_number_missing: {
    status: 422,
    title: 'For this carrier each parcel’s tracking number is typed',
    data: Type.Object({ carrier: Type.String() }),
  },
  shipment_differs: {
    status: 409,
    title: 'The id is already used for another shipment',
    data: Shipment,
  },
  shipment_under_way: {
    status: 409,
    title: 'The fulfilment order is being shipped already',
    data: Shipment,
  },
  shipment_not_found: { status: 404, title: 'There is no such shipment', data: Shipment },
  carrier_refused: {
    status: 422,
    title: 'The carrier does not take the parcel',
    data: Type.Object({ carrier: Type.String(), reason: Type.String() }),
  },
  label_not_ready: { status: 409, title: 'The carrier has not given a label yet', data: Shipment },
  signature_wrong: { status: 401, title: 'The message is not signed as agreed', data: Type.Object({}) },
  parcel_not_found: {
    status: 404,
    title: 'No parcel of ours has this tracking number',
    data: Type.Object({ trackingNumber: Type.String() }),
  },
});
