import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { MODERATORS, RULE_SETTERS } from '../access.ts';
import { blockedHosts, blockHost, HOST_MAX, unblockHost, WHY_MAX } from '../blocked-hosts.ts';
import { safetyErrors } from '../errors.ts';
import { setTrustRule, trustRules } from '../trust.ts';
import { Moment } from './schemas.ts';

type Routes = NonNullable<Module['routes']>;

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const Host = Type.String({ minLength: 3, maxLength: HOST_MAX });
const rule = {
  knownDays: Type.Integer({
    minimum: 0,
    maximum: 3650,
    description: 'since the member first showed themselves',
  }),
  activeDays: Type.Integer({ minimum: 0, maximum: 1000, description: 'on which they made something' }),
  pieces: Type.Integer({ minimum: 0, maximum: 1000, description: 'live ones' }),
  welcomed: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    description: 'reactions and helpful votes of others',
  }),
  cleanDays: Type.Integer({ minimum: 0, maximum: 3650, description: 'without a removal that stands' }),
};
const Level = Type.Enum([1, 2, 3]);

const trustRoutes: Routes = async (app, { db }) => {
  app.get(
    '/trust-rules',
    {
      config: { access: MODERATORS },
      schema: {
        operationId: 'listTrustRules',
        summary: 'What each level of trust is earned by',
        response: {
          200: Type.Object({ rules: Type.Array(Type.Object({ level: Level, ...rule })) }),
          ...problems(...asked),
        },
      },
    },
    async () => ({ rules: await trustRules(db) }),
  );

  app.put(
    '/trust-rules/:level',
    {
      config: { access: RULE_SETTERS },
      schema: {
        operationId: 'setTrustRule',
        params: exactly({ level: Level }),
        body: exactly(rule),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer, params: { level }, body }, reply) => {
      await inTransaction(db, (tx) => setTrustRule(tx, viewer, { ...body, level }));
      return reply.code(204).send(null);
    },
  );
};

const hostRoutes: Routes = async (app, { db, now }) => {
  app.get(
    '/blocked-hosts',
    {
      config: { access: MODERATORS },
      schema: {
        operationId: 'listBlockedHosts',
        response: {
          200: Type.Object({
            hosts: Type.Array(Type.Object({ host: Type.String(), why: Type.String(), since: Moment })),
          }),
          ...problems(...asked),
        },
      },
    },
    async () => ({
      hosts: (await blockedHosts(db)).map((each) => ({ ...each, since: each.since.toISOString() })),
    }),
  );

  app.put(
    '/blocked-hosts/:host',
    {
      config: { access: MODERATORS },
      schema: {
        operationId: 'blockHost',
        summary: 'What leads there, or below it, is held from now on',
        params: exactly({ host: Host }),
        body: exactly({ why: Type.Optional(Type.String({ maxLength: WHY_MAX, default: '' })) }),
        response: { 204: Type.Null(), ...problems(...asked, safetyErrors.host_invalid) },
      },
    },
    async ({ viewer, params: { host }, body: { why = '' } }, reply) => {
      await inTransaction(db, (tx) => blockHost(tx, viewer, { host, why }, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/blocked-hosts/:host',
    {
      config: { access: MODERATORS },
      schema: {
        operationId: 'unblockHost',
        params: exactly({ host: Host }),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer, params: { host } }, reply) => {
      await inTransaction(db, (tx) => unblockHost(tx, viewer, host));
      return reply.code(204).send(null);
    },
  );
};

export const ruleRoutes: Routes = async (app, deps) => {
  await trustRoutes(app, deps);
  await hostRoutes(app, deps);
};
