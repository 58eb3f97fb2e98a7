import { Type } from 'typebox';
import { productsOfBrands } from '#modules/catalog/index.ts';
import { actorOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { REVIEW_SETTERS, SPEAKERS } from '../access.ts';
import { Cursor, QuestionAnswer, questionAnswer, ReviewAnswer, reviewAnswer } from '../answer-schemas.ts';
import { reviewErrors } from '../errors.ts';
import { brandVoices, endVoice, letSpeak, spokenFor } from '../makers.ts';
import { unanswered } from '../questions.ts';
import { unreplied } from '../unreplied.ts';
import { asked } from './refusals.ts';

type Routes = NonNullable<Module['routes']>;

const ById = exactly({ id: Id });
const Moment = Type.String({ format: 'date-time' });
const Paging = {
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 10 }),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}_[0-9a-f-]{36}$' })),
};
const Unreplied = Type.Object({
  reviews: Type.Array(Type.Intersect([ReviewAnswer, Type.Object({ productId: Id })])),
  cursor: Cursor,
});

const voiceListRoute: Routes = async (app, { db }) => {
  app.get(
    '/brand-voices',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'listBrandVoices',
        summary: 'Which organization speaks for which brand, and which did',
        response: {
          200: Type.Object({
            voices: Type.Array(
              Type.Object({
                id: Id,
                brandId: Id,
                organizationId: Id,
                organization: Type.String(),
                fromAt: Moment,
                untilAt: Type.Union([Moment, Type.Null()]),
              }),
            ),
          }),
          ...problems(...asked),
        },
      },
    },
    async () => ({
      voices: (await brandVoices(db)).map((voice) => ({
        ...voice,
        fromAt: voice.fromAt.toISOString(),
        untilAt: voice.untilAt?.toISOString() ?? null,
      })),
    }),
  );
};

const voiceRoutes: Routes = async (app, { db, now }) => {
  app.put(
    '/brand-voices/:id',
    {
      config: { access: REVIEW_SETTERS },
      schema: {
        operationId: 'letSpeakForBrand',
        params: ById,
        body: exactly({ brandId: Id, organizationId: Id }),
        response: {
          204: Type.Null(),
          ...problems(
            ...asked,
            reviewErrors.not_a_maker,
            reviewErrors.brand_not_found,
            reviewErrors.speaks_already,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => letSpeak(tx, actorOf(viewer), { id, ...body }, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/brand-voices/:id',
    {
      config: { access: REVIEW_SETTERS },
      schema: {
        operationId: 'endBrandVoice',
        summary: 'They say nothing new for the brand; what they said stays',
        params: ById,
        response: { 204: Type.Null(), ...problems(...asked, reviewErrors.voice_not_found) },
      },
    },
    async ({ viewer, params: { id } }, reply) => {
      await inTransaction(db, (tx) => endVoice(tx, actorOf(viewer), id, now()));
      return reply.code(204).send(null);
    },
  );
};

const shopsRoute: Routes = async (app, { db }) => {
  const Period = {
    stars: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    productId: Type.Optional(Id),
    from: Type.Optional(Moment),
    until: Type.Optional(Moment),
  };
  app.get(
    '/unreplied',
    {
      config: { access: SPEAKERS },
      schema: {
        operationId: 'listUnreplied',
        summary: 'Reviews that the shop has not answered, the latest first; filters are for work only',
        querystring: exactly({ ...Paging, ...Period }),
        response: { 200: Unreplied, ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, query: { productId, from, until, ...rest } }) => {
      const { reviews, cursor } = await unreplied(db, memberId, {
        ...rest,
        by: 'retailer',
        productIds: productId === undefined ? undefined : [productId],
        from: from === undefined ? undefined : new Date(from),
        until: until === undefined ? undefined : new Date(until),
      });
      return {
        reviews: reviews.map((each) => ({ ...reviewAnswer(each), productId: each.productId })),
        cursor,
      };
    },
  );
};

const makersRoutes: Routes = async (app, { db, now }) => {
  const productsOf = async (memberId: string) => {
    const brandIds = (await spokenFor(db, memberId, now())).map(({ brandId }) => brandId);
    return brandIds.length > 0 ? productsOfBrands(db, brandIds) : [];
  };
  app.get(
    '/maker/questions',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listUnansweredOfMaker',
        summary:
          'Questions about what the caller speaks for that nobody has answered, the longest waiting first',
        querystring: exactly(Paging),
        response: {
          200: Type.Object({ questions: Type.Array(QuestionAnswer), cursor: Cursor }),
          ...problems(...asked),
        },
      },
    },
    async ({ viewer: { memberId = '' }, query }) => {
      const productIds = await productsOf(memberId);
      const { questions, cursor } = await unanswered(db, memberId, { ...query, productIds });
      return { questions: questions.map(questionAnswer), cursor };
    },
  );

  app.get(
    '/maker/reviews',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'listUnrepliedOfMaker',
        summary: 'Reviews of what the caller speaks for that its maker has not answered, the latest first',
        querystring: exactly(Paging),
        response: { 200: Unreplied, ...problems(...asked) },
      },
    },
    async ({ viewer: { memberId = '' }, query }) => {
      const productIds = await productsOf(memberId);
      const { reviews, cursor } = await unreplied(db, memberId, { ...query, by: 'maker', productIds });
      return {
        reviews: reviews.map((each) => ({ ...reviewAnswer(each), productId: each.productId })),
        cursor,
      };
    },
  );
};

export const makerRoutes: Routes = async (app, deps) => {
  await voiceListRoute(app, deps);
  await voiceRoutes(app, deps);
  await shopsRoute(app, deps);
  await makersRoutes(app, deps);
};
