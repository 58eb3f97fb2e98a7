import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../identity/index.ts';
import { type Endpoint as EndpointFacts, endpoints, ping, rotateSecret } from './endpoints.ts';
import { webhooksErrors } from './errors.ts';
import { logRoutes } from './log-routes.ts';
import { PUBLIC_EVENTS } from './public-events.ts';
import { setEndpoint } from './set-endpoint.ts';

const ACCESS = ['staff:admin', 'scope:webhooks:write'] as const;
const OneEndpoint = exactly({ id: Id });
const EventName = Type.Enum([...PUBLIC_EVENTS]);
const Time = Type.String({ format: 'date-time' });
const Url = Type.String({ minLength: 1, maxLength: 2_000 });
const OrNull = Type.Union([Type.String(), Type.Null()]);

const Endpoint = Type.Object({
  id: Id,
  url: Type.String(),
  description: Type.String(),
  eventNames: Type.Array(Type.String()),
  isActive: Type.Boolean(),
  offReason: Type.Union([OrNull], { description: 'gone or failing, where Stoa switched it off' }),
  failingSince: Type.Union([Time, Type.Null()]),
  createdAt: Time,
});

const shown = ({ failingSince, createdAt, ...endpoint }: EndpointFacts) => ({
  ...endpoint,
  failingSince: failingSince?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;

  app.put(
    '/endpoints/:id',
    {
      config: { access: ACCESS, answersSecret: true },
      schema: {
        operationId: 'putWebhook',
        description:
          'Where events are posted, signed as Standard Webhooks says. A new one answers its secret, this once. An event may come twice, with the same webhook-id, and in any order.',
        params: OneEndpoint,
        body: exactly({
          url: Url,
          description: Type.String({ maxLength: 200, default: '' }),
          eventNames: Type.Array(EventName, { minItems: 1, maxItems: PUBLIC_EVENTS.length }),
          isActive: Type.Boolean({ default: true }),
        }),
        response: {
          200: Type.Object({ secret: OrNull }),
          ...problems(webhooksErrors.url_refused, webhooksErrors.endpoints_full),
        },
      },
    },
    ({ viewer, params: { id }, body }) => setEndpoint(deps, actorOf(viewer), { id, ...body }),
  );

  app.post(
    '/endpoints/:id/secret',
    {
      config: { access: ACCESS, answersSecret: true },
      schema: {
        operationId: 'rotateWebhookSecret',
        description: 'A new secret. For 24 hours each message is signed with the old one, too.',
        params: OneEndpoint,
        response: {
          200: Type.Object({ secret: Type.String(), oldUntil: Time }),
          ...problems(webhooksErrors.endpoint_not_found),
        },
      },
    },
    async ({ viewer, params: { id } }) => {
      const rotated = await inTransaction(db, (tx) =>
        rotateSecret(tx, actorOf(viewer), id, deps.config.secret, now()),
      );
      return { ...rotated, oldUntil: rotated.oldUntil.toISOString() };
    },
  );

  app.post(
    '/endpoints/:id/ping',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'pingWebhook',
        params: OneEndpoint,
        response: {
          200: Type.Object({ deliveryId: Type.Integer() }),
          ...problems(webhooksErrors.endpoint_not_found),
        },
      },
    },
    async ({ params: { id } }) => ({ deliveryId: await inTransaction(db, (tx) => ping(tx, id, now())) }),
  );

  await listRoute(app, deps);
  await logRoutes(app, deps);
};

const listRoute: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/endpoints',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listWebhooks',
        response: { 200: Type.Object({ endpoints: Type.Array(Endpoint) }) },
      },
    },
    async () => ({ endpoints: (await endpoints(db)).map(shown) }),
  );
};
