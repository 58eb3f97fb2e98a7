import { median as medianOf } from 'd3-array';
import type { DB } from './tables.ts';

export type Measure = DB['quality.hour']['measure'];
export type Fault = DB['quality.finding']['fault'];

/** An hour of a feed beside the same hours of the weeks before. */
export interface Compared {
  value: number;
  n: number;
  history: readonly number[];
}

export interface Verdict {
  fault: Fault;
  value: number;
  expected: number;
}

/** So many weeks are looked back, and fewer than so many say nothing yet. */
export const WEEKS = 8;
export const HISTORY_MIN = 4;
/** So many times its usual spread from the median, in two hours running. */
export const LIMIT = 6;
/** Nothing at all is told at once, where at least so many were usual. */
const EXPECTED_MIN = 20;
/** A difference of fewer events is nobody's concern. */
const DIFFERENCE_MIN = 10;
const N_MIN = 20;
/** The median absolute deviation of a normal distribution, in standard deviations. */
const MAD_TO_SIGMA = 1.4826;

export const median = (values: readonly number[]): number => medianOf(values) ?? 0;

/** What is not less than it can be by chance alone, for eight hours may lie together by chance. */
function floorOf(measure: Measure, usual: number, n: number): number {
  if (measure === 'arrivals') return Math.max(1, Math.sqrt(usual), usual * 0.1);
  if (measure === 'delay') return Math.max(60, usual * 0.5);
  const share = Math.min(0.5, Math.max(usual, 0.01));
  return Math.max(0.01, Math.sqrt((share * (1 - share)) / Math.max(n, 1)));
}

/** How far from the median, in usual spreads; undefined while there is too little to compare with. */
export function scoreOf(measure: Measure, { value, n, history }: Compared): number | undefined {
  if (history.length < HISTORY_MIN) return undefined;
  const usual = median(history);
  if (measure === 'arrivals' && Math.abs(value - usual) < DIFFERENCE_MIN) return 0;
  if (measure !== 'arrivals' && measure !== 'delay' && n < N_MIN) return 0;
  return (value - usual) / spreadOf(measure, history, n);
}

function spreadOf(measure: Measure, history: readonly number[], n: number): number {
  const usual = median(history);
  const spread = MAD_TO_SIGMA * median(history.map((each) => Math.abs(each - usual)));
  return Math.max(spread, floorOf(measure, usual, n));
}

export interface Band {
  usual: number;
  low: number;
  high: number;
}

/** Between which figures nothing is a fault; undefined while there is too little to compare with. */
export function bandOf(measure: Measure, history: readonly number[], n: number): Band | undefined {
  if (history.length < HISTORY_MIN) return undefined;
  const usual = median(history);
  const spreads = LIMIT * spreadOf(measure, history, n);
  const reach = measure === 'arrivals' ? Math.max(spreads, DIFFERENCE_MIN) : spreads;
  return { usual, low: Math.max(0, usual - reach), high: usual + reach };
}

const FAULT = {
  arrivals: 'volume',
  delay: 'freshness',
  duplicates: 'duplicates',
  unmatched: 'unmatched',
  failures: 'failures',
} as const satisfies Record<Measure, Fault>;

/** What is wrong with an hour, given the one before it. More is a fault of everything, less of how much came. */
export function judge(measure: Measure, hour: Compared, before: Compared | undefined): Verdict | undefined {
  const score = scoreOf(measure, hour);
  if (score === undefined) return undefined;
  const [expected, value] = [median(hour.history), hour.value];
  const isLow = score <= -LIMIT;
  if (measure === 'arrivals' && value === 0 && expected >= EXPECTED_MIN && isNeverNothing(hour))
    return { fault: 'arrival', value, expected };
  const earlier = before ? scoreOf(measure, before) : undefined;
  if (earlier === undefined) return undefined;
  const isHigh = score >= LIMIT && earlier >= LIMIT;
  const isLowTwice = measure === 'arrivals' && isLow && earlier <= -LIMIT;
  return isHigh || isLowTwice ? { fault: FAULT[measure], value, expected } : undefined;
}

const isNeverNothing = ({ history }: Compared): boolean => Math.min(...history) > 0;
