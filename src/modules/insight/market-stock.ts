import type { ClickHouseClient } from '@clickhouse/client';
import { splitByWeight } from '#platform/money.ts';
import { answer } from './answers.ts';
import type { Asked } from './funnel.ts';
import { businessDayAt, type Period, shiftDay } from './periods.ts';
import type { Clock } from './questions.ts';
import { seasonAhead, weeksOfSupply } from './weeks-of-supply.ts';
import { SHIPPED_DAYS } from './stock-facts.ts';

const DAYS = SHIPPED_DAYS;
const WEEKS = DAYS / 7;
const LENGTH_OF_COUNTRY = 2;
const INSIDE_A_COUNTRY = /^[A-Z]{2}-/;

export interface MarketStockQuestion extends Period {
  /** The marketplace's own: what stock costs is kept in it. */
  currency: string;
  by: 'region' | 'area';
  /** A region with all that lies in it, told by location too. */
  region?: string | undefined;
}

/** What stands ready for a market. Each figure adds up over markets, and over the locations of one; weeks are divided last. */
export interface MarketShare {
  /** On hand at the end of the last day of the period that has begun. */
  units: number;
  valueMinor: number;
  /** Stock at cost of each day, added up: divided by the days of the answer it is the average. */
  valueDays: number;
  /** What was sent to the market in the 13 weeks. */
  shippedUnits: number;
  /** How long the units last at the pace of the 13 weeks; null where nothing was sent. */
  weeks: number | null;
  /** How long they last by the forecast: that pace, as the weeks of a year ago rose and fell. Null beyond 52 weeks. */
  weeksAhead: number | null;
}
export type MarketStockRow = MarketShare & { region: string };
export type LocationStockRow = MarketShare & { locationId: string };

export interface MarketStockAnswer {
  /** Of the shipments that stock is shared by. */
  shippedIn: Period;
  /** That have begun: what valueDays are divided by. None: the period has not begun, and nothing is known. */
  days: number;
  rows: MarketStockRow[];
  /** Of the region that was asked for: what of its stock lies where. */
  locations: LocationStockRow[];
  total: MarketShare;
  sql: Asked[];
}

/** The region that a location lies in itself: it serves that one while it has sent nothing. */
export type HomeOf = (locationId: string) => Promise<string>;

interface Portion extends Omit<MarketShare, 'weeks' | 'weeksAhead'> {
  region: string;
  locationId: string;
}

/**
 * Stock by the markets it serves: a location's stock is shared among regions by the units it sent to each in the 13
 * weeks up to the end of the period. Whole pieces and minor units, so that the markets add up to what is there.
 */
export async function marketStock(
  clickhouse: ClickHouseClient,
  question: MarketStockQuestion,
  clock: Clock,
  homeOf: HomeOf,
): Promise<MarketStockAnswer> {
  const { from, to, currency, by, region } = question;
  const today = businessDayAt(clock.now, clock.timeZone);
  const closes = today < to ? today : to;
  const shippedIn = { from: shiftDay(closes, 1 - DAYS), to: closes };
  const metrics = ['stock_units', 'stock_value', 'average_stock_value'] as const;
  const [stock, shipped, season] = await Promise.all([
    answer(clickhouse, { from, to, currency, by: ['location'], metrics }, clock),
    shippedUnits(clickhouse, shippedIn),
    seasonAhead(clickhouse, closes),
  ]);
  const days = Math.max(0, stock.total.figures.average_stock_value?.denominator ?? 0);
  const held = new Map(days > 0 ? stock.rows.map(({ keys, figures }) => [keys.location ?? '', figures]) : []);
  const portions: Portion[] = [];
  // A location that has sent all it had serves markets too: with nothing, but at a pace.
  for (const locationId of days > 0 ? new Set([...held.keys(), ...shipped.units.keys()]) : []) {
    const figures = held.get(locationId);
    const sent = shipped.units.get(locationId) ?? [{ region: await homeOf(locationId), units: 0 }];
    const weights = sent.map(({ units }) => units);
    const parts = [
      shared(figures?.stock_units?.value ?? 0, weights),
      shared(figures?.stock_value?.value ?? 0, weights),
      shared(figures?.average_stock_value?.numerator ?? 0, weights),
    ];
    for (const [index, each] of sent.entries()) {
      const [units = 0, valueMinor = 0, valueDays = 0] = parts.map((part) => part[index]);
      portions.push({
        region: each.region,
        locationId,
        units,
        valueMinor,
        valueDays,
        shippedUnits: each.units,
      });
    }
  }
  const within = portions.filter((each) => region === undefined || isWithin(each.region, region));
  const keyOf = (code: string) => (by === 'region' ? countryOf(code) : code);
  return {
    shippedIn,
    days,
    rows: summed(within, season.weeks, (each) => keyOf(each.region)).map(([key, share]) => ({
      region: key,
      ...share,
    })),
    locations:
      region === undefined
        ? []
        : summed(within, season.weeks, (each) => each.locationId).map(([locationId, share]) => ({
            locationId,
            ...share,
          })),
    total: shareOf(within, season.weeks),
    sql: [...stock.sql.map(({ text, params }) => ({ text, params })), shipped.sql, season.sql],
  };
}

/** A part of an order counts on the day it left; what is carried out of a store or collected there left with its buyer. */
async function shippedUnits(clickhouse: ClickHouseClient, { from, to }: Period) {
  const params = { from, to };
  const text = `SELECT toString(location_id) AS location, region, toInt64(sum(remaining)) AS units
FROM service_entry FINAL
WHERE NOT is_void AND is_gone AND gone_day BETWEEN {from:Date32} AND {to:Date32}
GROUP BY location, region HAVING units > 0 ORDER BY location, region`;
  const found = await clickhouse.query({ query: text, query_params: params, format: 'JSONEachRow' });
  const units = new Map<string, { region: string; units: number }[]>();
  for (const each of await found.json<{ location: string; region: string; units: number | string }>()) {
    const of = units.get(each.location) ?? [];
    of.push({ region: each.region, units: Number(each.units) });
    units.set(each.location, of);
  }
  return { units, sql: { text, params } };
}

/** What was corrected below nothing is shared by the same rule. */
const shared = (amount: number, weights: readonly number[]): number[] =>
  amount < 0 ? splitByWeight(-amount, weights).map((part) => 0 - part) : splitByWeight(amount, weights);

const countryOf = (region: string): string =>
  INSIDE_A_COUNTRY.test(region) ? region.slice(0, LENGTH_OF_COUNTRY) : region;
const isWithin = (code: string, region: string): boolean => code === region || code.startsWith(`${region}-`);

function summed(
  portions: readonly Portion[],
  season: readonly number[],
  keyOf: (portion: Portion) => string,
): [string, MarketShare][] {
  const groups = Map.groupBy(portions, keyOf);
  return [...groups]
    .map(([key, group]): [string, MarketShare] => [key, shareOf(group, season)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function shareOf(portions: readonly Portion[], season: readonly number[]): MarketShare {
  const sum = (of: (portion: Portion) => number) => portions.reduce((all, each) => all + of(each), 0);
  const [units, shipped] = [sum((each) => each.units), sum((each) => each.shippedUnits)];
  return {
    units,
    valueMinor: sum((each) => each.valueMinor),
    valueDays: sum((each) => each.valueDays),
    shippedUnits: shipped,
    weeks: shipped > 0 ? (units * WEEKS) / shipped : null,
    weeksAhead: weeksOfSupply(units, shipped / WEEKS, season),
  };
}
