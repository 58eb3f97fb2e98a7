import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { REVIEW_SETTERS } from '../access.ts';
import { ASPECT_OPTIONS_MAX, ASPECT_WORDS_MAX, aspects, dropAspect, putAspect } from '../aspects.ts';
import { reviewErrors } from '../errors.ts';
import { changeSettings, INCENTIVES, settings } from '../settings.ts';

type Routes = NonNullable<Module['routes']>;

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const ById = exactly({ id: Id });
const Words = Type.String({ minLength: 1, maxLength: ASPECT_WORDS_MAX });
const Asked = {
  categoryId: Type.Union([Id, Type.Null()], { description: 'null: of every product' }),
  kind: Type.Enum(['dimension', 'trait']),
  code: Type.String({ pattern: '^[a-z0-9]+(_[a-z0-9]+)*$', maxLength: 40 }),
  name: Words,
  options: Type.Array(Words, { minItems: 2, maxItems: ASPECT_OPTIONS_MAX }),
  position: Type.Integer({ minimum: 0, maximum: 1000 }),
};
const Settings = {
  takesUnverified: Type.Boolean(),
  asksAfterDays: Type.Union([Type.Integer({ minimum: 0, maximum: 180 }), Type.Null()]),
  incentive: Type.Union([Type.Enum(INCENTIVES), Type.Null()]),
};

const askedRoutes: Routes = async (app, { db }) => {
  app.get(
    '/aspects',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'listAspects',
        response: {
          200: Type.Object({ aspects: Type.Array(Type.Object({ id: Id, ...Asked })) }),
          ...problems(...asked),
        },
      },
    },
    async () => ({ aspects: await aspects(db) }),
  );

  app.put(
    '/aspects/:id',
    {
      config: { access: REVIEW_SETTERS },
      schema: {
        operationId: 'putAspect',
        summary: 'What reviews of a category’s products are asked beside stars and words',
        params: ById,
        body: exactly(Asked),
        response: {
          204: Type.Null(),
          ...problems(...asked, reviewErrors.aspect_invalid, reviewErrors.aspect_taken),
        },
      },
    },
    async ({ params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => putAspect(tx, { id, ...body }));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/aspects/:id',
    {
      config: { access: REVIEW_SETTERS },
      schema: {
        operationId: 'dropAspect',
        params: ById,
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ params: { id } }, reply) => {
      await inTransaction(db, (tx) => dropAspect(tx, id));
      return reply.code(204).send(null);
    },
  );
};

const settingRoutes: Routes = async (app, { db }) => {
  app.get(
    '/settings',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'getReviewSettings',
        response: { 200: Type.Object(Settings), ...problems(...asked) },
      },
    },
    () => settings(db),
  );

  app.put(
    '/settings',
    {
      config: { access: REVIEW_SETTERS },
      schema: {
        operationId: 'changeReviewSettings',
        body: exactly(Settings),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ body }, reply) => {
      await inTransaction(db, (tx) => changeSettings(tx, body));
      return reply.code(204).send(null);
    },
  );
};

export const aspectRoutes: Routes = async (app, deps) => {
  await askedRoutes(app, deps);
  await settingRoutes(app, deps);
};
