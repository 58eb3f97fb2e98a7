import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  deleteComment,
  mayDo,
  ownProfile,
  react,
  REACTION_KINDS,
  say,
  unreact,
} from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { localPath, page, sendOn, Text } from '../page.ts';

const Next = Type.Object({ next: Text(2000), key: Type.Optional(Text(60)) });

/** The forms of every conversation. They come back to the page that they stand on. */
export const saidForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  app.post(
    '/said',
    page('member', {
      // The field of the words is named after what it answers, so that each has its own label.
      body: Type.Intersect([
        Next,
        Type.Object({ id: Id, subjectId: Id, replyTo: Type.Optional(Id) }),
        Type.Record(Type.String({ pattern: '^body' }), Text(5000)),
      ]),
    }),
    async ({ viewer: { memberId = '', name = '' }, body: sent }, reply) => {
      const { id, subjectId, replyTo, next, key } = sent;
      const words = sent[replyTo === undefined ? 'body' : `body-${replyTo}`] ?? '';
      await mayDo(deps, memberId, 'comment');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await say(tx, { memberId, key }, { id, subjectId, replyTo, body: String(words) }, now());
      });
      return sendOn(reply, `${localPath(next)}#said-${id}`);
    },
  );

  app.post(
    '/said/delete',
    page('member', { body: Type.Object({ id: Id, next: Text(2000) }) }),
    async ({ viewer: { memberId = '' }, body: { id, next } }, reply) => {
      await inTransaction(db, (tx) => deleteComment(tx, memberId, id));
      return sendOn(reply, `${localPath(next)}#comments`, 'said.deleted');
    },
  );

  app.post(
    '/felt',
    page('member', {
      body: Type.Intersect([
        Next,
        Type.Object({ subjectId: Id, kind: Type.Enum(['none', ...REACTION_KINDS]) }),
      ]),
    }),
    async ({ viewer: { memberId = '', name = '' }, body: { subjectId, kind, next, key } }, reply) => {
      await mayDo(deps, memberId, 'react');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        if (kind === 'none') await unreact(tx, memberId, subjectId);
        else await react(tx, { memberId, key }, subjectId, kind, now());
      });
      return sendOn(reply, localPath(next));
    },
  );
};
