import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const Place = { variantId: Type.String(), locationId: Type.String() };

export const inventoryErrors = defineErrors('inventory', {
  insufficient_stock: {
    status: 409,
    title: 'Not enough stock',
    data: Type.Object({ ...Place, wanted: Type.Integer(), available: Type.Integer() }),
  },
  place_unknown: {
    status: 404,
    title: 'There is no such location, or no such variant',
    data: Type.Object({}),
  },
  release_not_ahead: {
    status: 422,
    title: 'A pre-order is released on a day to come, within two years',
    data: Type.Object({ releaseOn: Type.String() }),
  },
  more_is_promised: {
    status: 409,
    title: 'More units are promised already than that would allow',
    data: Type.Object({ variantId: Type.String() }),
  },
  reservation_differs: {
    status: 409,
    title: 'That reservation exists with other lines',
    data: Type.Object({ reservationId: Type.String() }),
  },
  reservation_not_held: {
    status: 409,
    title: 'The reservation is not held',
    data: Type.Object({ reservationId: Type.String(), state: Type.String() }),
  },
  told_in_the_future: {
    status: 422,
    title: 'The feed says that it was told in the future',
    data: Type.Object({}),
  },
  same_place: { status: 422, title: 'A transfer goes from one location to another', data: Type.Object({}) },
  feed_differs: {
    status: 409,
    title: 'That feed was told with other lines',
    data: Type.Object({ feedId: Type.String() }),
  },
  correction_differs: {
    status: 409,
    title: 'That correction exists with other lines',
    data: Type.Object({ correctionId: Type.String() }),
  },
  delivery_differs: {
    status: 409,
    title: 'That delivery was received with other lines',
    data: Type.Object({ deliveryId: Type.String() }),
  },
  purchase_not_found: {
    status: 404,
    title: 'There is no such purchase',
    data: Type.Object({ purchaseId: Type.String() }),
  },
  purchase_differs: {
    status: 409,
    title: 'That purchase exists with another number or other lines',
    data: Type.Object({ purchaseId: Type.String(), number: Type.String() }),
  },
  purchase_closed: {
    status: 409,
    title: 'Nothing more is expected of that purchase',
    data: Type.Object({ purchaseId: Type.String() }),
  },
  date_not_ahead: {
    status: 422,
    title: 'Goods are expected today or on a day to come, within two years',
    data: Type.Object({ expectedOn: Type.String() }),
  },
  date_differs: {
    status: 409,
    title: 'That change of a date exists with another day or reason',
    data: Type.Object({ dateId: Type.String() }),
  },
  transfer_not_found: {
    status: 404,
    title: 'There is no such transfer',
    data: Type.Object({ transferId: Type.String() }),
  },
  transfer_differs: {
    status: 409,
    title: 'That transfer exists with other lines',
    data: Type.Object({ transferId: Type.String() }),
  },
  more_than_was_sent: {
    status: 409,
    title: 'More arrived than was sent: count the rest',
    data: Type.Object({ transferId: Type.String() }),
  },
});
