import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { REVIEW_SETTERS } from '../access.ts';
import { ASPECT_OPTIONS_MAX, ASPECT_WORDS_MAX, aspects, dropAspect, putAspect } from '../aspects.ts';
import { reviewErrors } from '../errors.ts';
import { requestFigures } from '../requests.ts';
import {
  ASKS_AFTER_DAYS_MAX,
  changeSettings,
  INCENTIVE_NOTE_MAX,
  INCENTIVES,
  settings,
} from '../settings.ts';
import { asked } from './refusals.ts';

type Routes = NonNullable<Module['routes']>;

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
  asksAfterDays: Type.Union([Type.Integer({ minimum: 0, maximum: ASKS_AFTER_DAYS_MAX }), Type.Null()]),
  incentive: Type.Union([Type.Enum(INCENTIVES), Type.Null()]),
  incentiveNote: Type.String({ maxLength: INCENTIVE_NOTE_MAX }),
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
    async ({ viewer, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => putAspect(tx, actorOf(viewer), { id, ...body }));
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
    async ({ viewer, params: { id } }, reply) => {
      await inTransaction(db, (tx) => dropAspect(tx, actorOf(viewer), id));
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
    async ({ viewer, body }, reply) => {
      await inTransaction(db, (tx) => changeSettings(tx, actorOf(viewer), body));
      return reply.code(204).send(null);
    },
  );
};

const figureRoutes: Routes = async (app, { db }) => {
  const Moment = Type.String({ format: 'date-time' });
  app.get(
    '/figures',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'getReviewFigures',
        summary: 'How many orders of a period were asked for reviews by mail, and how many of them wrote',
        querystring: exactly({ from: Moment, until: Moment }),
        response: {
          200: Type.Object({ asked: Type.Integer(), wrote: Type.Integer() }),
          ...problems(...asked),
        },
      },
    },
    ({ query: { from, until } }) => requestFigures(db, new Date(from), new Date(until)),
  );
};

export const aspectRoutes: Routes = async (app, deps) => {
  await askedRoutes(app, deps);
  await settingRoutes(app, deps);
  await figureRoutes(app, deps);
};
