import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { insightErrors } from './errors.ts';
import { freshness } from './freshness.ts';
import { BRIDGE, METRIC_NAMES, metricOf } from './metrics.ts';
import { assertFit, DIMENSION_NAMES, salesBy } from './sales.ts';

const ACCESS = ['staff', 'scope:insight:read'] as const;
const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>({ type: 'string', enum: [...names] });
const MetricName = oneOf(METRIC_NAMES);
const Day = Type.String({ format: 'date', description: 'A business day, in the retailer’s time zone' });
const Period = Type.Object({ from: Day, to: Day });
const Code = Type.String({ minLength: 1, maxLength: 60 });

const Definition = Type.Object({
  name: MetricName,
  title: Type.String(),
  definition: Type.String(),
  formula: Type.String(),
  unit: oneOf(['money', 'count']),
  kind: oneOf(['additive', 'ratio']),
});

const Sign = Type.Union([Type.Literal(1), Type.Literal(-1)]);

const Figure = Type.Object({
  value: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Money is in minor units. Null: the day has not begun, or a ratio over nothing.',
  }),
  numerator: Type.Optional(Type.Integer()),
  denominator: Type.Optional(Type.Integer()),
});
const Figures = Type.Record(Type.String(), Figure, { description: 'By the metric’s name' });
const Row = Type.Object({ key: Type.String(), figures: Figures, before: Type.Optional(Figures) });

const Question = exactly({
  by: Type.Optional(oneOf(DIMENSION_NAMES)),
  from: Day,
  to: Day,
  currency: Currency,
  metric: Type.Optional(
    Type.Array(MetricName, { maxItems: METRIC_NAMES.length, description: 'All of them when none is named' }),
  ),
  region: Type.Optional(Code),
  touchpoint: Type.Optional(Code),
  source: Type.Optional(Code),
  compare: Type.Optional(Type.Boolean({ description: 'With the period of the same length before' })),
});

const Answer = Type.Object({
  currency: Currency,
  period: Period,
  periodBefore: Type.Optional(Period),
  today: Type.Optional(Day),
  asOf: Type.String({ format: 'date-time', description: 'All that was committed before is in the figures' }),
  rows: Type.Array(Row),
  total: Row,
});

export const routes: NonNullable<Module['routes']> = async (app, { db, clickhouse, config, now }) => {
  app.get(
    '/metrics',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listMetrics',
        response: {
          200: Type.Object({
            metrics: Type.Array(Definition),
            bridge: Type.Array(
              Type.Object({ metric: MetricName, sign: Sign, sum: Type.Optional(Type.Boolean()) }),
            ),
          }),
        },
      },
    },
    async () => ({
      metrics: METRIC_NAMES.map((name) => ({ name, ...metricOf(name) })),
      bridge: [...BRIDGE],
    }),
  );

  app.get(
    '/sales',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'readSales',
        querystring: Question,
        response: { 200: Answer, ...problems(insightErrors.period_unfit) },
      },
    },
    async ({ query: { by = 'none', metric = METRIC_NAMES, ...question } }) => {
      assertFit(question);
      // Read first: the figures are then at least as current as it says.
      const { asOf } = await freshness(db);
      const clock = { now: now(), timeZone: config.timeZone };
      const answer = await salesBy(clickhouse, { ...question, by, metrics: metric }, clock);
      return { ...answer, asOf: asOf.toISOString() };
    },
  );
};
