import type { ClickHouseClient } from '@clickhouse/client';
import {
  answer,
  type AnswerRow,
  type Clock,
  type Figures,
  type MetricName,
  shiftDay,
} from '../insight/index.ts';
import { HISTORY_DAYS, type Series, WEEK } from './baseline.ts';

/** The figures that are judged: what sells, what it brings, and what comes back or is given away of it. */
export const WATCHED = [
  'net_sales',
  'orders',
  'units',
  'average_order',
  'discount_rate',
  'return_rate',
  'cancellation_rate',
] as const satisfies MetricName[];
export type Watched = (typeof WATCHED)[number];

/** Whose figure it is: a country, or all regions where `region` is empty. */
export interface Market {
  metric: Watched;
  region: string;
  currency: string;
}

export interface MarketSeries {
  key: Market;
  series: Series;
}

/** A year back, and what that year's days were judged by. */
const YEAR_DAYS = 52 * WEEK;
const REACH_DAYS = YEAR_DAYS + HISTORY_DAYS + 2 * WEEK;
/** Fewer orders than that in ten weeks can be nothing out of the ordinary. */
const ORDERS_MIN = 50;
/** So many regions by so many days are as much as one answer holds. */
const REGIONS_AT_ONCE = 60;

/** Every market's figures day by day from `first` on, which reaches back far enough to judge the days from `from` on. */
export async function marketsBetween(
  clickhouse: ClickHouseClient,
  { from, to, currency }: { from: string; to: string; currency: string },
  clock: Clock,
  regions?: readonly string[],
): Promise<{ first: string; markets: MarketSeries[] }> {
  const first = shiftDay(from, -REACH_DAYS);
  const asked = { from: first, to, currency, metrics: WATCHED };
  const whole = await answer(clickhouse, { ...asked, by: ['day'] }, clock);
  const chosen = regions ?? (await sellingRegions(clickhouse, to, currency, clock));
  const markets = marketsOf('', whole.rows, first, currency);
  const named = chosen.filter((region) => region !== '');
  for (let at = 0; at < named.length; at += REGIONS_AT_ONCE) {
    const batch = named.slice(at, at + REGIONS_AT_ONCE);
    const { rows } = await answer(
      clickhouse,
      { ...asked, by: ['region', 'day'], filters: { region: batch } },
      clock,
    );
    for (const region of batch)
      markets.push(
        ...marketsOf(
          region,
          rows.filter(({ keys }) => keys.region === region),
          first,
          currency,
        ),
      );
  }
  return { first, markets };
}

async function sellingRegions(
  clickhouse: ClickHouseClient,
  to: string,
  currency: string,
  clock: Clock,
): Promise<string[]> {
  const period = { from: shiftDay(to, -10 * WEEK), to };
  const { rows } = await answer(
    clickhouse,
    { ...period, currency, by: ['region'], metrics: ['orders'] },
    clock,
  );
  return rows
    .filter(({ figures }) => (figures.orders?.value ?? 0) >= ORDERS_MIN)
    .map(({ keys }) => keys.region ?? '');
}

function marketsOf(
  region: string,
  rows: readonly AnswerRow[],
  first: string,
  currency: string,
): MarketSeries[] {
  const weekday = new Date(first).getUTCDay();
  const column = (metric: Watched, of: (figure: NonNullable<Figures[Watched]>) => number) =>
    rows.map(({ figures }) => {
      const figure = figures[metric];
      return figure ? of(figure) : 0;
    });
  const orders = sum(column('orders', ({ value }) => value ?? 0));
  return WATCHED.map((metric) => {
    const isRatio = rows.some(({ figures }) => figures[metric]?.denominator !== undefined);
    const values = column(metric, ({ value, numerator }) => (isRatio ? (numerator ?? 0) : (value ?? 0)));
    const over = isRatio ? column(metric, ({ denominator }) => denominator ?? 0) : undefined;
    const piece = PIECES[metric] === 'one' ? 1 : Math.max(1, sum(values) / Math.max(1, orders));
    return { key: { metric, region, currency }, series: { values, over, piece, weekday } };
  });
}

/** What chance gives and takes at once: one of what is counted, or what an order has of it. */
const PIECES = {
  net_sales: 'order',
  orders: 'one',
  units: 'order',
  average_order: 'order',
  discount_rate: 'order',
  return_rate: 'one',
  cancellation_rate: 'one',
} as const satisfies Record<Watched, 'one' | 'order'>;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
