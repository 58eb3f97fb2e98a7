import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { LESS_KINDS, lessOf, seeAgain, seeLess } from './less.ts';

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const Kind = Type.Enum([...LESS_KINDS]);
const ByTarget = exactly({ kind: Kind, targetId: Id });

export const routes: NonNullable<Module['routes']> = async (app, { db, reads, now }) => {
  app.get(
    '/less',
    {
      ...member,
      schema: {
        operationId: 'listLess',
        summary: 'What the caller’s feed leaves out, the latest first',
        response: {
          200: Type.Object({ less: Type.Array(Type.Object({ kind: Kind, targetId: Id })) }),
          ...problems(...asked),
        },
      },
    },
    async ({ viewer: { memberId = '' } }) => ({ less: await lessOf(reads, memberId) }),
  );

  app.put(
    '/less/:kind/:targetId',
    {
      ...member,
      schema: {
        operationId: 'seeLess',
        summary:
          'Leaves a product, a member, a brand, a category or a piece out of the caller’s feed, from now on',
        params: ByTarget,
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, params }, reply) => {
      await inTransaction(db, (tx) => seeLess(tx, memberId, params, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/less/:kind/:targetId',
    {
      ...member,
      schema: {
        operationId: 'seeAgain',
        params: ByTarget,
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, params }, reply) => {
      await inTransaction(db, (tx) => seeAgain(tx, memberId, params));
      return reply.code(204).send(null);
    },
  );
};
