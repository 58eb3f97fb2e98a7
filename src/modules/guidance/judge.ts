import { type Baseline, baselineOf, HISTORY_DAYS, root, type Series, sumOf, WEEK } from './baseline.ts';
import { tailsBeyond } from './robust.ts';

/** How many days are judged together: one shows what is loud, seven what is quiet and lasts. */
export const SPANS = [1, WEEK] as const;
export type Span = (typeof SPANS)[number];

export interface Judgement {
  span: Span;
  observed: number;
  expected: number;
  /** Three robust deviations around what is expected. */
  low: number;
  high: number;
  /** How likely something as far off is where nothing happened. */
  chance: number;
  direction: 'up' | 'down';
}

/** Expected of fewer pieces than that nothing is said: in one day, in seven. */
const PIECES_MIN = { 1: 5, 7: 20 } as const satisfies Record<Span, number>;
/** Tails are heavier than a normal distribution's: the spread itself is an estimate of 56 days. */
const FREEDOM = 20;
const BAND = 3;
/** What the expectation's own error adds to the variance, in variances of a day: of medians of eight, and of a trend. */
const MEDIAN_ERROR = { 1: 0.2, 7: 0.2 } as const;
const TREND_ERROR = { 1: 0.2, 7: 1.1 } as const;
const TURN_ERROR = 0.1;
const TURN_MIN = 0.1;
const YEARLY_ERROR = { 1: 0.1, 7: 0.7 } as const;

/** What the last days up to one are, beside what its past lets expect. Nothing where that is too little to say. */
export function judge(series: Series, index: number): Judgement[] {
  // What is judged is kept out of what it is judged by, however long it lasts within the week.
  const end = index + 1 - WEEK;
  const baseline = baselineOf(series, end);
  if (!baseline) return [];
  const shared = weeklySpread(series, baseline, end);
  const isYearly = !series.over && end >= HISTORY_DAYS + 52 * WEEK;
  return SPANS.flatMap((span) => {
    const error =
      MEDIAN_ERROR[span] + (baseline.hasTrend ? TREND_ERROR[span] : 0) + (isYearly ? YEARLY_ERROR[span] : 0);
    const own = span === WEEK ? Math.max(baseline.spread, shared) : baseline.spread;
    return judgeSpan(series, index, baseline, span, own * Math.sqrt(1 + error));
  });
}

function judgeSpan(
  { values, over, piece }: Series,
  index: number,
  baseline: Baseline,
  span: Span,
  own: number,
): Judgement[] {
  const from = index + 1 - span;
  const observed = sumOf(values, from, index + 1);
  const expected = expectedSum(baseline, from, index + 1);
  const divisor = over ? sumOf(over, from, index + 1) : 1;
  if (expected / piece < PIECES_MIN[span] || divisor <= 0) return [];
  const level = root(expected / piece);
  // A year's turn comes as much more or less, and earlier or later: a part of it is never certain.
  const turned = TURN_ERROR * level * Math.abs(1 - 1 / Math.sqrt(Math.max(baseline.turn, TURN_MIN)));
  const deviation = Math.hypot(own, turned);
  const distance = (root(observed / piece) - level) / deviation;
  const at = (away: number) => (piece * back(level + away * deviation)) / divisor;
  return [
    {
      span,
      observed: observed / divisor,
      expected: expected / divisor,
      low: at(-BAND),
      high: at(BAND),
      chance: tailsBeyond(distance, FREEDOM),
      direction: distance < 0 ? 'down' : 'up',
    },
  ];
}

const LEAST = root(0);
const back = (level: number) => (Math.max(LEAST, level) / 2) ** 2 - 3 / 8;

function expectedSum(baseline: Baseline, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += baseline.expected(index);
  return sum;
}

/**
 * The spread of whole weeks of the past, in roots: more than that of days where what happens to one day happens to the
 * next as well. By the squares of eight weeks, of which the two furthest off are left out.
 */
function weeklySpread({ values, piece }: Series, baseline: Baseline, end: number): number {
  const squares = Array.from({ length: HISTORY_DAYS / WEEK }, (_, week) => {
    const from = end - (week + 1) * WEEK;
    const expected = expectedSum(baseline, from, from + WEEK);
    return (root(sumOf(values, from, from + WEEK) / piece) - root(expected / piece)) ** 2;
  }).sort((a, b) => a - b);
  const kept = squares.slice(0, -2);
  return Math.sqrt((kept.reduce((sum, square) => sum + square, 0) / kept.length) * KEPT_SQUARES);
}

/** Of the six nearest of eight normal values the mean square is this much below the variance. */
const KEPT_SQUARES = 2.4;

/**
 * Which of many judgements stand (Benjamini & Hochberg 1995): of those that do, on average no more than `share` are chance. Answers
 * the chance below which one stands.
 */
export function thresholdOf(chances: readonly number[], share: number): number {
  const sorted = [...chances].sort((a, b) => a - b);
  const last = sorted.findLastIndex((chance, index) => chance <= (share * (index + 1)) / sorted.length);
  return last < 0 ? 0 : (sorted[last] ?? 0);
}

/** Of the alarms of a day at most this share is chance. Where nothing happens anywhere, that is one day in a hundred with any. */
export const FALSE_SHARE_MAX = 0.01;

export interface Alarm<Key> {
  key: Key;
  judgement: Judgement;
}

/** The alarms of a day among all series: of each the span that is the least likely to be chance. */
export function alarmsOf<Key>(
  judged: readonly { key: Key; judgements: readonly Judgement[] }[],
): Alarm<Key>[] {
  const all = judged.flatMap(({ judgements }) => judgements.map(({ chance }) => chance));
  const threshold = thresholdOf(all, FALSE_SHARE_MAX);
  return judged.flatMap(({ key, judgements }) => {
    const [judgement] = judgements
      .filter(({ chance }) => chance <= threshold)
      .sort((a, b) => a.chance - b.chance);
    return judgement ? [{ key, judgement }] : [];
  });
}
