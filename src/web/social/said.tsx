import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  COMMENT_LENGTH_MAX,
  COMMENT_PHOTOS_MAX,
  deleteComment,
  editComment,
  mayDo,
  ownProfile,
  react,
  REACTION_KINDS,
  say as sayIt,
  socialErrors,
  unreact,
} from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { type PlainKey, say } from '../messages.ts';
import { localPath, page, sendOn, Text } from '../page.ts';
import { pictureFormBytesMax, takePictures } from '../picture-form.ts';
import { SaidAgain } from './said-again.tsx';

const Next = Type.Object({ next: Text(2000), key: Type.Optional(Text(60)) });
/** The length is the module's to refuse, so that what was typed is shown again. */
const TYPED_MAX = 8 * COMMENT_LENGTH_MAX;

/** The forms of every conversation. They come back to the page that they stand on. */
export const saidForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  await app.register(sayForm, { ...deps, prefix: '' });
  await app.register(changeForms, { ...deps, prefix: '' });
  await app.register(feltForm, { ...deps, prefix: '' });
};

const sayForm: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  await takePictures(app, deps, COMMENT_PHOTOS_MAX);
  app.post(
    '/said',
    {
      ...page('member', {
        // The field of the words is named after what it answers, so that each has its own label.
        body: Type.Intersect([
          Next,
          Type.Object({
            id: Id,
            subjectId: Id,
            replyTo: Type.Optional(Id),
            photoId: Type.Optional(Type.Array(Id, { maxItems: COMMENT_PHOTOS_MAX })),
          }),
          Type.Record(Type.String({ pattern: '^body' }), Text(TYPED_MAX)),
        ]),
      }),
      bodyLimit: pictureFormBytesMax(COMMENT_PHOTOS_MAX),
    },
    async ({ viewer: { memberId = '', name = '' }, body: sent, pictures }, reply) => {
      const { id, subjectId, replyTo, next, key, photoId = [] } = sent;
      const words = String(sent[replyTo === undefined ? 'body' : `body-${replyTo}`] ?? '');
      const photoIds = [...new Set([...photoId, ...pictures.photoIds])].slice(0, COMMENT_PHOTOS_MAX);
      const hidden = { id, subjectId, replyTo, next, key, photoId: photoIds };
      const again = { action: '/said', name: replyTo === undefined ? 'body' : `body-${replyTo}`, hidden };
      try {
        if (pictures.failure) throw pictures.failure;
        await mayDo(deps, memberId, 'comment');
        if (pictures.refused > 0) {
          void reply.code(422);
          return await reply.page((about) => (
            <SaidAgain page={about} form={{ ...again, words, fault: say('said.fault.photo') }} />
          ));
        }
        await inTransaction(db, async (tx) => {
          await ownProfile(tx, memberId, name, now());
          await sayIt(tx, { memberId, key }, { id, subjectId, replyTo, body: words, photoIds }, now());
        });
      } catch (error) {
        const refused = refusalOf(error);
        if (!refused) throw error;
        void reply.code(refused.status);
        return reply.page((about) => (
          <SaidAgain page={about} form={{ ...again, words, fault: say(refused.text) }} />
        ));
      }
      return sendOn(reply, `${localPath(next)}#said-${id}`);
    },
  );
};

const changeForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  app.post(
    '/said/change',
    page('member', {
      body: Type.Intersect([
        Next,
        Type.Object({ id: Id }),
        Type.Record(Type.String({ pattern: '^edit-' }), Text(TYPED_MAX)),
      ]),
    }),
    async ({ viewer: { memberId = '' }, body: sent }, reply) => {
      const { id, next } = sent;
      const words = String(sent[`edit-${id}`] ?? '');
      try {
        await mayDo(deps, memberId, 'comment');
        await inTransaction(db, (tx) => editComment(tx, memberId, id, words, now()));
      } catch (error) {
        const refused = refusalOf(error);
        if (!refused) throw error;
        void reply.code(refused.status);
        const form = { action: '/said/change', name: `edit-${id}`, hidden: { id, next }, words };
        return reply.page((about) => <SaidAgain page={about} form={{ ...form, fault: say(refused.text) }} />);
      }
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
};

const feltForm: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
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

/** A refusal after which the words are shown again. */
function refusalOf(error: unknown): { status: number; text: PlainKey } | undefined {
  if (!(error instanceof AppError)) return undefined;
  const { code, status } = error;
  if (code === socialErrors.words_missing.code) return { status, text: 'said.fault.missing' };
  if (code === socialErrors.words_too_long.code) return { status, text: 'said.fault.long' };
  if (code === socialErrors.photo_not_found.code) return { status: 422, text: 'said.fault.photo' };
  return status === 429 ? { status, text: 'said.fault.often' } : undefined;
}
