import type { ClickHouseClient } from '@clickhouse/client';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { amountsAsked, type PricedVariant, pricedVariants } from '#read/priced-variants.ts';
import { WORLD } from './modules/catalog/index.ts';
import { type PricedThing, type PriceLook, writePriceChanges } from './modules/guidance/index.ts';
import { answer, businessDayAt, type Clock, shiftDay } from './modules/insight/index.ts';

export const PROPOSE_PRICES = 'guidance.propose_prices';
const WEEKS = 52;
const VARIANTS_MOST = 400;
/** Of so many at a time all weeks in all countries are asked for. */
const VARIANTS_AT_ONCE = 10;
const SELLING_DAYS = 91;
/** When the stock of then is looked at, to know how long it usually lasts. */
const COVER_WEEKS_AGO = [8, 13, 18, 26, 39] as const;
const AMOUNTS_MOST = 5_000;
const DAY_MS = 86_400_000;

interface Sold {
  region: string;
  at: number;
  units: number;
  minor: number;
}

/**
 * Job. Looks at what sells for prices that left their own past, and proposes others. Here, since it joins what the catalogue, stock and sales
 * know with what guidance proposes.
 */
export async function proposePrices({
  db,
  reads,
  clickhouse,
  config: { currency, timeZone },
  now,
}: Pick<Deps, 'db' | 'reads' | 'clickhouse' | 'config' | 'now'>): Promise<PriceLook> {
  const at = now();
  const clock = { now: at, timeZone };
  const day = businessDayAt(at, timeZone);
  const monday = shiftDay(day, -((new Date(day).getUTCDay() + 6) % 7));
  const period = { from: shiftDay(monday, -7 * WEEKS), to: shiftDay(monday, -1), currency };
  const variantIds = await bestSelling(
    clickhouse,
    { ...period, from: shiftDay(monday, -SELLING_DAYS) },
    clock,
  );
  const all = await unitsByWeek(clickhouse, period, clock);
  const things: PricedThing[] = [];
  for (let from = 0; from < variantIds.length; from += VARIANTS_AT_ONCE) {
    const some = variantIds.slice(from, from + VARIANTS_AT_ONCE);
    const sold = await soldByWeek(clickhouse, period, some, clock);
    const moments = COVER_WEEKS_AGO.map((weeks) => new Date(Date.parse(monday) - weeks * 7 * DAY_MS));
    const priced = await pricedVariants(reads, { variantIds: some, currency, at, moments });
    for (const [variantId, offers] of Map.groupBy(priced, (each) => each.variantId))
      things.push(...thingsOf(offers, sold.get(variantId) ?? [], all));
  }
  const amounts = await amountsAsked(reads, currency, at, AMOUNTS_MOST);
  return await inTransaction(db, (tx) => writePriceChanges(tx, things, { currency, day, amounts }, at));
}

const isCountry = (code: string) => /^[A-Z]{2}$/.test(code);

/**
 * Each price of a variant with what was sold at it: a country that has a price of its own is a market, and all others are one. Where a
 * price holds in a part of a country or in several together, nobody can tell which sales were made at it, and none is looked at.
 */
function thingsOf(
  offers: readonly PricedVariant[],
  sold: readonly Sold[],
  all: readonly number[],
): PricedThing[] {
  const markets = offers.map(({ marketCode }) => marketCode);
  if (markets.some((code) => code !== WORLD && !isCountry(code))) return [];
  return offers.map((offer): PricedThing => {
    const { onHand, available, incoming, ...price } = offer;
    const here = sold.filter(({ region }) =>
      price.marketCode === WORLD ? !markets.includes(region) : region === price.marketCode,
    );
    const weeks = all.map((units, nth) => {
      const ofWeek = here.filter((each) => each.at === nth);
      const own = ofWeek.reduce((sum, each) => sum + each.units, 0);
      const minor = ofWeek.reduce((sum, each) => sum + each.minor, 0);
      const ofAllMarkets = sold.reduce((sum, each) => (each.at === nth ? sum + each.units : sum), 0);
      return {
        at: nth,
        units: own,
        priceMinor: own > 0 && minor > 0 ? minor / own : null,
        othersUnits: units - ofAllMarkets,
      };
    });
    const before = COVER_WEEKS_AGO.map((weeksAgo, nth) => ({ weeksAgo, onHand: onHand[nth] ?? 0 }));
    const besides = price.marketCode === WORLD ? markets.filter((code) => code !== WORLD) : [];
    return { ...price, besides, weeks, stock: markets.length === 1 ? { available, incoming, before } : null };
  });
}

interface Asked {
  from: string;
  to: string;
  currency: string;
}

async function bestSelling(clickhouse: ClickHouseClient, asked: Asked, clock: Clock): Promise<string[]> {
  const { rows } = await answer(
    clickhouse,
    { ...asked, by: ['variant'], metrics: ['units'], top: { count: VARIANTS_MOST } },
    clock,
  );
  // The rest has no variant, and so has what was sold by hand.
  return rows.flatMap(({ keys, figures }) =>
    keys.variant !== undefined && /^[0-9a-f-]{36}$/.test(keys.variant) && (figures.units?.value ?? 0) > 0
      ? [keys.variant]
      : [],
  );
}

const weekOf = (from: string, day: string) => Math.round((Date.parse(day) - Date.parse(from)) / (7 * DAY_MS));

async function unitsByWeek(clickhouse: ClickHouseClient, asked: Asked, clock: Clock): Promise<number[]> {
  const { rows } = await answer(clickhouse, { ...asked, by: ['week'], metrics: ['units'] }, clock);
  const weeks = Array.from({ length: WEEKS }, () => 0);
  for (const { keys, figures } of rows)
    if (keys.week !== undefined) weeks[weekOf(asked.from, keys.week)] = figures.units?.value ?? 0;
  return weeks;
}

async function soldByWeek(
  clickhouse: ClickHouseClient,
  asked: Asked,
  variants: readonly string[],
  clock: Clock,
): Promise<Map<string, Sold[]>> {
  const { rows } = await answer(
    clickhouse,
    {
      ...asked,
      by: ['variant', 'region', 'week'],
      metrics: ['units', 'average_price'],
      filters: { variant: variants },
    },
    clock,
  );
  const sold = new Map<string, Sold[]>();
  for (const { keys, figures } of rows) {
    const { variant, region, week } = keys;
    const units = figures.units?.value ?? 0;
    if (variant === undefined || region === undefined || week === undefined || units <= 0) continue;
    const minor = units * (figures.average_price?.value ?? 0);
    sold.set(variant, [...(sold.get(variant) ?? []), { region, at: weekOf(asked.from, week), units, minor }]);
  }
  return sold;
}
