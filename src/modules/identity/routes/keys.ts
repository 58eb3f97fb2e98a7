import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Id, exactly } from '#platform/schema.ts';
import { SCOPES, addApiKey, apiKeys, revokeApiKey } from '../api-keys.ts';
import { actorOf, AUDIT_ACTIONS, auditTrail } from '../audit.ts';
import { identityErrors } from '../errors.ts';

const Time = Type.String({ format: 'date-time' });
const MaybeTime = Type.Union([Time, Type.Null()]);
const Key = Type.Object({
  id: Id,
  name: Type.String(),
  prefix: Type.String({ description: 'The first characters of the key' }),
  scopes: Type.Array(Type.String()),
  createdAt: Time,
  expiresAt: MaybeTime,
  lastUsedAt: MaybeTime,
  revokedAt: MaybeTime,
});
const Entry = Type.Object({
  id: Type.Integer(),
  at: Time,
  actor: Type.String(),
  action: Type.String(),
  subject: Type.Union([Type.String(), Type.Null()]),
  data: Type.Unknown(),
});

const adminsOnly = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const text = (time: Date | null) => time?.toISOString() ?? null;

export const keyRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  app.get(
    '/api-keys',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'listApiKeys',
        tags: ['identity'],
        response: { 200: Type.Object({ keys: Type.Array(Key) }), ...problems(...adminsOnly) },
      },
    },
    async () => {
      const keys = await apiKeys(db);
      return {
        keys: keys.map((key) => ({
          ...key,
          createdAt: key.createdAt.toISOString(),
          expiresAt: text(key.expiresAt),
          lastUsedAt: text(key.lastUsedAt),
          revokedAt: text(key.revokedAt),
        })),
      };
    },
  );

  app.post(
    '/api-keys',
    {
      config: { access: 'staff:admin', answersSecret: true },
      schema: {
        operationId: 'addApiKey',
        summary: 'Makes a key for a machine. The key is in this answer and nowhere else',
        tags: ['identity'],
        body: exactly({
          name: Type.String({ minLength: 1, maxLength: 120 }),
          scopes: Type.Array(Type.Enum([...SCOPES]), { minItems: 1, maxItems: SCOPES.length }),
          expiresAt: Type.Optional(Time),
        }),
        response: {
          201: Type.Object({ id: Id, key: Type.String(), prefix: Type.String() }),
          ...problems(...adminsOnly, identityErrors.scope_unknown),
        },
      },
    },
    async ({ viewer, body: { name, scopes, expiresAt } }, reply) => {
      const by = { actor: actorOf(viewer), memberId: viewer.memberId };
      const wish = { name, scopes, expiresAt: expiresAt ? new Date(expiresAt) : null };
      const added = await inTransaction(db, (tx) => addApiKey(tx, by, wish));
      return reply.code(201).header('cache-control', 'no-store').send(added);
    },
  );

  app.delete(
    '/api-keys/:id',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'revokeApiKey',
        tags: ['identity'],
        params: Type.Object({ id: Id }),
        response: { 204: Type.Null(), ...problems(...adminsOnly, identityErrors.api_key_unknown) },
      },
    },
    async ({ viewer, params: { id } }, reply) => {
      await inTransaction(db, (tx) => revokeApiKey(tx, actorOf(viewer), id, now()));
      return reply.code(204).send(null);
    },
  );

  await app.register(auditRoute, deps);
};

const auditRoute: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/audit',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'listAudit',
        summary: 'Who did what to whom, the newest first',
        tags: ['identity'],
        querystring: exactly({
          who: Type.Optional(
            Type.String({
              pattern: '^(system|guest|(member|machine):[0-9a-f-]{36})$',
              description: 'Who did it, or had it done to them',
            }),
          ),
          action: Type.Optional(Type.Enum([...AUDIT_ACTIONS])),
          from: Type.Optional(Time),
          until: Type.Optional(Time),
          before: Type.Optional(Type.Integer({ minimum: 1 })),
          limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
        }),
        response: {
          200: Type.Object({ entries: Type.Array(Entry), next: Type.Union([Type.Integer(), Type.Null()]) }),
          ...problems(...adminsOnly),
        },
      },
    },
    async ({ query: { who, action, from, until, before, limit } }) => {
      const entries = await auditTrail(db, {
        people: who === undefined ? undefined : [who],
        action,
        from: from === undefined ? undefined : new Date(from),
        until: until === undefined ? undefined : new Date(until),
        before,
        limit,
      });
      const last = entries.length === limit ? entries.at(-1) : undefined;
      return {
        entries: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
        next: last?.id ?? null,
      };
    },
  );
};
