import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, ownProfile, profileOf, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { BOARD_NAME_MAX, changeBoard, DESCRIPTION_MAX, makeBoard } from '../board.ts';
import { boardsOf } from '../boards-of.ts';
import { deleteBoard } from '../delete-board.ts';
import { boardErrors } from '../errors.ts';
import { Spot } from './pins.ts';
import { deleteSection, moveSection, putSection, SECTION_NAME_MAX } from '../sections.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const BySection = exactly({ id: Id, sectionId: Id });
const Visibility = Type.Enum(['public', 'unlisted', 'secret']);
const Wish = {
  name: Type.String({ minLength: 1, maxLength: BOARD_NAME_MAX }),
  description: Type.Optional(Type.String({ maxLength: DESCRIPTION_MAX, default: '' })),
  visibility: Visibility,
};
const Was = exactly({
  name: Type.String({ maxLength: BOARD_NAME_MAX }),
  description: Type.String({ maxLength: DESCRIPTION_MAX }),
});
const Nullable = Type.Union([Id, Type.Null()]);

const ownRoutes: Routes = async (app, deps) => {
  const { db, reads, now } = deps;
  app.get(
    '/people/:handle',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listBoards',
        summary: 'Somebody’s boards as the caller may find them, the last changed first',
        params: exactly({ handle: Type.String({ minLength: 3, maxLength: 30 }) }),
        response: {
          200: Type.Object({
            boards: Type.Array(
              Type.Object({
                id: Id,
                name: Type.String(),
                ownerId: Id,
                visibility: Visibility,
                linkKey: Type.Union([Type.String(), Type.Null()]),
                pinCount: Type.Integer(),
                changedAt: Type.String({ format: 'date-time' }),
              }),
            ),
          }),
          ...problems(socialErrors.person_not_found),
        },
      },
    },
    async ({ viewer, params: { handle } }) => {
      const { memberId } = await profileOf(reads, viewer.memberId, handle);
      const boards = await boardsOf(reads, viewer.memberId, memberId);
      return { boards: boards.map((each) => ({ ...each, changedAt: each.changedAt.toISOString() })) };
    },
  );

  app.put(
    '/boards/:id',
    {
      ...member,
      schema: {
        operationId: 'makeBoard',
        params: ById,
        body: exactly(Wish),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.piece_differs,
            boardErrors.name_missing,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body }) => {
      await mayDo(deps, memberId, 'board');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await makeBoard(tx, memberId, id, { description: '', ...body }, now());
      });
      return { id };
    },
  );
};

const changeRoutes: Routes = async (app, { db, now }) => {
  const refusals = [...asked, socialErrors.piece_not_found, boardErrors.board_not_yours] as const;
  app.patch(
    '/boards/:id',
    {
      ...member,
      schema: {
        operationId: 'changeBoard',
        params: ById,
        summary: 'What is not given stays',
        body: exactly({
          name: Type.Optional(Wish.name),
          description: Type.Optional(Type.String({ maxLength: DESCRIPTION_MAX })),
          visibility: Type.Optional(Visibility),
          coverPinId: Type.Optional(Nullable),
          was: Type.Optional(Was),
        }),
        response: {
          200: Type.Object({
            id: Id,
            linkKey: Type.Optional(
              Type.Union([Type.String(), Type.Null()], { description: 'where who sees it was changed' }),
            ),
          }),
          ...problems(
            ...refusals,
            boardErrors.name_missing,
            boardErrors.pin_not_found,
            boardErrors.changed_meanwhile,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }) => {
      const { linkKey } = await inTransaction(db, (tx) => changeBoard(tx, { memberId }, id, body, now()));
      return { id, ...(linkKey !== undefined && { linkKey }) };
    },
  );

  app.delete(
    '/boards/:id',
    {
      ...member,
      schema: {
        operationId: 'deleteBoard',
        params: ById,
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deleteBoard(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};

const sectionRoutes: Routes = async (app, { db, now }) => {
  const refusals = [...asked, socialErrors.piece_not_found, boardErrors.board_not_yours] as const;
  app.put(
    '/boards/:id/sections/:sectionId',
    {
      ...member,
      schema: {
        operationId: 'putSection',
        params: BySection,
        body: exactly({ name: Type.String({ minLength: 1, maxLength: SECTION_NAME_MAX }) }),
        response: {
          204: Type.Null(),
          ...problems(...refusals, boardErrors.name_missing, boardErrors.sections_too_many),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id: boardId, sectionId }, body: { name } }, reply) => {
      await inTransaction(db, (tx) => putSection(tx, { memberId }, { id: sectionId, boardId, name }, now()));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/boards/:id/sections/:sectionId/move',
    {
      ...member,
      schema: {
        operationId: 'moveSection',
        params: BySection,
        body: Spot,
        response: { 204: Type.Null(), ...problems(...refusals, boardErrors.section_not_found) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id: boardId, sectionId }, body }, reply) => {
      await inTransaction(db, (tx) => moveSection(tx, { memberId }, { id: sectionId, boardId }, body));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/boards/:id/sections/:sectionId',
    {
      ...member,
      schema: {
        operationId: 'deleteSection',
        summary: 'Its pins stay on the board',
        params: BySection,
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id: boardId, sectionId } }, reply) => {
      await inTransaction(db, (tx) => deleteSection(tx, { memberId }, { id: sectionId, boardId }, now()));
      return reply.code(204).send(null);
    },
  );
};

export const boardRoutes: Routes = async (app, deps) => {
  await ownRoutes(app, deps);
  await changeRoutes(app, deps);
  await sectionRoutes(app, deps);
};
