import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../actor.ts';
import { closePurchase, orderFromSupplier, receive } from '../deliveries.ts';
import { inventoryErrors } from '../errors.ts';
import { ById, Day, Done, listOf, Minor, Quantity, WRITERS } from './schemas.ts';

const DeliveryBody = exactly({
  purchaseId: Type.Optional(Id),
  locationId: Id,
  lines: listOf(exactly({ variantId: Id, quantity: Quantity, unitCostMinor: Type.Optional(Minor) })),
  freightMinor: Type.Optional(Minor),
  dutyMinor: Type.Optional(Minor),
});

export const deliveryRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/purchases/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'orderFromSupplier',
        description:
          'Announces goods: they count as incoming until they are received. The same purchase again is a retry.',
        params: ById,
        body: exactly({
          number: Type.String({ minLength: 1, maxLength: 64 }),
          supplier: Type.String({ minLength: 1, maxLength: 200 }),
          locationId: Id,
          expectedOn: Day,
          lines: listOf(exactly({ variantId: Id, quantity: Quantity, unitCostMinor: Minor })),
        }),
        response: { 200: Done, ...problems(inventoryErrors.purchase_differs, inventoryErrors.place_unknown) },
      },
    },
    async ({ params: { id }, body }) => {
      await inTransaction(db, (tx) => orderFromSupplier(tx, { id, ...body }));
      return { id };
    },
  );

  app.post(
    '/purchases/:id/close',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'closePurchase',
        description: 'Nothing more is expected of it. Closing it again changes nothing.',
        params: ById,
        response: { 200: Done, ...problems(inventoryErrors.purchase_not_found) },
      },
    },
    async ({ params: { id } }) => {
      await inTransaction(db, (tx) => closePurchase(tx, id, now()));
      return { id };
    },
  );

  app.put(
    '/deliveries/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'receiveDelivery',
        description:
          'Takes goods in at their landed cost: freight and duty are spread over the lines by value. The same delivery again is a retry.',
        params: ById,
        body: DeliveryBody,
        response: {
          200: Done,
          ...problems(
            inventoryErrors.delivery_differs,
            inventoryErrors.purchase_not_found,
            inventoryErrors.place_unknown,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      await inTransaction(db, (tx) => receive(tx, { id, ...body, ...actorOf(viewer) }, now()));
      return { id };
    },
  );
};
