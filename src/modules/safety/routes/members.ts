import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { appeal, APPEAL_MAX, removals } from '../appeals.ts';
import { safetyErrors } from '../errors.ts';
import { report, REPORT_WORDS_MAX } from '../reports.ts';
import { LogPaging, Reason, RemovalLog, removalLog } from './schemas.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const LinkKey = Type.Optional(Type.String({ maxLength: 60, pattern: '^[A-Za-z0-9_-]+$' }));
const said = {
  reason: Reason,
  words: Type.Optional(Type.String({ maxLength: REPORT_WORDS_MAX })),
};

const reportRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/reports/:id',
    {
      ...member,
      schema: {
        operationId: 'report',
        summary: 'Tells the moderators of a piece or of a profile, once; whom it is about is never told',
        params: ById,
        querystring: exactly({ key: LinkKey }),
        body: Type.Union([exactly({ pieceId: Id, ...said }), exactly({ profileId: Id, ...said })]),
        response: {
          204: Type.Null(),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.suspended,
            socialErrors.piece_not_found,
            socialErrors.person_not_found,
            socialErrors.piece_differs,
            safetyErrors.own_thing,
            safetyErrors.reason_not_for_kind,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, query: { key }, body }, reply) => {
      await mayDo(deps, memberId, 'report');
      const subject = 'pieceId' in body ? { pieceId: body.pieceId } : { profileId: body.profileId };
      const { reason, words = '' } = body;
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await report(tx, { memberId, key }, { id, subject, reason, words }, now());
      });
      return reply.code(204).send(null);
    },
  );
};

const appealRoutes: Routes = async (app, { db, now }) => {
  app.get(
    '/removals/mine',
    {
      ...member,
      schema: {
        operationId: 'listOwnRemovals',
        summary: 'What was taken away of the caller’s, and why',
        querystring: exactly(LogPaging),
        response: { 200: RemovalLog, ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, query }) =>
      removalLog(await removals(db, { ...query, ownerId: memberId })),
  );

  app.put(
    '/removals/:id/appeal',
    {
      ...member,
      schema: {
        operationId: 'appealRemoval',
        summary: 'The author’s word against a removal, once; somebody else decides than who removed it',
        params: ById,
        body: exactly({ words: Type.String({ minLength: 1, maxLength: APPEAL_MAX }) }),
        response: {
          204: Type.Null(),
          ...problems(...asked, socialErrors.words_missing, safetyErrors.not_appealable),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { words } }, reply) => {
      await inTransaction(db, (tx) => appeal(tx, memberId, id, words, now()));
      return reply.code(204).send(null);
    },
  );
};

export const memberRoutes: Routes = async (app, deps) => {
  await reportRoutes(app, deps);
  await appealRoutes(app, deps);
};
