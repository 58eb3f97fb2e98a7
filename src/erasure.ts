import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { inTransaction, type Tx } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import { eraseAnswers } from '#platform/idempotency.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import {
  eraseMember,
  identityErrors,
  knownCustomerOf,
  proveMember,
  signedOutCookies,
} from './modules/identity/index.ts';
import { eraseBuyer } from './modules/orders/index.ts';
import { eraseArchives } from './modules/archives/index.ts';
import { eraseCollected } from './modules/collector/index.ts';
import { eraseTrials } from './modules/experiments/index.ts';
import { eraseFeed } from './modules/feed/index.ts';
import { eraseBoards } from './modules/boards/index.ts';
import { eraseCustomerFigures, eraseViews } from './modules/insight/index.ts';
import { erasePersons } from './modules/persons/index.ts';
import { erasePosts } from './modules/posts/index.ts';
import { eraseLooks } from './modules/looks/index.ts';
import { eraseReviews } from './modules/reviews/index.ts';
import { eraseSatisfaction } from './modules/satisfaction/index.ts';
import { eraseSafety } from './modules/safety/index.ts';
import { eraseSocial } from './modules/social/index.ts';

/**
 * The one place from which a person is erased: every module that keeps personal data has its say here, all together
 * or not at all. What the ledgers say of sales stays, with a number in place of the person.
 */
export async function erasePerson(tx: Tx, memberId: string, now: Date): Promise<void> {
  const erased = await eraseMember(tx, memberId, now);
  if (!erased) return;
  await eraseAnswers(tx, memberId);
  const customerId = await knownCustomerOf(tx, memberId);
  const { confirmedEmail: email } = erased;
  // Before the addresses go, by which a guest's orders are found.
  await eraseSatisfaction(tx, { ...(customerId && { customerId }), ...(email && { email }) });
  await eraseBuyer(tx, { memberId, ...(customerId && { customerId }), ...(email && { email }) });
  await eraseReviews(tx, { memberId, ...(customerId && { customerId }) });
  await eraseArchives(tx, memberId);
  await eraseFeed(tx, memberId);
  await eraseBoards(tx, memberId, now);
  await erasePosts(tx, memberId);
  await eraseLooks(tx, memberId);
  await eraseSafety(tx, memberId);
  await eraseSocial(tx, memberId);
  await eraseCollected(tx, memberId, now);
  await erasePersons(tx, memberId);
  await eraseViews(tx, memberId);
  await eraseTrials(tx, memberId);
  if (customerId) await eraseCustomerFigures(tx, customerId);
}

export const erasureRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.post(
    '/v1/identity/me/erasure',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'eraseMe',
        summary: 'Deletes the account and everything personal with it; what was sold stays in the books',
        tags: ['identity'],
        body: exactly({
          password: Type.String({ maxLength: 1000, description: 'empty when the account has none' }),
        }),
        response: {
          204: Type.Null(),
          ...problems(
            platformErrors.sign_in_required,
            platformErrors.not_allowed,
            identityErrors.password_wrong,
            identityErrors.session_stale,
            identityErrors.last_admin,
            identityErrors.too_many_attempts,
          ),
        },
      },
    },
    async (request, reply) => {
      const { viewer, body } = request;
      await proveMember(deps, viewer, body.password);
      await inTransaction(deps.db, (tx) => erasePerson(tx, viewer.memberId ?? '', deps.now()));
      return reply.header('set-cookie', signedOutCookies(deps)).code(204).send(null);
    },
  );
};
