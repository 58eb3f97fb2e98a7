import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { customerRoutes } from './customers-routes.ts';
import { funnelRoutes } from './funnel-routes.ts';
import { insightErrors } from './errors.ts';
import { freshness } from './freshness.ts';
import { BRIDGE, definitionOf, METRIC_NAMES, SALE_METRIC_NAMES } from './metrics.ts';
import { marketStockRoutes } from './market-stock-routes.ts';
import { retentionRoutes } from './retention-routes.ts';
import { queryRoutes } from './query-routes.ts';
import { assertFit } from './questions.ts';
import { SALES_BY, salesBy } from './sales.ts';
import { driverRoutes } from './driver-routes.ts';
import { viewRoutes } from './view-routes.ts';
import { Answer, Code, Day, Definition, MetricName, oneOf, SaleMetricName } from './shapes.ts';

const ACCESS = ['staff', 'scope:insight:read'] as const;
const Sign = Type.Union([Type.Literal(1), Type.Literal(-1)]);

const Question = exactly({
  by: Type.Optional(oneOf(SALES_BY)),
  from: Day,
  to: Day,
  currency: Currency,
  metric: Type.Optional(
    Type.Array(SaleMetricName, {
      maxItems: SALE_METRIC_NAMES.length,
      description: 'All of them when none is named',
    }),
  ),
  region: Type.Optional(Code),
  touchpoint: Type.Optional(Code),
  source: Type.Optional(Code),
  compare: Type.Optional(Type.Boolean({ description: 'With the period of the same length before' })),
});

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, clickhouse, config, now } = deps;
  await app.register(queryRoutes, { ...deps, prefix: '' });
  await app.register(driverRoutes, { ...deps, prefix: '' });
  await app.register(viewRoutes, { ...deps, prefix: '' });
  await app.register(customerRoutes, { ...deps, prefix: '' });
  await app.register(funnelRoutes, { ...deps, prefix: '' });
  await app.register(retentionRoutes, { ...deps, prefix: '' });
  await app.register(marketStockRoutes, { ...deps, prefix: '' });

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
      metrics: METRIC_NAMES.map(definitionOf),
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
    async ({ query: { by = 'none', metric = SALE_METRIC_NAMES, ...question } }) => {
      assertFit(question);
      // Read first: the figures are then at least as current as it says.
      const { asOf } = await freshness(db);
      const clock = { now: now(), timeZone: config.timeZone };
      const answer = await salesBy(clickhouse, { ...question, by, metrics: metric }, clock);
      return { ...answer, asOf: asOf.toISOString() };
    },
  );
};
