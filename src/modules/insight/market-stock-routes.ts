import { Type } from 'typebox';
import { locations } from '#modules/inventory/index.ts';
import { regionOfPosition, UNSPECIFIED_REGION } from '#modules/market/index.ts';
import type { Db } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { insightErrors } from './errors.ts';
import { serviceFreshness, stockFreshness } from './freshness.ts';
import { type HomeOf, marketStock } from './market-stock.ts';
import { AsOf, Code, Day, oneOf, Period } from './shapes.ts';

const SHARE = {
  units: Type.Integer({ description: 'Pieces on hand at the end of the period' }),
  valueMinor: Type.Integer({ description: 'What they cost' }),
  valueDays: Type.Integer({ description: 'Stock at cost of each day added up: ÷ days is the average' }),
  shippedUnits: Type.Integer({ description: 'Sent to the market in the 13 weeks' }),
  weeks: Type.Union([Type.Number(), Type.Null()], {
    description: 'How long the pieces last at the pace of the 13 weeks; null where nothing was sent',
  }),
  weeksAhead: Type.Union([Type.Number(), Type.Null()], {
    description:
      'How long they last by the forecast: that pace, week by week as much above or below it as the same weeks of the year before were above or below their own 13. Null beyond 52 weeks',
  }),
};

/** Stock by the markets it serves. */
export const marketStockRoutes: NonNullable<Module['routes']> = async (
  app,
  { db, clickhouse, config, now },
) => {
  app.get(
    '/market-stock',
    {
      config: { access: ['staff', 'scope:insight:read'] },
      schema: {
        operationId: 'readMarketStock',
        summary: 'Stock by the markets it serves, as each location sent goods to them in the 13 weeks before',
        querystring: exactly({
          from: Day,
          to: Day,
          currency: Currency,
          by: Type.Optional(oneOf(['region', 'area'])),
          region: Type.Optional(Code),
        }),
        response: {
          200: Type.Object({
            shippedIn: Period,
            days: Type.Integer({ description: 'Of the period, that have begun' }),
            rows: Type.Array(Type.Object({ region: Type.String(), ...SHARE })),
            locations: Type.Array(Type.Object({ locationId: Id, ...SHARE }), {
              description: 'Where the stock of the region lies; none when no region is asked for',
            }),
            total: Type.Object(SHARE),
            asOf: AsOf,
            isBehind: Type.Boolean(),
            sql: Type.Array(
              Type.Object({ text: Type.String(), params: Type.Record(Type.String(), Type.Unknown()) }),
            ),
          }),
          ...problems(insightErrors.period_unfit, insightErrors.answer_too_large),
        },
      },
    },
    async ({ query: { by = 'region', ...question } }) => {
      // Read first: the figures are then at least as current as it says.
      const [stock, service] = await Promise.all([stockFreshness(db), serviceFreshness(db)]);
      const clock = { now: now(), timeZone: config.timeZone };
      const found = await marketStock(clickhouse, { ...question, by }, clock, homes(db));
      const asOf = stock.asOf < service.asOf ? stock.asOf : service.asOf;
      return { ...found, asOf: asOf.toISOString(), isBehind: stock.behind || service.behind };
    },
  );
};

/** Where locations lie, asked for once and only when one of them has sent nothing. */
export function homes(db: Db): HomeOf {
  let known: ReturnType<typeof locations> | undefined;
  return async (locationId) => {
    known ??= locations(db);
    const place = (await known).find(({ id }) => id === locationId);
    return place ? regionOfPosition(db, place.countryCode, place) : UNSPECIFIED_REGION;
  };
}
