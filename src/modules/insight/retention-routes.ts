import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { insightErrors } from './errors.ts';
import { freshness } from './freshness.ts';
import { retention } from './retention.ts';
import { AsOf, Code } from './shapes.ts';

const Month = Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$', description: 'A month, like 2026-03' });
const Count = Type.Integer({ minimum: 0 });

/** Whether those who bought come back. */
export const retentionRoutes: NonNullable<Module['routes']> = async (
  app,
  { db, clickhouse, config, now },
) => {
  app.get(
    '/retention',
    {
      config: { access: ['staff', 'scope:insight:read'] },
      schema: {
        operationId: 'listRetention',
        summary: 'Of those who first bought in a month, how many bought in it and in each month after',
        querystring: exactly({ from: Month, to: Month, region: Type.Optional(Code) }),
        response: {
          200: Type.Object({
            cohorts: Type.Array(
              Type.Object({
                month: Month,
                size: Type.Union([Count, Type.Null()], { description: 'Null: that month is not over' }),
                buyers: Type.Array(Type.Union([Count, Type.Null()]), {
                  description: 'By the months since the first one; null: that month is not over',
                }),
              }),
            ),
            months: Type.Array(
              Type.Object({
                buyers: Count,
                of: Count,
                share: Type.Union([Type.Number(), Type.Null()]),
              }),
              { description: 'All cohorts that have come so far: sums, divided last' },
            ),
            asOf: AsOf,
            sql: Type.Object({ text: Type.String(), params: Type.Record(Type.String(), Type.Unknown()) }),
          }),
          ...problems(insightErrors.period_unfit),
        },
      },
    },
    async ({ query }) => {
      // Read first: the figures are then at least as current as it says.
      const { asOf } = await freshness(db);
      const found = await retention(clickhouse, query, { now: now(), timeZone: config.timeZone });
      return { ...found, asOf: asOf.toISOString() };
    },
  );
};
