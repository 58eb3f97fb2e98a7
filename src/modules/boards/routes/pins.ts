import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { boardErrors } from '../errors.ts';
import { ADDRESS_LENGTH_MAX, addressFrom } from '../links.ts';
import { addPin, changePin, deletePin, movePin, NOTE_MAX, savePin } from '../pins.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const Nullable = Type.Union([Id, Type.Null()]);
const Note = Type.Optional(Type.String({ maxLength: NOTE_MAX, default: '' }));
const Place = { boardId: Id, sectionId: Type.Optional(Nullable), note: Note };
/** `before` null is the end. */
export const Spot = Type.Union([exactly({ before: Nullable }), exactly({ after: Id })]);
const Thing = Type.Union([
  exactly({ kind: Type.Literal('product'), productId: Id }),
  exactly({ kind: Type.Literal('piece'), pieceId: Id }),
  exactly({ kind: Type.Literal('photo'), photoId: Id }),
  exactly({ kind: Type.Literal('link'), url: Type.String({ minLength: 3, maxLength: ADDRESS_LENGTH_MAX }) }),
]);
const pinning = [
  ...asked,
  identityErrors.too_many_attempts,
  socialErrors.piece_not_found,
  socialErrors.piece_differs,
  socialErrors.words_too_long,
  boardErrors.board_not_yours,
  boardErrors.thing_not_found,
  boardErrors.section_not_found,
  boardErrors.pins_too_many,
] as const;

const puttingRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/pins/:id',
    {
      ...member,
      schema: {
        operationId: 'putPin',
        summary: 'Puts a product, a look, a post, a photo or an address on a board, before all others',
        params: ById,
        body: exactly({ ...Place, thing: Thing }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(...pinning, boardErrors.address_refused, socialErrors.not_trusted_yet),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body }) => {
      const { thing } = body;
      await mayDo(deps, memberId, thing.kind === 'link' ? 'link' : 'pin');
      const named = thing.kind === 'link' ? { ...thing, url: addressFrom(thing.url) } : thing;
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await addPin(tx, { memberId }, { note: '', ...body, thing: named, id }, now());
      });
      return { id };
    },
  );

  app.put(
    '/pins/:id/from/:savedFrom',
    {
      ...member,
      schema: {
        operationId: 'savePin',
        summary: 'Saves what another pin shows on a board of the caller’s; the trail is kept',
        params: exactly({ id: Id, savedFrom: Id }),
        body: exactly(Place),
        response: { 200: Type.Object({ id: Id }), ...problems(...pinning) },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params, body }) => {
      await mayDo(deps, memberId, 'pin');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await savePin(tx, { memberId }, { note: '', ...body, ...params }, now());
      });
      return { id: params.id };
    },
  );
};

const refusals = [
  ...asked,
  socialErrors.piece_not_found,
  boardErrors.board_not_yours,
  boardErrors.pin_not_found,
] as const;

const changingRoutes: Routes = async (app, { db }) => {
  app.patch(
    '/pins/:id',
    {
      ...member,
      schema: {
        operationId: 'changePin',
        params: ById,
        summary: 'What is not given stays',
        body: exactly({
          note: Type.Optional(Type.String({ maxLength: NOTE_MAX })),
          sectionId: Type.Optional(Nullable),
          wasNote: Type.Optional(Type.String({ maxLength: NOTE_MAX })),
        }),
        response: {
          204: Type.Null(),
          ...problems(
            ...refusals,
            boardErrors.section_not_found,
            boardErrors.changed_meanwhile,
            socialErrors.words_too_long,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => changePin(tx, { memberId }, id, body));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/pins/:id/move',
    {
      ...member,
      schema: {
        operationId: 'movePin',
        summary: 'Before or after another pin of the board, or to its end',
        params: ById,
        body: Spot,
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => movePin(tx, { memberId }, id, body));
      return reply.code(204).send(null);
    },
  );
};

const removingRoutes: Routes = async (app, { db, now }) => {
  app.delete(
    '/pins/:id',
    {
      ...member,
      schema: {
        operationId: 'deletePin',
        params: ById,
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deletePin(tx, { memberId }, id, now()));
      return reply.code(204).send(null);
    },
  );
};

export const pinRoutes: Routes = async (app, deps) => {
  await puttingRoutes(app, deps);
  await changingRoutes(app, deps);
  await removingRoutes(app, deps);
};
