import { Type } from 'typebox';
import { identityErrors } from '#modules/identity/index.ts';
import { mayDo, ownProfile, socialErrors } from '#modules/social/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { SPEAKERS } from '../access.ts';
import { Cursor, QuestionAnswer, questionAnswer } from '../answer-schemas.ts';
import { answer, ANSWER_MAX, ask, deleteSaid, followQuestion, QUESTION_MAX, SPEAKS_FOR } from '../answers.ts';
import { reviewErrors } from '../errors.ts';
import { questionById, questionsOf, unanswered } from '../questions.ts';
import { asked } from './refusals.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const ById = exactly({ id: Id });
const Paging = exactly({
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 10 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}_[0-9a-f-]{36}$' })),
});
const Questions = Type.Object({ questions: Type.Array(QuestionAnswer), cursor: Cursor });

const readingRoutes: Routes = async (app, { db }) => {
  app.get(
    '/products/:id/questions',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listQuestions',
        params: ById,
        querystring: Paging,
        response: { 200: Questions },
      },
    },
    async ({ viewer: { memberId }, params: { id }, query }) => {
      const { questions, cursor } = await questionsOf(db, memberId, id, query);
      return { questions: questions.map(questionAnswer), cursor };
    },
  );

  app.get(
    '/questions/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getQuestion',
        params: ById,
        response: { 200: QuestionAnswer, ...problems(socialErrors.piece_not_found) },
      },
    },
    async ({ viewer: { memberId }, params: { id } }) => {
      const question = await questionById(db, memberId, id);
      if (!question) throw socialErrors.piece_not_found({});
      return questionAnswer(question);
    },
  );

  app.get(
    '/questions',
    {
      config: { access: SPEAKERS },
      schema: {
        operationId: 'listUnanswered',
        summary: 'Questions that nobody has answered, the longest waiting first',
        querystring: Paging,
        response: { 200: Questions, ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, query }) => {
      const { questions, cursor } = await unanswered(db, memberId, query);
      return { questions: questions.map(questionAnswer), cursor };
    },
  );
};

const sayingRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  const refusals = [
    ...asked,
    identityErrors.too_many_attempts,
    socialErrors.words_missing,
    socialErrors.piece_differs,
  ] as const;
  app.put(
    '/questions/:id',
    {
      ...member,
      schema: {
        operationId: 'askQuestion',
        summary: 'Who asks follows the question; some who bought it lately are told',
        params: ById,
        body: exactly({ productId: Id, body: Type.String({ minLength: 1, maxLength: QUESTION_MAX }) }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(...refusals, reviewErrors.product_not_found),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body }) => {
      await mayDo(deps, memberId, 'ask');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await ask(tx, memberId, { ...body, id }, now());
      });
      return { id };
    },
  );

  app.put(
    '/answers/:id',
    {
      ...member,
      schema: {
        operationId: 'answerWords',
        summary:
          'Answers a question; staff may speak for the shop, makers for their brand, and both answer reviews',
        params: ById,
        body: exactly({
          subjectId: Id,
          body: Type.String({ minLength: 1, maxLength: ANSWER_MAX }),
          speaksFor: Type.Optional(Type.Enum(SPEAKS_FOR)),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...refusals,
            socialErrors.piece_not_found,
            reviewErrors.not_answerable,
            reviewErrors.not_their_brand,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body: { subjectId, body, speaksFor = 'self' } }) => {
      const { memberId = '', name = '' } = viewer;
      if (speaksFor === 'retailer' && !mayEnter(viewer, SPEAKERS)) throw platformErrors.not_allowed({});
      await mayDo(deps, memberId, 'answer');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        await answer(tx, { memberId }, { id, subjectId, body, speaksFor }, now());
      });
      return { id };
    },
  );
};

const changingRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/questions/:id/follow',
    {
      ...member,
      schema: {
        operationId: 'followQuestion',
        params: ById,
        body: exactly({ on: Type.Boolean() }),
        response: {
          204: Type.Null(),
          ...problems(...asked, socialErrors.piece_not_found, reviewErrors.not_answerable),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { on } }, reply) => {
      await inTransaction(db, (tx) => followQuestion(tx, { memberId }, id, on, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/said/:id',
    {
      ...member,
      schema: {
        operationId: 'deleteSaid',
        summary:
          'Deletes a question or an answer of one’s own, or one said for the shop or a maker, by who speaks for them',
        params: ById,
        response: {
          204: Type.Null(),
          ...problems(...asked, socialErrors.piece_not_found, reviewErrors.not_answerable),
        },
      },
    },
    async ({ viewer, params: { id } }, reply) => {
      const speaks = mayEnter(viewer, SPEAKERS);
      await inTransaction(db, (tx) => deleteSaid(tx, viewer.memberId ?? '', id, speaks));
      return reply.code(204).send(null);
    },
  );
};

export const questionRoutes: Routes = async (app, deps) => {
  await readingRoutes(app, deps);
  await sayingRoutes(app, deps);
  await changingRoutes(app, deps);
};
