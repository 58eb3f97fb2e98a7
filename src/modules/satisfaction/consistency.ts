import { chiSquaredTail } from './chi-squared.ts';

/** Answers of a touch point by class: for CSAT (content, not), for NPS (promoters, neither, detractors). */
export interface AtTouchpoint {
  touchpoint: string;
  classes: readonly number[];
}

export interface Consistency {
  /** 1: every touch point is like the whole. Null where fewer than two have answers. */
  value: number | null;
  /** Of all answers, between 0 and 1. */
  mean: number | null;
  n: number;
  touchpoints: { touchpoint: string; n: number; score: number; shrunk: number; isSmall: boolean }[];
  /** The touch point furthest below the whole, and how far, after shrinkage. */
  worst: { touchpoint: string; gap: number } | null;
  /** Whether touch points differ beyond chance; `p` is null where too few answered for the test to hold. */
  test: { chiSquared: number; degrees: number; p: number | null } | null;
}

/** A touch point's own answers weigh as much as the whole's when there are so many. */
export const SHRINKAGE = 20;
/** Below so many a figure is shown with a warning. */
export const SMALL_N = 30;
/** What each cell of the table has to expect for χ² to be near its distribution (Cochran 1954). */
const EXPECTED_MIN = 5;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Between 0 and 1: the share of the content, or (NPS + 100) / 200. The first class counts whole, one in the middle half. */
function scoreOf(classes: readonly number[]): number {
  const [first = 0, middle = 0] = classes;
  return (first + (classes.length === 3 ? middle / 2 : 0)) / sum(classes);
}

/** 1 − √(Σ w (S − S̄)²), w by answers, each S drawn towards S̄ as n S + k S̄ over n + k; S runs from 0 to 1. */
export function consistencyOf(asked: readonly AtTouchpoint[]): Consistency {
  const answered = asked.filter(({ classes }) => sum(classes) > 0);
  const n = sum(answered.map(({ classes }) => sum(classes)));
  const whole = columnSums(answered);
  const mean = n === 0 ? null : scoreOf(whole);
  const touchpoints = answered.map(({ touchpoint, classes }) => {
    const own = sum(classes);
    const score = scoreOf(classes);
    const shrunk = (own * score + SHRINKAGE * (mean ?? 0)) / (own + SHRINKAGE);
    return { touchpoint, n: own, score, shrunk, isSmall: own < SMALL_N };
  });
  if (mean === null || touchpoints.length < 2)
    return { value: null, mean, n, touchpoints, worst: null, test: null };
  const spread = sum(touchpoints.map((each) => (each.n / n) * (each.shrunk - mean) ** 2));
  const [furthest] = touchpoints.toSorted((a, b) => a.shrunk - b.shrunk);
  return {
    value: 1 - Math.sqrt(spread),
    mean,
    n,
    touchpoints,
    worst: furthest ? { touchpoint: furthest.touchpoint, gap: furthest.shrunk - mean } : null,
    test: testOf(answered, whole, n),
  };
}

const columnSums = (rows: readonly AtTouchpoint[]): number[] =>
  (rows[0]?.classes ?? []).map((_, column) => sum(rows.map(({ classes }) => classes[column] ?? 0)));

/** Pearson's χ² over touch points and classes; a class that nobody chose is no column. Null where there is one class. */
function testOf(rows: readonly AtTouchpoint[], whole: readonly number[], n: number): Consistency['test'] {
  const columns = whole.flatMap((count, column) => (count > 0 ? [{ count, column }] : []));
  if (columns.length < 2) return null;
  const cells = rows.flatMap(({ classes }) =>
    columns.map(({ count, column }) => ({
      seen: classes[column] ?? 0,
      expected: (sum(classes) * count) / n,
    })),
  );
  const chiSquared = sum(cells.map(({ seen, expected }) => (seen - expected) ** 2 / expected));
  const degrees = (rows.length - 1) * (columns.length - 1);
  const holds = cells.every(({ expected }) => expected >= EXPECTED_MIN);
  return { chiSquared, degrees, p: holds ? chiSquaredTail(chiSquared, degrees) : null };
}
