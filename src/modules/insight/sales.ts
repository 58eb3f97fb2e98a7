import type { ClickHouseClient } from '@clickhouse/client';
import { divideHalfEven } from '#platform/money.ts';
import { insightErrors } from './errors.ts';
import { METRICS, type MetricName, metricOf } from './metrics.ts';
import { businessDayAt, dayCount, daysOf, type Period, periodBefore, shiftDay } from './periods.ts';

/** An area counts in its country, whose code its own begins with: the rows of a map are then countries. */
const COUNTRY = `if(match(region, '^[A-Z]{2}-'), substring(region, 1, 2), region)`;

/** What rows can be made of. A document has one of each, so the rows of any of them add up to the whole. */
const DIMENSIONS = {
  none: `''`,
  region: COUNTRY,
  day: 'toString(business_day)',
  touchpoint: 'touchpoint',
  source: 'source',
} as const;
export type Dimension = keyof typeof DIMENSIONS;
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as Dimension[];

const FILTERS = {
  region: `(region = {region:String} OR startsWith(region, concat({region:String}, '-')))`,
  touchpoint: 'touchpoint = {touchpoint:String}',
  source: 'source = {source:String}',
} as const;

export interface SalesQuestion extends Period {
  by: Dimension;
  currency: string;
  metrics: readonly MetricName[];
  region?: string | undefined;
  touchpoint?: string | undefined;
  source?: string | undefined;
  /** Asks for the period of the same length before this one as well. */
  compare?: boolean | undefined;
}

/** `value` is null for a day that has not begun, and for a ratio over nothing. */
interface Figure {
  value: number | null;
  /** Of a ratio: what its value was divided from. */
  numerator?: number;
  denominator?: number;
}

export type Figures = Partial<Record<MetricName, Figure>>;

export interface SalesRow {
  /** The region's code, the day, … ; empty for `none`. */
  key: string;
  figures: Figures;
  /** The same of the period before. */
  before?: Figures;
}

export interface SalesAnswer {
  currency: string;
  period: Period;
  periodBefore?: Period;
  /** The day that is not over, when the period has it: its figures are so far. */
  today?: string;
  rows: SalesRow[];
  total: SalesRow;
}

/** The moment of asking, in the retailer's time zone. */
export interface Clock {
  now: Date;
  timeZone: string;
}

const DAYS_MAX = 20 * 366;

export function assertFit(period: Period): void {
  const days = dayCount(period);
  if (!(days >= 1 && days <= DAYS_MAX))
    throw insightErrors.period_unfit({ from: period.from, to: period.to });
}

type Sums = Map<string, number[]>;

/** Sales by region, day or another dimension, with a total that is the sum of the rows. */
export async function salesBy(
  clickhouse: ClickHouseClient,
  question: SalesQuestion,
  clock: Clock,
): Promise<SalesAnswer> {
  const { from, to, by, currency } = question;
  const period = { from, to };
  const earlier = periodBefore(period);
  const today = businessDayAt(clock.now, clock.timeZone);
  // While the period runs, the one before it counts up to the same moment: like is compared with like.
  const until = today >= from && today <= to ? backBy(clock.now, dayCount(period)) : undefined;
  const [sums, sumsBefore] = await Promise.all([
    sumsOf(clickhouse, question, period),
    question.compare ? sumsOf(clickhouse, question, earlier, until) : undefined,
  ]);
  const rows = keysOf(by, period, sums, sumsBefore).map((key): SalesRow => {
    const begun = by === 'day' ? key <= today : from <= today;
    const row = { key, figures: figuresOf(question.metrics, sums.get(key), begun) };
    if (!sumsBefore) return row;
    const keyBefore = by === 'day' ? shiftDay(key, -dayCount(period)) : key;
    return { ...row, before: figuresOf(question.metrics, sumsBefore.get(keyBefore), true) };
  });
  const total: SalesRow = { key: '', figures: figuresOf(question.metrics, added(sums), from <= today) };
  if (sumsBefore) total.before = figuresOf(question.metrics, added(sumsBefore), true);
  return {
    currency,
    period,
    ...(sumsBefore && { periodBefore: earlier }),
    ...(today >= from && today <= to && { today }),
    rows,
    total,
  };
}

/** Each metric's sums, one after the other: one for an additive metric, two for a ratio. */
function expressionsOf(metrics: readonly MetricName[]): string[] {
  return metrics.flatMap((name) => {
    const metric = metricOf(name);
    return metric.kind === 'ratio' ? [metric.numerator, metric.denominator] : [metric.sql];
  });
}

async function sumsOf(
  clickhouse: ClickHouseClient,
  { by, currency, metrics, region, touchpoint, source }: SalesQuestion,
  { from, to }: Period,
  until?: Date,
): Promise<Sums> {
  const filters = Object.entries({ region, touchpoint, source }).filter(([, value]) => value !== undefined);
  const conditions = [
    'currency = {currency:String}',
    'business_day BETWEEN {from:Date32} AND {to:Date32}',
    ...filters.map(([name]) => FILTERS[name as keyof typeof FILTERS]),
    ...(until ? [`occurred_at < {until:DateTime64(3, 'UTC')}`] : []),
  ];
  const result = await clickhouse.query({
    query: `
      SELECT ${DIMENSIONS[by]} AS key, [${expressionsOf(metrics)
        .map((sql) => `toInt64(${sql})`)
        .join(', ')}] AS sums
      FROM sale_entry FINAL
      WHERE ${conditions.join(' AND ')}
      GROUP BY key ORDER BY key`,
    query_params: { currency, from, to, ...Object.fromEntries(filters), ...(until && { until }) },
    format: 'JSONEachRow',
    clickhouse_settings: {
      // An entry's year is in its key, so its copies are in one partition.
      do_not_merge_across_partitions_select_final: 1,
      output_format_json_quote_64bit_integers: 1,
      max_execution_time: EXECUTION_SECONDS_MAX,
    },
  });
  const rows = await result.json<{ key: string; sums: string[] }>();
  return new Map(rows.map(({ key, sums }) => [key, sums.map(safeInteger)]));
}

const EXECUTION_SECONDS_MAX = 30;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The sum ${text} is not a safe integer`);
  return value;
}

/** Days have a row each, sales or not; of the others, those with an entry in either period. */
function keysOf(by: Dimension, period: Period, sums: Sums, sumsBefore: Sums | undefined): string[] {
  if (by === 'day') return daysOf(period);
  if (by === 'none') return [''];
  return [...new Set([...sums.keys(), ...(sumsBefore?.keys() ?? [])])].sort();
}

function backBy(moment: Date, days: number): Date {
  return new Date(moment.getTime() - days * 86_400_000);
}

function added(sums: Sums): number[] | undefined {
  let total: number[] | undefined;
  for (const each of sums.values()) {
    total = total ? total.map((sum, index) => sum + (each[index] ?? 0)) : each;
  }
  return total;
}

function figuresOf(metrics: readonly MetricName[], sums: number[] | undefined, begun: boolean): Figures {
  const figures: Figures = {};
  let index = 0;
  const next = () => sums?.[index++] ?? 0;
  for (const name of metrics) {
    if (METRICS[name].kind === 'additive') {
      const value = next();
      figures[name] = { value: begun ? value : null };
      continue;
    }
    const numerator = next();
    const denominator = next();
    figures[name] = { value: begun ? quotient(numerator, denominator) : null, numerator, denominator };
  }
  return figures;
}

/** To the minor unit, half to even; null over nothing. */
function quotient(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : Number(divideHalfEven(BigInt(numerator), BigInt(denominator)));
}
