import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { SATISFACTION_SETTERS } from './access.ts';
import { answerQuestion, WORDS_MAX } from './answers.ts';
import { contactRateRoutes } from './contact-rate-routes.ts';
import { contactRoutes } from './contact-routes.ts';
import { satisfactionErrors } from './errors.ts';
import { letterRoutes } from './letter-routes.ts';
import { FIGURE_KEYS, satisfactionBy, satisfactionConsistency } from './figures.ts';
import { TOKEN_LENGTH } from './links.ts';
import { startOccasion } from './questions.ts';
import {
  changeSettings,
  CHANGE_DAYS_MAX,
  MAILS_AFTER_HOURS_MAX,
  OPEN_DAYS_MAX,
  REST_DAYS_MAX,
  rules,
  setRule,
  settings,
} from './rules.ts';
import { OCCASIONS, SCALES } from './scales.ts';

type Routes = NonNullable<Module['routes']>;

const READERS = ['staff', 'scope:insight:read'] as const;
const Occasion = Type.Enum([...OCCASIONS]);
const days = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
const Rule = {
  scale: Type.Enum([...SCALES]),
  mailsAfterHours: days(0, MAILS_AFTER_HOURS_MAX),
  mailedPercent: Type.Integer({ minimum: 0, maximum: 100, description: 'Of so many a mail, by lot' }),
};
const Settings = {
  restDays: days(0, REST_DAYS_MAX),
  openDays: days(1, OPEN_DAYS_MAX),
  changeDays: days(0, CHANGE_DAYS_MAX),
};
const OrNull = Type.Union([Type.Number(), Type.Null()]);
const Csat = Type.Object({
  n: Type.Integer(),
  content: Type.Integer(),
  value: OrNull,
  standardError: OrNull,
  isSmall: Type.Boolean(),
});
const Nps = Type.Object({
  n: Type.Integer(),
  promoters: Type.Integer(),
  detractors: Type.Integer(),
  value: OrNull,
  standardError: OrNull,
  isSmall: Type.Boolean(),
});
const Row = Type.Object({
  key: Type.String(),
  owed: Type.Integer(),
  mailed: Type.Integer(),
  answered: Type.Integer(),
  csat: Csat,
  nps: Nps,
});
const Consistency = Type.Object({
  value: OrNull,
  mean: OrNull,
  n: Type.Integer(),
  touchpoints: Type.Array(
    Type.Object({
      touchpoint: Type.String(),
      n: Type.Integer(),
      score: Type.Number(),
      shrunk: Type.Number(),
      isSmall: Type.Boolean(),
    }),
  ),
  worst: Type.Union([Type.Object({ touchpoint: Type.String(), gap: Type.Number() }), Type.Null()]),
  test: Type.Union([
    Type.Object({ chiSquared: Type.Number(), degrees: Type.Integer(), p: OrNull }),
    Type.Null(),
  ]),
});
const Day = Type.String({ format: 'date', description: 'Of the occasion, in the retailer’s time zone' });
const Period = {
  from: Day,
  to: Day,
  occasion: Type.Optional(Occasion),
  region: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
  store: Type.Optional(Id),
};
const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;

export const routes: Routes = async (app, deps) => {
  await figureRoutes(app, deps);
  await settingRoutes(app, deps);
  await askingRoutes(app, deps);
  await contactRoutes(app, deps);
  await contactRateRoutes(app, deps);
  await letterRoutes(app, deps);
};

const figureRoutes: Routes = async (app, { reads, config }) => {
  app.get(
    '/figures',
    {
      config: { access: READERS },
      schema: {
        operationId: 'satisfactionFigures',
        summary: 'CSAT and NPS with their standard errors, by one key',
        querystring: exactly({ ...Period, by: Type.Enum([...FIGURE_KEYS], { default: 'none' }) }),
        response: { 200: Type.Object({ rows: Type.Array(Row), total: Row }), ...problems(...asked) },
      },
    },
    ({ query: { by, ...question } }) => satisfactionBy(reads, question, by, config.timeZone),
  );

  app.get(
    '/consistency',
    {
      config: { access: READERS },
      schema: {
        operationId: 'satisfactionConsistency',
        summary: 'How alike the touch points are, the worst gap, and whether it may be chance',
        querystring: exactly(Period),
        response: { 200: Type.Object({ csat: Consistency, nps: Consistency }), ...problems(...asked) },
      },
    },
    ({ query }) => satisfactionConsistency(reads, query, config.timeZone),
  );
};

const settingRoutes: Routes = async (app, { db }) => {
  app.get(
    '/rules',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'satisfactionRules',
        response: {
          200: Type.Object({
            rules: Type.Array(Type.Object({ occasion: Occasion, ...Rule })),
            settings: Type.Object(Settings),
          }),
          ...problems(...asked),
        },
      },
    },
    async () => ({ rules: await rules(db), settings: await settings(db) }),
  );

  app.put(
    '/rules/:occasion',
    {
      config: { access: SATISFACTION_SETTERS },
      schema: {
        operationId: 'putSatisfactionRule',
        params: exactly({ occasion: Occasion }),
        body: exactly(Rule),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer, params: { occasion }, body }, reply) => {
      await inTransaction(db, (tx) => setRule(tx, actorOf(viewer), { occasion, ...body }));
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/settings',
    {
      config: { access: SATISFACTION_SETTERS },
      schema: {
        operationId: 'putSatisfactionSettings',
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

const askingRoutes: Routes = async (app, deps) => {
  app.put(
    '/questions/:id',
    {
      config: { access: ['staff:service', 'scope:orders:write'] },
      schema: {
        operationId: 'oweSatisfactionQuestion',
        summary:
          'An occasion that another system knows of, a case above all; the same id is the same question',
        params: exactly({ id: Id }),
        body: exactly({
          occasion: Occasion,
          orderId: Type.Optional(Id),
          touchpoint: Type.Optional(Type.String({ pattern: '^[a-z]+(:[a-z0-9-]{1,40})?$', maxLength: 60 })),
          regionCode: Type.Optional(Type.String({ maxLength: 20 })),
          locationId: Type.Optional(Id),
          occurredAt: Type.String({ format: 'date-time' }),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(...asked, satisfactionErrors.order_unknown, satisfactionErrors.question_differs),
        },
      },
    },
    async ({ params: { id }, body }) => {
      const { orderId = null, locationId = null, occurredAt, ...rest } = body;
      const wish = { id, orderId, locationId, occurredAt: new Date(occurredAt), ...rest };
      await inTransaction(deps.db, (tx) => startOccasion(tx, wish));
      return { id };
    },
  );

  app.put(
    '/answers/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'answerSatisfactionQuestion',
        summary: 'By the token of a link. Another id changes the answer, for some days',
        params: exactly({ id: Id }),
        body: exactly({
          token: Type.String({ maxLength: TOKEN_LENGTH }),
          score: Type.Integer({ minimum: 0, maximum: 10 }),
          words: Type.Optional(Type.String({ maxLength: WORDS_MAX })),
        }),
        response: {
          200: Type.Object({ id: Id }),
          ...problems(
            satisfactionErrors.link_unknown,
            satisfactionErrors.question_not_found,
            satisfactionErrors.score_off_scale,
            satisfactionErrors.answer_differs,
            satisfactionErrors.question_over,
            satisfactionErrors.answer_final,
          ),
        },
      },
    },
    async ({ params: { id }, body: { token, score, words = '' } }) => {
      await answerQuestion(deps, token, { id, score, words });
      return { id };
    },
  );
};
