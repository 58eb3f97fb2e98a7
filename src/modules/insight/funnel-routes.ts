import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { streamFreshness } from '../collector/index.ts';
import { coPurchases } from './co-purchases.ts';
import { insightErrors } from './errors.ts';
import { freshness } from './freshness.ts';
import { funnel } from './funnel.ts';
import { AsOf, Code, Day } from './shapes.ts';

const ACCESS = ['staff', 'scope:insight:read'] as const;
const TOP_MAX = 200;
const TOP_USUAL = 20;

const Persons = Type.Array(Type.Integer(), { description: 'How many came to each step' });
const Asked = Type.Object({ text: Type.String(), params: Type.Record(Type.String(), Type.Unknown()) });

type Routes = NonNullable<Module['routes']>;

/** What people did one after the other, and what they bought together. */
export const funnelRoutes: Routes = async (app, deps) => {
  await stepRoutes(app, deps);
  await basketRoutes(app, deps);
};

const stepRoutes: Routes = async (app, { db, clickhouse, config, now }) => {
  app.post(
    '/funnel',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'queryFunnel',
        summary: 'How many people came from step to step within a window, by the region of the market',
        body: exactly({
          steps: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
            minItems: 1,
            maxItems: 10,
            uniqueItems: true,
            description: 'Names of events',
          }),
          windowHours: Type.Integer({ minimum: 1, maximum: 2_160 }),
          from: Day,
          to: Day,
        }),
        response: {
          200: Type.Object({
            rows: Type.Array(Type.Object({ region: Type.String(), persons: Persons })),
            total: Persons,
            isOpen: Type.Boolean({ description: 'Somebody of the period still has time for a step' }),
            asOf: AsOf,
            isBehind: Type.Boolean(),
            sql: Asked,
          }),
          ...problems(insightErrors.period_unfit, insightErrors.question_unfit),
        },
      },
    },
    async ({ body }) => {
      // Read first: the figures are then at least as current as it says.
      const { asOf, isBehind } = await streamFreshness(db);
      const found = await funnel(clickhouse, body, { now: now(), timeZone: config.timeZone });
      return { ...found, asOf: asOf.toISOString(), isBehind };
    },
  );
};

const basketRoutes: Routes = async (app, { db, clickhouse }) => {
  app.get(
    '/co-purchases',
    {
      config: { access: ACCESS },
      schema: {
        operationId: 'listCoPurchases',
        summary: 'Products of the same orders, those that meet most often first',
        querystring: exactly({
          from: Day,
          to: Day,
          product: Type.Optional(Id),
          region: Type.Optional(Code),
          top: Type.Optional(Type.Integer({ minimum: 1, maximum: TOP_MAX })),
        }),
        response: {
          200: Type.Object({
            orders: Type.Integer({ description: 'All orders of the period that have a product' }),
            rows: Type.Array(
              Type.Object({
                productId: Id,
                otherId: Id,
                orders: Type.Integer({ description: 'With both' }),
                ordersOfProduct: Type.Integer(),
                ordersOfOther: Type.Integer(),
                lift: Type.Number({ description: 'Above 1: they meet more often than by chance' }),
              }),
            ),
            asOf: AsOf,
            sql: Asked,
          }),
          ...problems(insightErrors.period_unfit),
        },
      },
    },
    async ({ query: { product, top = TOP_USUAL, ...question } }) => {
      const { asOf } = await freshness(db);
      const found = await coPurchases(clickhouse, { ...question, productId: product, top });
      return { ...found, asOf: asOf.toISOString() };
    },
  );
};
