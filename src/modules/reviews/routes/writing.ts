import { Type } from 'typebox';
import { identityErrors, knownCustomerOf } from '#modules/identity/index.ts';
import { mayDo, ownProfile, socialErrors } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { reviewErrors } from '../errors.ts';
import {
  BODY_MAX,
  changeReview,
  deleteReview,
  REVIEW_PHOTOS_MAX,
  TITLE_MAX,
  writeReview,
} from '../review.ts';
import { castVote } from '../votes.ts';
import { asked } from './refusals.ts';

type Routes = NonNullable<Module['routes']>;

const member = { config: { access: 'member' } } as const;
const ById = exactly({ id: Id });
const Code = '^[a-z0-9]+(_[a-z0-9]+)*$';
const marks = <Value extends ReturnType<typeof Type.Integer> | ReturnType<typeof Type.String>>(
  value: Value,
) => Type.Optional(Type.Record(Type.String({ pattern: Code }), value, { maxProperties: 20 }));
const Stars = Type.Integer({ minimum: 1, maximum: 5 });
const Words = {
  rating: Stars,
  title: Type.Optional(Type.String({ maxLength: TITLE_MAX })),
  body: Type.Optional(Type.String({ maxLength: BODY_MAX })),
  dimensions: marks(Type.Integer({ minimum: 1, maximum: 5 })),
  traits: marks(Type.String({ maxLength: 60 })),
  photoIds: Type.Optional(Type.Array(Id, { maxItems: REVIEW_PHOTOS_MAX, uniqueItems: true })),
};
const EMPTY = { title: '', body: '', dimensions: {}, traits: {}, photoIds: [] };
const refusals = [
  ...asked,
  identityErrors.too_many_attempts,
  socialErrors.photo_not_found,
  socialErrors.words_missing,
  reviewErrors.mark_unknown,
  reviewErrors.product_not_found,
] as const;

const reviewRoutes: Routes = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/reviews/:id',
    {
      ...member,
      schema: {
        operationId: 'writeReview',
        summary: 'Verified where the caller has it from here and has said nothing of it yet',
        params: ById,
        body: exactly({ productId: Id, ...Words }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            ...refusals,
            socialErrors.piece_differs,
            reviewErrors.already_reviewed,
            reviewErrors.only_buyers,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '', name = '' }, params: { id }, body }) => {
      await mayDo(deps, memberId, 'review');
      await inTransaction(db, async (tx) => {
        await ownProfile(tx, memberId, name, now());
        const author = { memberId, customerId: await knownCustomerOf(tx, memberId) };
        await writeReview(tx, author, { ...EMPTY, ...body, id }, now());
      });
      return { id };
    },
  );

  app.patch(
    '/reviews/:id',
    {
      ...member,
      schema: {
        operationId: 'changeReview',
        params: ById,
        body: exactly(Words),
        response: { 204: Type.Null(), ...problems(...refusals, reviewErrors.review_not_found) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body }, reply) => {
      await mayDo(deps, memberId, 'review');
      const author = { memberId, customerId: undefined };
      await inTransaction(db, (tx) => changeReview(tx, author, id, { ...EMPTY, ...body }, now()));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/reviews/:id',
    {
      ...member,
      schema: {
        operationId: 'deleteReview',
        params: ById,
        response: { 204: Type.Null(), ...problems(...asked, reviewErrors.review_not_found) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => deleteReview(tx, { memberId, customerId: undefined }, id));
      return reply.code(204).send(null);
    },
  );
};

const voteRoutes: Routes = async (app, deps) => {
  app.put(
    '/votes/:id',
    {
      ...member,
      schema: {
        operationId: 'voteOnWords',
        summary: 'Says whether a review or an answer helped; null takes it back',
        params: ById,
        body: exactly({ isHelpful: Type.Union([Type.Boolean(), Type.Null()]) }),
        response: {
          204: Type.Null(),
          ...problems(
            ...asked,
            identityErrors.too_many_attempts,
            socialErrors.piece_not_found,
            reviewErrors.not_votable,
            reviewErrors.own_words,
          ),
        },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id }, body: { isHelpful } }, reply) => {
      await castVote(deps, { memberId }, id, isHelpful);
      return reply.code(204).send(null);
    },
  );
};

export const writingRoutes: Routes = async (app, deps) => {
  await reviewRoutes(app, deps);
  await voteRoutes(app, deps);
};
