import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { webhooksErrors } from './errors.ts';
import { type Delivery as Facts, deliveries, deliveryOf, replay, replaySince } from './log.ts';

const ACCESS = ['staff:admin', 'scope:webhooks:write'] as const;
const State = Type.Enum(['pending', 'delivered', 'failed']);
const Time = Type.String({ format: 'date-time' });
const DeliveryId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Delivery = Type.Object({
  id: DeliveryId,
  eventId: Type.Union([Id], { description: 'the webhook-id of each try' }),
  eventName: Type.String(),
  state: State,
  attempts: Type.Integer(),
  dueAt: Type.Union([Time, Type.Null()]),
});
const Tried = Type.Object({
  status: Type.Union([Type.Integer(), Type.Null()]),
  error: Type.Union([Type.String(), Type.Null()]),
  answer: Type.String({ description: 'its beginning' }),
  tookMs: Type.Integer(),
  triedAt: Time,
});

const shown = <T extends Facts>(delivery: T) => ({
  ...delivery,
  dueAt: delivery.dueAt?.toISOString() ?? null,
});

export const logRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/endpoints/:id/deliveries',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listWebhookDeliveries',
        description: 'The newest first; `before` is the last id of the page before.',
        params: exactly({ id: Id }),
        querystring: exactly({
          state: Type.Optional(State),
          before: Type.Optional(DeliveryId),
          limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
        }),
        response: { 200: Type.Object({ deliveries: Type.Array(Delivery) }) },
      },
    },
    async ({ params: { id }, query }) => ({
      deliveries: (await deliveries(db, { endpointId: id, ...query })).map(shown),
    }),
  );

  app.get(
    '/endpoints/:id/deliveries/:deliveryId',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'getWebhookDelivery',
        params: exactly({ id: Id, deliveryId: DeliveryId }),
        response: {
          200: Type.Object({ ...Delivery.properties, body: Type.String(), tries: Type.Array(Tried) }),
          ...problems(webhooksErrors.delivery_not_found),
        },
      },
    },
    async ({ params: { id, deliveryId } }) => {
      const { tries, ...delivery } = await deliveryOf(db, id, deliveryId);
      const told = tries.map((each) => ({ ...each, triedAt: each.triedAt.toISOString() }));
      return { ...shown(delivery), tries: told };
    },
  );

  app.post(
    '/endpoints/:id/replays',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'replayWebhooks',
        description:
          'Sends again: one delivery, those of a state or an event, or all events since a moment, the ones that were never sent too. The webhook-id stays.',
        params: exactly({ id: Id }),
        body: exactly({
          deliveryId: Type.Optional(DeliveryId),
          state: Type.Optional(State),
          eventName: Type.Optional(Type.String({ maxLength: 100 })),
          since: Type.Optional(Time),
        }),
        response: {
          200: Type.Object({ deliveries: Type.Integer() }),
          ...problems(webhooksErrors.delivery_not_found),
        },
      },
    },
    async ({ params: { id }, body: { since, ...filter } }) => ({
      deliveries:
        since === undefined
          ? await inTransaction(db, (tx) => replay(tx, { endpointId: id, ...filter }, now()))
          : await replaySince(db, id, new Date(since), now()),
    }),
  );
};
