import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, open, openAll, ownProfile, profileOf, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { lookErrors } from '../errors.ts';
import { Colour, LayoutParts } from '../layout-schema.ts';
import { deleteLook, publishLook, saveLook, TITLE_MAX, WORDS_MAX } from '../look.ts';
import { looksOf } from '../looks-of.ts';
import { partsOf } from '../parts.ts';
import { creditsOf, remix } from '../remix.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const Visibility = Type.Enum(['public', 'unlisted', 'secret']);
const Wish = {
  title: Type.String({ maxLength: TITLE_MAX }),
  words: Type.String({ maxLength: WORDS_MAX }),
  ground: Colour,
  ...LayoutParts,
};
const Answer = Type.Object({
  id: Id,
  ...Wish,
  ownerId: Type.Union([Id, Type.Null()]),
  state: Type.String(),
  visibility: Visibility,
  version: Type.Integer({ description: 'counts the changes' }),
  credits: Type.Array(
    Type.Object({ lookId: Id, title: Type.String(), name: Type.String(), handle: Type.String() }),
    { description: 'whose looks it was made of, the nearest first, as far as the caller may see them' },
  ),
});

const readingRoutes: Routes = async (app, { reads }) => {
  app.get(
    '/looks/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getLook',
        params: ById,
        querystring: exactly({ key: Type.Optional(Type.String({ maxLength: 60 })) }),
        response: { 200: Answer, ...problems(socialErrors.piece_not_found) },
      },
    },
    async ({ viewer: { memberId }, params: { id }, query: { key } }) => {
      const look = await open(reads, { memberId, key }, id, 'look');
      const [parts, credits] = await Promise.all([partsOf(reads, id), creditsOf(reads, memberId, id)]);
      const { ownerId, state, visibility } = look;
      return { id, ...parts, credits, ownerId, state, visibility };
    },
  );

  app.get(
    '/people/:handle',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listLooks',
        summary: 'Somebody’s looks as the caller may find them, the newest first; their drafts to themselves',
        params: exactly({ handle: Type.String({ minLength: 3, maxLength: 30 }) }),
        response: {
          200: Type.Object({
            looks: Type.Array(Type.Object({ id: Id, title: Type.String(), isDraft: Type.Boolean() })),
          }),
          ...problems(socialErrors.person_not_found),
        },
      },
    },
    async ({ viewer, params: { handle } }) => {
      const { memberId } = await profileOf(reads, viewer.memberId, handle);
      return { looks: await looksOf(reads, viewer.memberId, memberId) };
    },
  );
};

const makingRoutes: Routes = async (app, deps) => {
  const { db, reads, now } = deps;
  app.put(
    '/looks/:id',
    {
      ...member,
      schema: {
        operationId: 'saveLook',
        summary: 'Keeps a draft, or changes a look that is shown: all of it anew',
        params: ById,
        body: exactly(Wish),
        response: {
          200: Type.Object({ version: Type.Integer() }),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.piece_differs,
            socialErrors.words_too_long,
            lookErrors.product_not_found,
            lookErrors.scene_not_found,
            lookErrors.look_empty,
            lookErrors.title_missing,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body }) => {
      if (!(await openAll(reads, { memberId }, [id])).has(id)) await mayDo(deps, memberId, 'look');
      return inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        return saveLook(tx, memberId, id, body, now());
      });
    },
  );

  app.put(
    '/looks/:id/from/:sourceId',
    {
      ...member,
      schema: {
        operationId: 'remixLook',
        summary: 'A draft of the caller’s from a look that they may see; the credit is kept',
        params: exactly({ id: Id, sourceId: Id }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.piece_not_found,
            lookErrors.look_not_yours,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params }) => {
      await mayDo(deps, memberId, 'look');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await remix(tx, { memberId }, params, now());
      });
      return { id: params.id };
    },
  );
};

const showingRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  const refusals = [...asked, socialErrors.piece_not_found, lookErrors.look_not_yours] as const;
  app.post(
    '/looks/:id/publish',
    {
      ...member,
      schema: {
        operationId: 'publishLook',
        summary: 'Shows a draft, or a look to others than before; its picture is drawn by a job',
        params: ById,
        body: exactly({ visibility: Visibility }),
        response: {
          204: Type.Null(),
          ...problems(
            ...refusals,
            identityErrors.too_many_attempts,
            lookErrors.look_empty,
            lookErrors.title_missing,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { visibility } }, reply) => {
      await mayDo(deps, memberId, 'look');
      await inTransaction(db, (tx) => publishLook(tx, memberId, id, visibility, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/looks/:id',
    {
      ...member,
      schema: {
        operationId: 'deleteLook',
        params: ById,
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deleteLook(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};

export const lookRoutes: Routes = async (app, deps) => {
  await readingRoutes(app, deps);
  await makingRoutes(app, deps);
  await showingRoutes(app, deps);
};
