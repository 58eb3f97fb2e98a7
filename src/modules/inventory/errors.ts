import { Type } from 'typebox';
import { defineErrors } from '#platform/errors.ts';

const Place = { variantId: Type.String(), locationId: Type.String() };

export const inventoryErrors = defineErrors('inventory', {
  insufficient_stock: {
    status: 409,
    title: 'Not enough stock',
    data: Type.Object({ ...Place, wanted: Type.Integer(), available: Type.Integer() }),
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
});
