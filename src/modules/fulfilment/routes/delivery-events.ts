import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { takeDeliveryEvent } from '../delivery-events.ts';
import { fulfilmentErrors } from '../errors.ts';
import { ById, Done, EVENT_KINDS, WORKERS } from './schemas.ts';

const { parcel_not_found } = fulfilmentErrors;

export const deliveryEventRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
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
