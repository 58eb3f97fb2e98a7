import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { takeDeliveryEvent } from '../delivery-events.ts';
import { fulfilmentErrors } from '../errors.ts';
import { labels } from '../papers.ts';
import { ship } from '../ship.ts';
import { shipmentById } from '../shipment.ts';
import { actorOf, ById, Done, EVENT_KINDS, READERS, ShipmentSchema, told, WORKERS } from './schemas.ts';

const Side = Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000, description: 'millimetres' }));
const { shipment_not_found, parcel_not_found } = fulfilmentErrors;

export const shipmentRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;

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

  app.get(
    '/shipments/:id/label',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLabel',
        description: 'The labels of its parcels as a PDF. A carrier’s own are at `labelUrl` of each parcel.',
        params: ById,
        response: {
          200: {
            description: 'A PDF',
            content: { 'application/pdf': { schema: Type.Unsafe<Buffer>({ type: 'string' }) } },
          },
          ...problems(shipment_not_found, fulfilmentErrors.label_not_ready),
        },
      },
    },
    async ({ params: { id } }, reply) => reply.type('application/pdf').send(await labels(db, id)),
  );

  app.put(
    '/delivery-events/:id',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'tellDeliveryEvent',
        description: 'What a carrier said of a parcel, in any order. Told again, it counts once.',
        params: ById,
        body: exactly({
          carrier: Type.String({ minLength: 1, maxLength: 40 }),
          trackingNumber: Type.String({ minLength: 1, maxLength: 60 }),
          kind: Type.Enum([...EVENT_KINDS]),
          occurredAt: Type.String({ format: 'date-time' }),
          detail: Type.Optional(Type.String({ maxLength: 500 })),
        }),
        response: { 200: Done, ...problems(parcel_not_found) },
      },
    },
    async ({ params: { id }, body: { occurredAt, ...body } }) => {
      const event = { id, ...body, occurredAt: new Date(occurredAt) };
      await inTransaction(db, (tx) => takeDeliveryEvent(tx, event, now()));
      return { id };
    },
  );
};
