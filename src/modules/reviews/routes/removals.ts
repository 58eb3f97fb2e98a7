import { Type } from 'typebox';
import { socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { SPEAKERS } from '../access.ts';
import { Cursor } from '../answer-schemas.ts';
import { reviewErrors } from '../errors.ts';
import {
  appeal,
  APPEAL_MAX,
  decide,
  REMOVAL_REASONS,
  REMOVAL_STATES,
  type Removal,
  removals,
  remove,
} from '../removals.ts';

type Routes = NonNullable<Module['routes']>;

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const Moment = Type.String({ format: 'date-time' });
const OrNone = Type.Union([Moment, Type.Null()]);
const Paging = {
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}_[0-9a-f-]{36}$' })),
};
const Log = Type.Object({
  removals: Type.Array(
    Type.Object({
      id: Id,
      pieceId: Id,
      kind: Type.String(),
      reason: Type.Enum(REMOVAL_REASONS),
      note: Type.String(),
      state: Type.Enum(REMOVAL_STATES),
      removedAt: Moment,
      appeal: Type.Union([Type.String(), Type.Null()]),
      appealedAt: OrNone,
      decidedAt: OrNone,
      body: Type.String(),
    }),
  ),
  cursor: Cursor,
});

const shown = ({ removals: found, cursor }: { removals: Removal[]; cursor: string | null }) => ({
  removals: found.map((each) => ({
    ...each,
    removedAt: each.removedAt.toISOString(),
    appealedAt: each.appealedAt?.toISOString() ?? null,
    decidedAt: each.decidedAt?.toISOString() ?? null,
  })),
  cursor,
});

const deskRoutes: Routes = async (app, { db, now }) => {
  app.get(
    '/removals',
    {
      config: { access: SPEAKERS },
      schema: {
        operationId: 'listRemovals',
        summary: 'Everything that was taken away, why, and what became of it',
        querystring: exactly({ ...Paging, state: Type.Optional(Type.Enum(REMOVAL_STATES)) }),
        response: { 200: Log, ...problems(...asked) },
      },
    },
    async ({ query }) => shown(await removals(db, query)),
  );

  app.put(
    '/removals/:id',
    {
      config: { access: SPEAKERS },
      schema: {
        operationId: 'removeWords',
        summary: 'Takes a review, question or answer away; its stars are no reason',
        params: ById,
        body: exactly({
          pieceId: Id,
          reason: Type.Enum(REMOVAL_REASONS),
          note: Type.Optional(Type.String({ maxLength: 1000, default: '' })),
        }),
        response: { 204: Type.Null(), ...problems(...asked, reviewErrors.not_removable) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => remove(tx, memberId, { note: '', ...body, id }, now()));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/removals/:id/decision',
    {
      config: { access: SPEAKERS },
      schema: {
        operationId: 'decideRemoval',
        summary: 'An appeal is decided by somebody else than who removed it',
        params: ById,
        body: exactly({ outcome: Type.Enum(['upheld', 'restored']) }),
        response: { 204: Type.Null(), ...problems(...asked, reviewErrors.removal_not_open) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { outcome } }, reply) => {
      await inTransaction(db, (tx) => decide(tx, memberId, id, outcome, now()));
      return reply.code(204).send(null);
    },
  );
};

const authorRoutes: Routes = async (app, { db, now }) => {
  app.get(
    '/removals/mine',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listOwnRemovals',
        summary: 'What was taken away of the caller’s, and why',
        querystring: exactly(Paging),
        response: { 200: Log, ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, query }) =>
      shown(await removals(db, { ...query, ownerId: memberId })),
  );

  app.post(
    '/removals/:id/appeal',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'appealRemoval',
        params: ById,
        body: exactly({ words: Type.String({ minLength: 1, maxLength: APPEAL_MAX }) }),
        response: {
          204: Type.Null(),
          ...problems(...asked, socialErrors.words_missing, reviewErrors.removal_not_open),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { words } }, reply) => {
      await inTransaction(db, (tx) => appeal(tx, memberId, id, words, now()));
      return reply.code(204).send(null);
    },
  );
};

export const removalRoutes: Routes = async (app, deps) => {
  await deskRoutes(app, deps);
  await authorRoutes(app, deps);
};
