import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { lookErrors } from '../errors.ts';
import { answerSwap, REASON_MAX, suggestSwap } from '../swaps.ts';

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const refusals = [...asked, socialErrors.piece_not_found, lookErrors.look_not_yours] as const;

export const swapRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/swaps/:id',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'suggestSwap',
        summary: 'Proposes another product in place of one of a look to its maker',
        params: exactly({ id: Id }),
        body: exactly({
          lookId: Id,
          outId: Id,
          inId: Id,
          reason: Type.Optional(Type.String({ maxLength: REASON_MAX, default: '' })),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...refusals,
            identityErrors.too_many_attempts,
            socialErrors.piece_differs,
            lookErrors.product_not_found,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body }) => {
      await mayDo(deps, memberId, 'suggest');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await suggestSwap(tx, { memberId }, { reason: '', ...body, id }, now());
      });
      return { id };
    },
  );

  app.post(
    '/swaps/:id/answer',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'answerSwap',
        summary: 'The maker’s word on a suggestion: accepted, the product is in the look',
        params: exactly({ id: Id }),
        body: exactly({ answer: Type.Enum(['accepted', 'declined']) }),
        response: { 200: Type.Object({ lookId: Id }), ...problems(...refusals, lookErrors.swap_answered) },
      },
    },
    ({ viewer: { memberId = '' }, params: { id }, body: { answer } }) =>
      inTransaction(db, (tx) => answerSwap(tx, memberId, id, answer, now())),
  );
};
