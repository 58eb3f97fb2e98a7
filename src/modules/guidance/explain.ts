import type { ClickHouseClient } from '@clickhouse/client';
import {
  type AmountDriver,
  answer,
  type AnswerRow,
  type Clock,
  type Figures,
  type MetricName,
  partsOfAmount,
  partsOfRatio,
  type Period,
  type Segment,
  shiftDay,
  topDrivers,
} from '../insight/index.ts';
import { WEEK } from './baseline.ts';
import type { Finding, FindingDay } from './findings.ts';
import type { Watched } from './markets.ts';

/**
 * What a change may be split by. A document has one region, area and customer; a line has one product, which stands in one category; its
 * credit has one store.
 */
export type SplitBy = 'region' | 'area' | 'customer' | 'category' | 'brand' | 'product' | 'store';

export interface Part {
  name: 'volume' | 'mix' | 'rate' | 'returns' | 'cancellations';
  change: number;
}

export interface Split {
  by: SplitBy;
  drivers: AmountDriver[];
  /** All the others together; with the drivers it is the whole change. */
  rest: { count: number; before: number; now: number; change: number };
}

export interface Explanation {
  period: Period;
  /** The same weekdays, whole weeks earlier. */
  before: Period;
  value: { before: number | null; now: number | null };
  /** They add up to the change; none where the figure is not made of others, or one period had nothing to divide by. */
  parts: Part[];
  /** What mix and rate are of. */
  partsBy?: SplitBy;
  splits: Split[];
}

const DRIVERS = 5;

/** What the days of a finding are compared with, and what the change consists of. */
export async function explain(
  clickhouse: ClickHouseClient,
  finding: Pick<Finding, 'metric' | 'region' | 'currency' | 'fromDay' | 'lastDay'> & {
    days: readonly FindingDay[];
  },
  clock: Clock,
): Promise<Explanation> {
  const periods = periodsOf(finding);
  const ask = async (by: SplitBy[], metrics: MetricName[]) => {
    const filters = finding.region === '' ? {} : { region: [finding.region] };
    const asked = { currency: finding.currency, by, metrics, filters };
    const [now, before] = await Promise.all(
      [periods.period, periods.before].map((period) => answer(clickhouse, { ...asked, ...period }, clock)),
    );
    return {
      now: now?.rows ?? [],
      before: before?.rows ?? [],
      totals: { before: before?.total.figures, now: now?.total.figures },
    };
  };
  const { metric } = finding;
  const { totals } = await ask([], [metric]);
  const value = { before: totals.before?.[metric]?.value ?? null, now: totals.now?.[metric]?.value ?? null };
  const { parts, partsBy, segments } = await partsOf(finding, ask);
  const splits =
    segments && isRatio(metric)
      ? [{ by: partsBy, ...ratioDrivers(segments) }, ...(await ratioByGoods(metric, ask))]
      : await Promise.all(splitsOf(finding).map((by) => splitBy(metric, by, ask)));
  return { ...periods, value, parts, ...(parts.length > 0 && { partsBy }), splits };
}

type Ask = (
  by: SplitBy[],
  metrics: MetricName[],
) => Promise<{
  now: AnswerRow[];
  before: AnswerRow[];
  totals: { before: Figures | undefined; now: Figures | undefined };
}>;

/** From the first day that was judged to the last one; beside whole weeks before, so that weekdays are the same. */
export function periodsOf({
  fromDay,
  lastDay,
  days,
}: Pick<Finding, 'fromDay' | 'lastDay'> & { days: readonly Pick<FindingDay, 'day' | 'span'>[] }): {
  period: Period;
  before: Period;
} {
  const from = days.reduce((first, { day, span }) => {
    const begins = shiftDay(day, 1 - span);
    return begins < first ? begins : first;
  }, fromDay);
  const length = Math.round((Date.parse(lastDay) - Date.parse(from)) / 86_400_000) + 1;
  const back = -WEEK * Math.ceil(length / WEEK);
  return {
    period: { from, to: lastDay },
    before: { from: shiftDay(from, back), to: shiftDay(lastDay, back) },
  };
}

/** What each watched figure is divided from: amount by volume. */
const MADE_OF = {
  net_sales: 'average_order',
  units: 'units_per_order',
  average_order: 'average_order',
  discount_rate: 'discount_rate',
  return_rate: 'return_rate',
  cancellation_rate: 'cancellation_rate',
  orders: undefined,
} as const satisfies Record<Watched, MetricName | undefined>;

const RATIOS: readonly Watched[] = ['average_order', 'discount_rate', 'return_rate', 'cancellation_rate'];
const isRatio = (metric: Watched) => RATIOS.includes(metric);
/** Ratios of goods differ by product; what is divided by orders can only be split by what an order has one of. */
const OF_GOODS: readonly Watched[] = ['discount_rate', 'return_rate', 'cancellation_rate'];

