import { median, spreadAroundZero, steadySlope } from './robust.ts';

/** A figure day by day. Of a ratio `values` are what is divided and `over` what by. */
export interface Series {
  /** By the number of its days since the first one. */
  values: readonly number[];
  over?: readonly number[] | undefined;
  /** What chance gives and takes in one piece: 1 of counts, what an order brings of money. */
  piece: number;
  /** The weekday of the first day, 0 to 6: what 0 is does not matter. */
  weekday: number;
}

export const WEEKS = 8;
export const WEEK = 7;
export const HISTORY_DAYS = WEEKS * WEEK;
const YEAR_DAYS = 52 * WEEK;
/** Of 8 weeks so many more pairs must rise than fall to be a trend: 3 of 100 by chance. */
const TREND_SURPLUS = 18;
/** Of the 8 days of a weekday so many without anything: it is closed then. */
const CLOSED_DAYS = 6;
/** Residuals of a median of eight are closer to it than new values will be. */
const FITTED = 1.1;
/** What a week a year ago has to differ by, in spreads, before it says anything: the median of seven differs that much by chance. */
const YEARLY_NOISE = 1;

export interface Baseline {
  /** What is expected of a day by its number: of a ratio, of what is divided. */
  expected(index: number): number;
  /** The spread of a day, in roots; never below what chance alone gives counts. */
  spread: number;
  /** Whether a trend was carried on, which makes the expectation less certain. */
  hasTrend: boolean;
  /** How many times the recent weeks is expected, because the same days did so a year ago. */
  turn: number;
}

const SHIFT = 3 / 8;

/**
 * Twice the square root (Anscombe 1948): what counts and sums of pieces vary by is then nearly the same, 1, however many
 * there are. Below zero it goes on as it came.
 */
export const root = (pieces: number): number =>
  pieces >= 0 ? 2 * Math.sqrt(pieces + SHIFT) : 4 * Math.sqrt(SHIFT) - 2 * Math.sqrt(SHIFT - pieces);

/** The mean of what has this mean and this spread in roots. */
const unrooted = (level: number, spread: number): number =>
  Math.max(0, (level * level + spread * spread) / 4 - SHIFT);

/**
 * What the eight weeks before `end` let expect of the days from `end` on: for each weekday the median, with the trend of the
 * weeks' medians where there is one, and what the same week a year ago did beside its own eight weeks. Undefined where there
 * are not eight weeks.
 */
export function baselineOf(series: Series, end: number): Baseline | undefined {
  const found = recentBaseline(series, end);
  if (!found || series.over) return found;
  const turn = yearlyTurn(series, end, found.hasTrend);
  if (turn === 1) return found;
  return { ...found, turn, expected: (index) => found.expected(index) * turn };
}

/** `surplus`: how many more pairs of weeks must rise than fall to be a trend. */
function recentBaseline(series: Series, end: number, surplus = TREND_SURPLUS): Baseline | undefined {
  if (end < HISTORY_DAYS || end > series.values.length) return undefined;
  return series.over ? ratioBaseline(series, series.over, end) : flowBaseline(series, end, surplus);
}

function flowBaseline({ values, piece, weekday }: Series, end: number, surplus: number): Baseline {
  const start = end - HISTORY_DAYS;
  const roots = values.slice(start, end).map((value) => root(value / piece));
  const weeks = Array.from({ length: WEEKS }, (_, week) =>
    median(roots.slice(week * WEEK, (week + 1) * WEEK)),
  );
  const slope = steadySlope(weeks, surplus);
  const level = roots.map((value, index) => value - (slope * (start + index - end)) / WEEK);
  const dayOf = (index: number) => (((weekday + index) % WEEK) + WEEK) % WEEK;
  const days = Array.from({ length: WEEK }, (_, day) => {
    const at = Array.from({ length: HISTORY_DAYS }, (_unused, index) => index).filter(
      (index) => dayOf(start + index) === day,
    );
    const isClosed = at.filter((index) => (values[start + index] ?? 0) === 0).length >= CLOSED_DAYS;
    return { isClosed, level: median(at.map((index) => level[index] ?? 0)) };
  });
  const residuals = level.flatMap((value, index) => {
    const day = days[dayOf(start + index)];
    return !day || day.isClosed ? [] : [value - day.level];
  });
  const spread = Math.max(1, residuals.length > 0 ? FITTED * spreadAroundZero(residuals) : 0);
  return {
    spread,
    hasTrend: slope !== 0,
    turn: 1,
    expected: (index) => {
      const day = days[dayOf(index)];
      if (!day || day.isClosed) return 0;
      return piece * unrooted(Math.max(0, day.level + (slope * (index - end)) / WEEK), spread);
    },
  };
}

/** Of a ratio the median of the weeks: what it is divided by varies, and is taken as it came. */
function ratioBaseline(
  { values, piece }: Series,
  over: readonly number[],
  end: number,
): Baseline | undefined {
  const start = end - HISTORY_DAYS;
  const rates = Array.from({ length: WEEKS }, (_, week) => {
    const [from, to] = [start + week * WEEK, start + (week + 1) * WEEK];
    return sumOf(values, from, to) / sumOf(over, from, to);
  }).filter(Number.isFinite);
  if (rates.length < WEEKS) return undefined;
  const rate = Math.max(0, median(rates));
  const expected = (index: number) => rate * Math.max(0, over[index] ?? 0);
  const residuals = Array.from({ length: HISTORY_DAYS }, (_, index) => start + index)
    .filter((index) => (over[index] ?? 0) > 0)
    .map((index) => root((values[index] ?? 0) / piece) - root(expected(index) / piece));
  return { expected, spread: Math.max(1, FITTED * spreadAroundZero(residuals)), hasTrend: false, turn: 1 };
}

export const sumOf = (values: readonly number[], from: number, to: number): number => {
  let sum = 0;
  for (let index = from; index < to; index++) sum += values[index] ?? 0;
  return sum;
};

/** How many times what its eight weeks let expect the same days a year ago came to, less what chance may have done. */
function yearlyTurn(series: Series, end: number, hasTrend: boolean): number {
  const then = end - YEAR_DAYS;
  // Like with like: a trend that is carried on this year is carried on of the last one too.
  const found = recentBaseline(series, then, hasTrend ? 0 : Number.POSITIVE_INFINITY);
  if (!found) return 1;
  const { piece, values } = series;
  const days = Array.from({ length: 2 * WEEK }, (_, index) => then + index).filter(
    (index) => found.expected(index) > 0,
  );
  if (days.length < WEEK) return 1;
  const levels = days.map((index) => root(found.expected(index) / piece));
  const level = median(levels);
  const difference = median(days.map((index, at) => root((values[index] ?? 0) / piece) - (levels[at] ?? 0)));
  const noise = YEARLY_NOISE * found.spread * 0.5;
  const certain = Math.sign(difference) * Math.max(0, Math.abs(difference) - noise);
  return Math.max(0, (level + certain) / level) ** 2;
}
