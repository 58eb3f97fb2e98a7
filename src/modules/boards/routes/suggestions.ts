import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, open, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { boardErrors } from '../errors.ts';
import { ADDRESS_LENGTH_MAX, addressFrom } from '../links.ts';
import { suggestionsOf } from '../suggestions-of.ts';
import {
  answerSuggestion,
  REASON_MAX,
  suggest,
  SUGGESTERS,
  takeSuggestions,
  withdrawSuggestion,
} from '../suggestions.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const Nullable = Type.Union([Id, Type.Null()]);
const Text = Type.Union([Type.String(), Type.Null()]);
const Answer = Type.Enum(['accepted', 'declined', 'thanked']);
const refusals = [...asked, socialErrors.piece_not_found, boardErrors.board_not_yours] as const;

const Thing = Type.Union([
  exactly({ kind: Type.Literal('product'), productId: Id }),
  exactly({ kind: Type.Literal('piece'), pieceId: Id }),
  exactly({ kind: Type.Literal('link'), url: Type.String({ minLength: 3, maxLength: ADDRESS_LENGTH_MAX }) }),
]);

const Line = Type.Object({
  id: Id,
  kind: Type.Enum(['product', 'piece', 'link']),
  productId: Nullable,
  piece: Type.Union([Type.Object({ id: Id, kind: Type.String() }), Type.Null()]),
  url: Text,
  reason: Type.String(),
  answer: Type.Union([Answer, Type.Null()]),
  pinId: Nullable,
  by: Type.Union([Type.Object({ handle: Type.String(), name: Type.String() }), Type.Null()]),
  isOwn: Type.Boolean(),
  at: Type.String({ format: 'date-time' }),
});

const listRoute: Routes = async (app, { reads }) => {
  app.get(
    '/boards/:id/suggestions',
    {
      ...member,
      schema: {
        operationId: 'listSuggestions',
        summary: 'What was suggested for a board: to its owner all, to others their own',
        params: ById,
        querystring: exactly({
          open: Type.Optional(Type.Boolean({ default: true })),
          cursor: Type.Optional(Id),
          key: Type.Optional(Type.String({ maxLength: 60 })),
        }),
        response: {
          200: Type.Object({ suggestions: Type.Array(Line), cursor: Nullable }),
          ...problems(...asked, socialErrors.piece_not_found),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, query: { open: isOpen = true, cursor, key } }) => {
      const eye = { memberId, key };
      await open(reads, eye, id);
      const page = await suggestionsOf(reads, eye, id, { isOpen, cursor });
      return {
        ...page,
        suggestions: page.suggestions.map((each) => ({ ...each, at: each.at.toISOString() })),
      };
    },
  );
};

const makingRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/suggestions/:id',
    {
      ...member,
      schema: {
        operationId: 'suggest',
        summary: 'Proposes a pin for a board that takes suggestions from the caller, and says why',
        params: ById,
        body: exactly({
          boardId: Id,
          thing: Thing,
          reason: Type.String({ minLength: 1, maxLength: REASON_MAX }),
          key: Type.Optional(Type.String({ maxLength: 60 })),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.not_trusted_yet,
            socialErrors.piece_not_found,
            socialErrors.piece_differs,
            socialErrors.words_missing,
            socialErrors.words_too_long,
            boardErrors.suggestions_closed,
            boardErrors.thing_not_found,
            boardErrors.address_refused,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body: { key, thing, ...wish } }) => {
      await mayDo(deps, memberId, 'suggest');
      const named = thing.kind === 'link' ? { ...thing, url: addressFrom(thing.url) } : thing;
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await suggest(tx, { memberId, key }, { ...wish, thing: named, id }, now());
      });
      return { id };
    },
  );

  app.delete(
    '/suggestions/:id',
    {
      ...member,
      schema: {
        operationId: 'withdrawSuggestion',
        summary: 'Takes the caller’s own suggestion back',
        params: ById,
        querystring: exactly({ key: Type.Optional(Type.String({ maxLength: 60 })) }),
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, query: { key } }, reply) => {
      await inTransaction(db, (tx) => withdrawSuggestion(tx, { memberId, key }, id));
      return reply.code(204).send(null);
    },
  );
};

const answeringRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/boards/:id/suggesters',
    {
      ...member,
      schema: {
        operationId: 'takeSuggestions',
        summary: 'Says from whom the caller’s board takes suggestions, of those who may see it',
        params: ById,
        body: exactly({ suggesters: Type.Enum([...SUGGESTERS]) }),
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { suggesters } }, reply) => {
      await inTransaction(db, (tx) => takeSuggestions(tx, memberId, id, suggesters));
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/suggestions/:id/answer',
    {
      ...member,
      schema: {
        operationId: 'answerSuggestion',
        summary: 'Accepts a suggestion, which becomes a pin, declines it, or thanks for it: once',
        params: ById,
        body: exactly({ answer: Answer, pinId: Id, sectionId: Type.Optional(Nullable) }),
        response: {
          200: Type.Object({ boardId: Id, pinId: Nullable }),
          ...problems(
            ...refusals,
            boardErrors.suggestion_answered,
            boardErrors.thing_not_found,
            boardErrors.section_not_found,
            boardErrors.pins_too_many,
            socialErrors.piece_differs,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }) =>
      inTransaction(db, (tx) => answerSuggestion(tx, memberId, id, body, now())),
  );
};

export const suggestionRoutes: Routes = async (app, deps) => {
  await listRoute(app, deps);
  await makingRoutes(app, deps);
  await answeringRoutes(app, deps);
};
