import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { postErrors } from '../errors.ts';
import { POST_PHOTOS_MAX } from '../photos.ts';
import { CAPTION_LENGTH_MAX, changePost, deletePost, draftPost, publishPost } from '../post.ts';
import { postPage } from '../post-page.ts';
import { Post, Visibility } from './answers.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const refusals = [...asked, socialErrors.piece_not_found, socialErrors.not_yours] as const;
const ById = exactly({ id: Id });
const Words = {
  caption: Type.String({ maxLength: CAPTION_LENGTH_MAX }),
  isShared: Type.Boolean({
    description: 'consent: it may stand on the pages of the products in it',
  }),
  visibility: Visibility,
};

const readingRoutes: Routes = async (app, { reads }) => {
  app.get(
    '/posts/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getPost',
        params: ById,
        querystring: exactly({
          key: Type.Optional(Type.String({ maxLength: 60, pattern: '^[A-Za-z0-9_-]+$' })),
        }),
        response: { 200: Post, ...problems(socialErrors.piece_not_found) },
      },
    },
    async ({ viewer: { memberId }, params: { id }, query: { key } }) => {
      const { madeAt, editedAt, ...post } = await postPage(reads, { memberId, key }, id);
      return { ...post, madeAt: madeAt.toISOString(), editedAt: editedAt?.toISOString() ?? null };
    },
  );
};

const makingRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/posts/:id',
    {
      ...member,
      schema: {
        operationId: 'draftPost',
        summary: 'Makes a post that only its owner sees, until it is published',
        params: ById,
        body: exactly({
          ...Words,
          photoIds: Type.Array(Id, { maxItems: POST_PHOTOS_MAX, uniqueItems: true }),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.piece_differs,
            socialErrors.words_too_long,
            socialErrors.photo_not_found,
            postErrors.photo_taken,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body }) => {
      await mayDo(deps, memberId, 'post');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await draftPost(tx, memberId, id, body, now());
      });
      return { id };
    },
  );

  app.post(
    '/posts/:id/publish',
    {
      ...member,
      schema: {
        operationId: 'publishPost',
        summary: 'Puts a draft out; photos without a description are asked about once',
        params: ById,
        body: exactly({ withoutWords: Type.Optional(Type.Boolean({ default: false })) }),
        response: {
          204: Type.Null(),
          ...problems(
            ...refusals,
            postErrors.photos_missing,
            postErrors.photo_undescribed,
            postErrors.photo_broken,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { withoutWords = false } }, reply) => {
      await inTransaction(db, (tx) => publishPost(tx, memberId, id, { withoutWords }, now()));
      return reply.code(204).send(null);
    },
  );
};

const changingRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.patch(
    '/posts/:id',
    {
      ...member,
      schema: {
        operationId: 'changePost',
        params: ById,
        body: exactly(Words),
        response: {
          200: Type.Object({
            id: Id,
            linkKey: Type.Optional(
              Type.Union([Type.String(), Type.Null()], { description: 'where who sees it was changed' }),
            ),
          }),
          ...problems(...refusals, identityErrors.too_many_attempts, socialErrors.words_too_long),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }) => {
      await mayDo(deps, memberId, 'comment');
      const { linkKey } = await inTransaction(db, (tx) => changePost(tx, memberId, id, body, now()));
      return { id, ...(linkKey !== undefined && { linkKey }) };
    },
  );

  app.delete(
    '/posts/:id',
    {
      ...member,
      schema: {
        operationId: 'deletePost',
        summary: 'Its words are gone, and its photos with their files',
        params: ById,
        response: { 204: Type.Null(), ...problems(...refusals) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deletePost(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};

export const postRoutes: Routes = async (app, deps) => {
  await readingRoutes(app, deps);
  await makingRoutes(app, deps);
  await changingRoutes(app, deps);
};
