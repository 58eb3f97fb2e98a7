import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import {
  invite,
  join,
  leave,
  mayDo,
  open,
  ownProfile,
  removeCollaborator,
  socialErrors,
} from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { invitationsOf, makersOf } from '../invitations.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const Handle = Type.String({ minLength: 3, maxLength: 31 });
const ByMaker = exactly({ id: Id, handle: Handle });
const Role = Type.Enum(['editor', 'contributor']);
const Named = Type.Object({ handle: Type.String(), name: Type.String() });

const listRoute: Routes = async (app, { reads }) => {
  app.get(
    '/boards/:id/makers',
    {
      ...member,
      schema: {
        operationId: 'listMakers',
        summary: 'Who makes a board with its owner; to the owner also who is asked and has not answered',
        params: ById,
        response: {
          200: Type.Object({
            makers: Type.Array(
              Type.Object({
                handle: Type.String(),
                name: Type.String(),
                role: Role,
                hasJoined: Type.Boolean(),
              }),
            ),
          }),
          ...problems(...asked, socialErrors.piece_not_found),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }) => {
      const board = await open(reads, { memberId }, id);
      return { makers: await makersOf(reads, id, memberId, board.standing === 'owner') };
    },
  );
};

const owners = [
  ...asked,
  socialErrors.piece_not_found,
  socialErrors.not_yours,
  socialErrors.person_not_found,
] as const;

/** Who makes a board together with its owner. */
export const makerRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  await listRoute(app, deps);
  app.put(
    '/boards/:id/makers/:handle',
    {
      ...member,
      schema: {
        operationId: 'putMaker',
        summary: 'Asks somebody to make the board too, or changes what they may do; they join by themselves',
        params: ByMaker,
        body: exactly({ role: Role }),
        response: {
          204: Type.Null(),
          ...problems(
            ...owners,
            identityErrors.too_many_attempts,
            socialErrors.not_trusted_yet,
            socialErrors.not_oneself,
            socialErrors.collaborators_too_many,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id, handle }, body: { role } }, reply) => {
      await mayDo(deps, memberId, 'invite');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await invite(tx, memberId, { pieceId: id, handle, role }, now());
      });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/boards/:id/makers/:handle',
    {
      ...member,
      schema: {
        operationId: 'removeMaker',
        params: ByMaker,
        response: { 204: Type.Null(), ...problems(...owners) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id, handle } }, reply) => {
      await inTransaction(db, (tx) => removeCollaborator(tx, memberId, { pieceId: id, handle }));
      return reply.code(204).send(null);
    },
  );
};

/** What somebody says to an invitation. */
export const invitationRoutes: Routes = async (app, { db, reads, now }) => {
  app.get(
    '/invitations',
    {
      ...member,
      schema: {
        operationId: 'listInvitations',
        summary: 'Boards that the caller is asked to make with others, and has not answered',
        response: {
          200: Type.Object({
            invitations: Type.Array(
              Type.Object({
                boardId: Id,
                name: Type.String(),
                role: Role,
                by: Named,
                at: Type.String({ format: 'date-time' }),
              }),
            ),
          }),
          ...problems(...asked),
        },
      },
    },
    async ({ viewer: { memberId = '' } }) => {
      const invitations = await invitationsOf(reads, memberId);
      return { invitations: invitations.map((each) => ({ ...each, at: each.at.toISOString() })) };
    },
  );

  app.post(
    '/boards/:id/join',
    {
      ...member,
      schema: {
        operationId: 'joinBoard',
        summary: 'Accepts an invitation',
        params: ById,
        response: { 204: Type.Null(), ...problems(...asked, socialErrors.piece_not_found) },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id } }, reply) => {
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await join(tx, memberId, id, now());
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/boards/:id/leave',
    {
      ...member,
      schema: {
        operationId: 'leaveBoard',
        summary: 'Declines an invitation, or makes the board no more; pins stay',
        params: ById,
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => leave(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};
