import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { inTransaction, inTransactionEnding } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { mayDo } from '../abilities.ts';
import { CommentCursor, Cursor, LinkKey, Moment, Person, Picture } from '../answers.ts';
import {
  COMMENT_LENGTH_MAX,
  COMMENT_PHOTOS_MAX,
  commentsOf,
  deleteComment,
  editComment,
  saying,
} from '../comments.ts';
import { socialErrors } from '../errors.ts';
import { ownProfile } from '../people.ts';
import { react, REACTION_KINDS, talliesOf, unreact } from '../reactions.ts';
import { open } from '../visibility.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const Body = Type.String({ minLength: 1, maxLength: COMMENT_LENGTH_MAX });
const ById = exactly({ id: Id });
const Count = Type.Integer();
const Reaction = Type.Enum([...REACTION_KINDS]);
const Comment = Type.Object({
  id: Id,
  author: Type.Union([Person, Type.Null()]),
  body: Type.Union([Type.String(), Type.Null()], { description: 'null of one that was deleted or removed' }),
  pictures: Type.Array(Picture),
  replyTo: Type.Union([Id, Type.Null()]),
  at: Moment,
  editedAt: Type.Union([Moment, Type.Null()]),
  isOwn: Type.Boolean(),
});

const readingRoutes: Routes = async (app, { reads }) => {
  app.get(
    '/pieces/:id/comments',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listComments',
        summary: 'What was said of a piece: threads, the latest first, each followed by its answers',
        params: ById,
        querystring: exactly({ cursor: CommentCursor, key: LinkKey }),
        response: {
          200: Type.Object({
            comments: Type.Array(Comment),
            tally: Type.Object({
              comments: Count,
              heart: Count,
              clap: Count,
              wow: Count,
              idea: Count,
              own: Type.Union([Reaction, Type.Null()]),
            }),
            cursor: Cursor,
          }),
          ...problems(socialErrors.piece_not_found),
        },
      },
    },
    async ({ viewer: { memberId }, params: { id }, query: { cursor, key } }) => {
      const eye = { memberId, key };
      await open(reads, eye, id);
      const [page, tallies] = await Promise.all([
        commentsOf(reads, eye, id, cursor),
        talliesOf(reads, memberId, [id]),
      ]);
      const tally = tallies.get(id) ?? { comments: 0, heart: 0, clap: 0, wow: 0, idea: 0, own: null };
      const comments = page.comments.map((comment) => ({
        ...comment,
        at: comment.at.toISOString(),
        editedAt: comment.editedAt?.toISOString() ?? null,
      }));
      return { comments, tally, cursor: page.cursor };
    },
  );
};

const commentRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/comments/:id',
    {
      ...member,
      schema: {
        operationId: 'putComment',
        summary: 'Says something of a piece; the same id with the same words is a retry',
        params: ById,
        querystring: exactly({ key: LinkKey }),
        body: exactly({
          subjectId: Id,
          replyTo: Type.Optional(Id),
          body: Body,
          photoIds: Type.Optional(Type.Array(Id, { maxItems: COMMENT_PHOTOS_MAX, uniqueItems: true })),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.piece_not_found,
            socialErrors.piece_differs,
            socialErrors.words_missing,
            socialErrors.words_too_long,
            socialErrors.photo_not_found,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, query: { key }, body }) => {
      await mayDo(deps, memberId, 'comment');
      await inTransactionEnding(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        return saying(tx, { memberId, key }, { id, ...body }, now());
      });
      return { id };
    },
  );
};

const changeRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.patch(
    '/comments/:id',
    {
      ...member,
      schema: {
        operationId: 'editComment',
        params: ById,
        body: exactly({ body: Body }),
        response: {
          204: Type.Null(),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.piece_not_found,
            socialErrors.not_yours,
            socialErrors.words_missing,
            socialErrors.words_too_long,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { body } }, reply) => {
      await mayDo(deps, memberId, 'comment');
      await inTransaction(db, (tx) => editComment(tx, memberId, id, body, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/comments/:id',
    {
      ...member,
      schema: {
        operationId: 'deleteComment',
        summary: 'By its author, or the owner of what it is said of; its words are gone, answers stay',
        params: ById,
        response: {
          204: Type.Null(),
          ...problems(...asked, socialErrors.piece_not_found, socialErrors.not_yours),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deleteComment(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};

const reactionRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/pieces/:id/reaction',
    {
      ...member,
      schema: {
        operationId: 'react',
        summary: 'One reaction of each member: another takes its place',
        params: ById,
        querystring: exactly({ key: LinkKey }),
        body: exactly({ kind: Reaction }),
        response: {
          204: Type.Null(),
          ...problems(...asked, identityErrors.too_many_attempts, socialErrors.piece_not_found),
        },
      },
    },
    async (
      { viewer: { memberId = '', name = '' }, params: { id }, query: { key }, body: { kind } },
      reply,
    ) => {
      await mayDo(deps, memberId, 'react');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await react(tx, { memberId, key }, id, kind, now());
      });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/pieces/:id/reaction',
    {
      ...member,
      schema: {
        operationId: 'unreact',
        params: ById,
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => unreact(tx, memberId, id));
      return reply.code(204).send(null);
    },
  );
};

export const wordRoutes: Routes = async (app, deps) => {
  await readingRoutes(app, deps);
  await commentRoutes(app, deps);
  await changeRoutes(app, deps);
  await reactionRoutes(app, deps);
};
