import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { driversOf } from './drivers.ts';
import { insightErrors } from './errors.ts';
import { definitionOf } from './metrics.ts';
import { Days, Filters } from './query-routes.ts';
import { Day, Definition, DimensionName, MetricName, oneOf } from './shapes.ts';

const ACCESS = ['staff', 'scope:insight:read'] as const;
const MOST_MAX = 100;
const MOST_USUAL = 10;

const Question = exactly({
  metric: MetricName,
  dimension: DimensionName,
  from: Day,
  to: Day,
  currency: Currency,
  filters: Type.Optional(Filters),
  against: Type.Optional(Type.Union([oneOf(['previous', 'year']), Days])),
  most: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_MAX })),
});

const Driver = Type.Object({
  key: Type.String(),
  isRest: Type.Optional(Type.Literal(true)),
  now: Type.Number(),
  before: Type.Number(),
  change: Type.Number(),
});

/** Why a figure is another than before. */
export const driverRoutes: NonNullable<Module['routes']> = async (app, { clickhouse, config, now }) => {
  app.post(
    '/drivers',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'driversOfMetric',
        description:
          'What a change is made of, the largest parts first and all others in one row: they add up to it. A figure that is divided has none.',
        body: Question,
        response: {
          200: Type.Object({
            definition: Definition,
            dimension: DimensionName,
            title: Type.String(),
            change: Type.Number(),
            rows: Type.Array(Driver),
          }),
          ...problems(
            insightErrors.period_unfit,
            insightErrors.dimension_unfit,
            insightErrors.question_unfit,
            insightErrors.answer_too_large,
          ),
        },
      },
    },
    async ({ body: { against = 'previous', most = MOST_USUAL, ...question } }) => {
      const clock = { now: now(), timeZone: config.timeZone };
      const found = await driversOf(clickhouse, { ...question, most }, against, clock);
      return { ...found, definition: definitionOf(question.metric) };
    },
  );
};
