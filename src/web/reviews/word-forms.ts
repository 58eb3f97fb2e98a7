import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { productInShop } from '#modules/catalog/index.ts';
import {
  answer,
  ask,
  castVote,
  deleteSaid,
  followQuestion,
  QUESTION_MAX,
  reviewErrors,
  SPEAKERS,
  SPEAKS_FOR,
} from '#modules/reviews/index.ts';
import { mayDo, ownProfile } from '#modules/social/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Id, Slug } from '#platform/schema.ts';
import { localPath, page, sendOn, Text } from '../page.ts';

const HELPFUL = { yes: true, no: false, none: null } as const;

/** The small forms under what people say of products. They come back to the page that they stand on. */
export const wordForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  app.post(
    '/words/vote',
    page('member', {
      body: Type.Object({
        next: Text(2000),
        vote: Type.String({ pattern: '^[0-9a-f-]{36} (yes|no|none)$' }),
      }),
    }),
    async ({ viewer: { memberId = '', name = '' }, body: { next, vote: sent } }, reply) => {
      const [id = '', side = 'none'] = sent.split(' ');
      const isHelpful = HELPFUL[side === 'yes' || side === 'no' ? side : 'none'];
      await castVote(deps, { memberId }, id, isHelpful);
      await inTransaction(db, (tx) => ownProfile(tx, memberId, name, now()));
      return sendOn(reply, `${localPath(next)}#review-${id}`);
    },
  );

  app.post(
    '/p/:slug/questions',
    page('member', {
      params: Type.Object({ slug: Slug }),
      body: Type.Object({ id: Id, question: Text(QUESTION_MAX) }),
    }),
    async ({ viewer: { memberId = '', name = '' }, params: { slug }, body: { id, question } }, reply) => {
      const product = await productInShop(db, { slug });
      if (!product) throw reviewErrors.product_not_found({});
      await mayDo(deps, memberId, 'ask');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await ask(tx, memberId, { id, productId: product.id, body: question }, now());
      });
      return sendOn(reply, `/p/${slug}#questions`, 'questions.asked');
    },
  );

  await app.register(answerForms, { ...deps, prefix: '' });
};

const answerForms: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  app.post(
    '/words/answer',
    page('member', {
      body: Type.Intersect([
        Type.Object({ id: Id, subjectId: Id, next: Text(2000), speaks: Text(10) }),
        Type.Record(Type.String({ pattern: '^body-' }), Text(5000)),
      ]),
    }),
    async ({ viewer, body: sent }, reply) => {
      const { memberId = '', name = '' } = viewer;
      const { id, subjectId, next } = sent;
      const speaksFor = SPEAKS_FOR.find((each) => each === sent.speaks) ?? 'self';
      if (speaksFor === 'retailer' && !mayEnter(viewer, SPEAKERS)) throw platformErrors.not_allowed({});
      await mayDo(deps, memberId, 'answer');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        const body = String(sent[`body-${subjectId}`] ?? '');
        await answer(tx, { memberId }, { id, subjectId, body, speaksFor }, now());
      });
      return sendOn(reply, localPath(next), 'questions.answered');
    },
  );

  app.post(
    '/words/delete',
    page('member', { body: Type.Object({ id: Id, next: Text(2000) }) }),
    async ({ viewer, body: { id, next } }, reply) => {
      await inTransaction(db, (tx) => deleteSaid(tx, viewer.memberId ?? '', id, mayEnter(viewer, SPEAKERS)));
      return sendOn(reply, localPath(next), 'words.deleted');
    },
  );

  app.post(
    '/questions/:id/follow',
    page('member', { params: Type.Object({ id: Id }), body: Type.Object({ on: Type.Enum(['yes', 'no']) }) }),
    async ({ viewer: { memberId = '' }, params: { id }, body: { on } }, reply) => {
      await inTransaction(db, (tx) => followQuestion(tx, { memberId }, id, on === 'yes', now()));
      return sendOn(reply, `/questions/${id}`);
    },
  );
};
