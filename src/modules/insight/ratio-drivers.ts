import { mostChanged, partsOfRatio, type Segment } from './decompose.ts';
import { factOf } from './facts.ts';
import { type Figures, quotientOf } from './figures.ts';
import { metricOf, type MetricName, partsOf } from './metrics.ts';

/** What one value of a dimension brings to the change of a ratio; its own ratio stands beside it. */
export interface RatioDriver {
  key: string;
  isRest?: true;
  now: number | null;
  before: number | null;
  change: number;
  /** For its share of what is divided by. */
  mix: number;
  /** For its own ratio. */
  rate: number;
}

/** Both of its sums add up over everything. What lies in stock does not over days, nor what is taken so many times as there are days. */
export function isRatioOfSums(name: MetricName): boolean {
  const metric = metricOf(name);
  return (
    metric.kind === 'ratio' &&
    metric.times !== 'days' &&
    partsOf(name).every(({ fact, plus, minus }) => {
      const { positions = {} } = factOf(fact);
      return [...plus, ...minus].every((measure) => !Object.hasOwn(positions, measure));
    })
  );
}

interface Row {
  key: string;
  figures: Figures;
  before?: Figures | undefined;
}

/**
 * The change of a ratio by the rows it consists of, the most changed first and all others in one: mix and rate of all add
 * up to it. Of money they do to the minor unit. Null where one of the periods has nothing to divide by.
 */
export function ratioDrivers(
  metric: MetricName,
  rows: readonly Row[],
  total: Omit<Row, 'key'>,
  count: number,
): { rows: RatioDriver[]; change: number | null } {
  const segments = rows.map(({ key, figures, before }): Segment => {
    const [now, then] = [figures[metric], before?.[metric]];
    return {
      key,
      amount: { before: then?.numerator ?? 0, now: now?.numerator ?? 0 },
      volume: { before: then?.denominator ?? 0, now: now?.denominator ?? 0 },
    };
  });
  const parts = partsOfRatio(segments);
  const [now, before] = [total.figures[metric]?.value, total.before?.[metric]?.value];
  if (!parts || typeof now !== 'number' || typeof before !== 'number') return { rows: [], change: null };
  const change = now - before;
  const shares = inUnitsOf(
    metric,
    parts.flatMap(({ mix, rate }) => [mix, rate]),
    change,
  );
  const drivers = segments
    .map((segment, index) => {
      const [mix = 0, rate = 0] = shares.slice(2 * index, 2 * index + 2);
      return { segment, key: segment.key, mix, rate, change: mix + rate };
    })
    .filter(({ segment: { amount, volume } }) =>
      [amount.before, amount.now, volume.before, volume.now].some((sum) => sum !== 0),
    );
  const { most, others } = mostChanged(drivers, count);
  const told = (segment: Omit<Segment, 'key'>) => ({
    now: quotientOf(metric, segment.amount.now, segment.volume.now),
    before: quotientOf(metric, segment.amount.before, segment.volume.before),
  });
  const sum = (of: 'mix' | 'rate' | 'change') => others.reduce((whole, each) => whole + each[of], 0);
  return {
    change,
    rows: [
      ...most.map(({ segment, ...driver }) => ({ ...driver, ...told(segment) })),
      ...(others.length > 0
        ? [
            {
              key: '',
              isRest: true as const,
              ...told(together(others.map(({ segment }) => segment))),
              change: sum('change'),
              mix: sum('mix'),
              rate: sum('rate'),
            },
          ]
        : []),
    ],
  };
}

function together(segments: readonly Segment[]): Omit<Segment, 'key'> {
  const sum = (of: 'amount' | 'volume', at: 'before' | 'now') =>
    segments.reduce((whole, segment) => whole + segment[of][at], 0);
  return {
    amount: { before: sum('amount', 'before'), now: sum('amount', 'now') },
    volume: { before: sum('volume', 'before'), now: sum('volume', 'now') },
  };
}

/** Money is told in whole minor units: each part is rounded down, and the largest remainders get what is left of the sum. */
function inUnitsOf(name: MetricName, parts: readonly number[], sum: number): number[] {
  const metric = metricOf(name);
  const times = metric.kind === 'ratio' && typeof metric.times === 'number' ? metric.times : 1;
  // A zero has no sign.
  if (metric.unit !== 'money') return parts.map((part) => part * times + 0);
  const whole = parts.map((part) => Math.floor(part) + 0);
  const left = sum - whole.reduce((all, part) => all + part, 0);
  const byRemainder = parts
    .map((part, index) => ({ index, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) whole[index] = (whole[index] ?? 0) + 1;
  return whole;
}
