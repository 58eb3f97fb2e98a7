import { Type } from 'typebox';
import { STAFF_ROLES } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Id, exactly } from '#platform/schema.ts';
import { rename } from '../accounts.ts';
import { confirmAddressChange, requestAddressChange } from '../address-change.ts';
import { identityErrors } from '../errors.ts';
import { passkeysOf, removePasskey } from '../passkeys.ts';
import { endAllSessions, endSession, sessionsOf, signedOutCookies } from '../sessions.ts';

const Time = Type.String({ format: 'date-time' });
const Me = Type.Object({
  kind: Type.Enum(['guest', 'member', 'machine']),
  memberId: Type.Optional(Id),
  keyId: Type.Optional(Id),
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  staffRoles: Type.Array(Type.Enum([...STAFF_ROLES])),
  scopes: Type.Array(Type.String()),
});
const Session = Type.Object({
  id: Id,
  signedInAt: Time,
  expiresAt: Time,
  userAgent: Type.String(),
  address: Type.String(),
  isThisOne: Type.Boolean(),
});
const Passkey = Type.Object({ id: Id, name: Type.String(), addedAt: Time });
const Gone = Type.Null();

const signInFirst = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

export const meRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;
  app.get(
    '/me',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getMe',
        summary: 'Who calls: a guest, a member, or a machine with a key',
        tags: ['identity'],
        response: { 200: Me },
      },
    },
    async ({ viewer: { kind, memberId, keyId, name, email, staffRoles, scopes } }) => ({
      kind,
      ...(memberId && { memberId }),
      ...(keyId && { keyId }),
      ...(name && { name }),
      ...(email && { email }),
      staffRoles: [...staffRoles],
      scopes: [...scopes],
    }),
  );

  app.put(
    '/me',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'renameMe',
        tags: ['identity'],
        body: exactly({ name: Type.String({ minLength: 1, maxLength: 120, pattern: String.raw`\S` }) }),
        response: { 204: Gone, ...problems(...signInFirst) },
      },
    },
    async ({ viewer: { memberId = '' }, body: { name } }, reply) => {
      await inTransaction(db, (tx) => rename(tx, memberId, name));
      return reply.code(204).send(null);
    },
  );

  await app.register(addressRoutes, deps);
  await app.register(sessionRoutes, deps);
  await app.register(passkeyRoutes, deps);
};

const addressRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const Done = Type.Object({ done: Type.Literal(true) });
  app.post(
    '/me/address-changes',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'requestAddressChange',
        summary: 'Asks for another e-mail address, which holds once it is confirmed by the mail sent to it',
        tags: ['identity'],
        body: exactly({
          email: Type.String({ minLength: 3, maxLength: 254 }),
          password: Type.String({
            maxLength: 1000,
            default: '',
            description: 'None for a member without one, who must have signed in just now',
          }),
        }),
        response: {
          202: Done,
          ...problems(
            ...signInFirst,
            identityErrors.session_stale,
            identityErrors.email_invalid,
            identityErrors.email_unchanged,
            identityErrors.password_wrong,
            identityErrors.too_many_attempts,
          ),
        },
      },
    },
    async (request, reply) => {
      const { memberId = '', sessionId = '' } = request.viewer;
      await requestAddressChange(deps, request, { memberId, sessionId }, request.body);
      return reply.code(202).send({ done: true });
    },
  );

  app.post(
    '/me/address-confirmations',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'confirmAddressChange',
        summary: 'Takes the new e-mail address by the token from its mail, and signs out every other browser',
        tags: ['identity'],
        body: exactly({ token: Type.String({ minLength: 1, maxLength: 4000 }) }),
        response: {
          200: Done,
          ...problems(...signInFirst, identityErrors.link_spent, identityErrors.too_many_attempts),
        },
      },
    },
    async (request) => {
      const { memberId = '', sessionId = '' } = request.viewer;
      await confirmAddressChange(deps, request, { memberId, sessionId }, request.body.token);
      return { done: true as const };
    },
  );
};

const sessionRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  app.get(
    '/me/sessions',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listMySessions',
        tags: ['identity'],
        response: { 200: Type.Object({ sessions: Type.Array(Session) }), ...problems(...signInFirst) },
      },
    },
    async ({ viewer: { memberId = '', sessionId } }) => {
      const sessions = await sessionsOf(db, memberId, now());
      return {
        sessions: sessions.map((session) => ({
          ...session,
          signedInAt: session.signedInAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
          isThisOne: session.id === sessionId,
        })),
      };
    },
  );

  app.delete(
    '/me/sessions/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'endMySession',
        summary: 'Signs one browser out',
        tags: ['identity'],
        params: Type.Object({ id: Id }),
        response: { 204: Gone, ...problems(...signInFirst, identityErrors.session_unknown) },
      },
    },
    async ({ viewer: { memberId = '', sessionId }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => endSession(tx, memberId, id));
      if (id === sessionId) void reply.header('set-cookie', signedOutCookies(deps));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/me/sessions',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'endMySessions',
        summary: 'Signs every browser out',
        tags: ['identity'],
        response: { 204: Gone, ...problems(...signInFirst) },
      },
    },
    async ({ viewer: { memberId = '' } }, reply) => {
      await inTransaction(db, (tx) => endAllSessions(tx, memberId));
      return reply.header('set-cookie', signedOutCookies(deps)).code(204).send(null);
    },
  );
};

const passkeyRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/me/passkeys',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listMyPasskeys',
        tags: ['identity'],
        response: { 200: Type.Object({ passkeys: Type.Array(Passkey) }), ...problems(...signInFirst) },
      },
    },
    async ({ viewer: { memberId = '' } }) => {
      const passkeys = await passkeysOf(db, memberId);
      return { passkeys: passkeys.map((each) => ({ ...each, addedAt: each.addedAt.toISOString() })) };
    },
  );

  app.delete(
    '/me/passkeys/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'removeMyPasskey',
        tags: ['identity'],
        params: Type.Object({ id: Id }),
        response: { 204: Gone, ...problems(...signInFirst, identityErrors.passkey_unknown) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => removePasskey(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};
