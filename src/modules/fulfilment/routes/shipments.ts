import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { fulfilmentErrors } from '../errors.ts';
import { ship } from '../ship.ts';
import { shipmentById } from '../shipment.ts';
import { actorOf, ById, READERS, ShipmentSchema, told, WORKERS } from './schemas.ts';

const Side = Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000, description: 'millimetres' }));
const { shipment_not_found } = fulfilmentErrors;

export const shipmentRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;

  app.put(
    '/shipments/:id',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'shipFulfilment',
        description:
          'Sends a packed fulfilment order. The same shipment again is a retry: the carrier sells one label for each parcel.',
        params: ById,
        body: exactly({
          fulfilmentOrderId: Id,
          carrier: Type.String({ minLength: 1, maxLength: 40 }),
          parcels: Type.Array(
            exactly({
              weightGrams: Type.Integer({ minimum: 1, maximum: 2_000_000 }),
              lengthMm: Side,
              widthMm: Side,
              heightMm: Side,
              trackingNumber: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,60}$' })),
            }),
            { minItems: 1, maxItems: 50 },
          ),
        }),
        response: {
          200: ShipmentSchema,
          ...problems(
            fulfilmentErrors.fulfilment_order_not_found,
            fulfilmentErrors.step_not_open,
            fulfilmentErrors.cancelled_meanwhile,
            fulfilmentErrors.carrier_unknown,
            fulfilmentErrors.tracking_number_missing,
            fulfilmentErrors.shipment_differs,
            fulfilmentErrors.shipment_under_way,
            fulfilmentErrors.carrier_refused,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => told(await ship(deps, { id, ...body, ...actorOf(viewer) })),
  );

  app.get(
    '/shipments/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getShipment',
        params: ById,
        response: { 200: ShipmentSchema, ...problems(shipment_not_found) },
      },
    },
    async ({ params: { id } }) => told(await shipmentById(db, id)),
  );
};
