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

const OrNull = Type.Union([Type.Number(), Type.Null()]);
const Driver = Type.Object({
  key: Type.String(),
  isRest: Type.Optional(Type.Literal(true)),
  now: OrNull,
  before: OrNull,
  change: Type.Number(),
  mix: Type.Optional(Type.Number({ description: 'Of a ratio: for its share of what is divided by' })),
  rate: Type.Optional(Type.Number({ description: 'Of a ratio: for its own ratio' })),
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
          'What a change is made of, the largest parts first and all others in one row: they add up to it. Of a ratio each part is a mix and a rate, and there are none where a period had nothing to divide by.',
        body: Question,
        response: {
          200: Type.Object({
            definition: Definition,
            dimension: DimensionName,
            title: Type.String(),
            change: OrNull,
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