async function partsOf(
  { metric, region }: Pick<Finding, 'metric' | 'region'>,
  ask: Ask,
): Promise<{ parts: Part[]; partsBy: SplitBy; segments?: Segment[] }> {
  const ratio = MADE_OF[metric];
  const partsBy = region === '' ? 'region' : OF_GOODS.includes(metric) ? 'product' : 'customer';
  if (!ratio) return { parts: [], partsBy };
  const segments = segmentsOf(await ask([partsBy], [ratio]), partsBy, ratio);
  if (isRatio(metric)) {
    const found = partsOfRatio(segments);
    const sum = (of: 'mix' | 'rate') => (found ?? []).reduce((whole, part) => whole + part[of], 0);
    const parts: Part[] = found
      ? [
          { name: 'mix', change: sum('mix') },
          { name: 'rate', change: sum('rate') },
        ]
      : [];
    return { parts, partsBy, segments };
  }
  const { volume, mix, rate } = partsOfAmount(segments);
  const parts: Part[] = [
    { name: 'volume', change: volume },
    { name: 'mix', change: mix },
    { name: 'rate', change: rate },
  ];
  if (metric === 'net_sales') parts.push(...(await takenOff(ask)));
  return { parts, partsBy };
}

/** What came back and what was cancelled is taken off: more of it is less of the sales. */
async function takenOff(ask: Ask): Promise<Part[]> {
  const { totals } = await ask([], ['returns', 'cancellations']);
  const at = (when: 'now' | 'before', metric: 'returns' | 'cancellations') =>
    totals[when]?.[metric]?.value ?? 0;
  return (['returns', 'cancellations'] as const).map((name) => ({
    name,
    change: at('before', name) - at('now', name),
  }));
}

function segmentsOf(
  { now, before }: { now: AnswerRow[]; before: AnswerRow[] },
  by: SplitBy,
  ratio: MetricName,
): Segment[] {
  const segments = new Map<string, Segment>();
  for (const [at, rows] of [
    ['now', now],
    ['before', before],
  ] as const) {
    for (const { keys, figures } of rows) {
      const key = keys[by] ?? '';
      const segment = segments.get(key) ?? {
        key,
        amount: { before: 0, now: 0 },
        volume: { before: 0, now: 0 },
      };
      segment.amount[at] = figures[ratio]?.numerator ?? 0;
      segment.volume[at] = figures[ratio]?.denominator ?? 0;
      segments.set(key, segment);
    }
  }
  return [...segments.values()];
}

/** Of a ratio each segment has its part of the change: mix and rate together. */
function ratioDrivers(segments: readonly Segment[]): Omit<Split, 'by'> {
  const parts = new Map((partsOfRatio(segments) ?? []).map(({ key, mix, rate }) => [key, mix + rate]));
  // What a segment has of the whole ratio is no figure of its own, so its change stands against nothing.
  return topDrivers(
    segments.map(({ key }) => ({ key, before: 0, now: parts.get(key) ?? 0 })),
    DRIVERS,
  );
}

/** What is divided by orders has no categories or brands: an order has goods of many. */
async function ratioByGoods(metric: Watched, ask: Ask): Promise<Split[]> {
  const ratio = MADE_OF[metric];
  if (!ratio || !OF_GOODS.includes(metric)) return [];
  return Promise.all(
    (['category', 'brand'] as const).map(async (by) => ({
      by,
      ...ratioDrivers(segmentsOf(await ask([by], [ratio]), by, ratio)),
    })),
  );
}

function splitsOf({ metric, region }: Pick<Finding, 'metric' | 'region'>): SplitBy[] {
  const place: SplitBy = region === '' ? 'region' : 'area';
  if (metric === 'orders') return [place, 'customer'];
  const goods: SplitBy[] = ['category', 'brand', 'product'];
  return metric === 'net_sales' ? [place, 'customer', ...goods, 'store'] : [place, 'customer', ...goods];
}

async function splitBy(metric: Watched, by: SplitBy, ask: Ask): Promise<Split> {
  // The credits of all stores, and what no territory claims, are the net sales.
  const asked: MetricName = by === 'store' ? 'regional_credit' : metric;
  const { now, before } = await ask([by], [asked]);
  const rows = new Map<string, { key: string; before: number; now: number }>();
  for (const [at, found] of [
    ['now', now],
    ['before', before],
  ] as const) {
    for (const { keys, figures } of found) {
      const key = keys[by] ?? '';
      const row = rows.get(key) ?? { key, before: 0, now: 0 };
      row[at] = figures[asked]?.value ?? 0;
      rows.set(key, row);
    }
  }
  return { by, ...topDrivers([...rows.values()], DRIVERS) };
}
