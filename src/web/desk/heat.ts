import { ticks } from 'd3-array';
import { decimalsOf } from '#platform/money.ts';
import { type MetricName, metricOf } from '#modules/insight/index.ts';

/** How many tones the map's scale has: `--heat-1` to `--heat-5` of the style sheet, light to dark. */
const TONES = 5;

/**
 * The tone of an area, which the style sheet makes a colour: 1 to 5 light to dark, 0 for nothing sold, -1 below zero;
 * falls and rises of a change; `null` where there is no figure.
 */
export type Tone = '-1' | '0' | '1' | '2' | '3' | '4' | '5' | 'null' | (typeof CHANGE_TONES)[number];
export const CHANGE_TONES = ['fall-2', 'fall-1', 'flat', 'rise-1', 'rise-2'] as const;

export interface Scale {
  kind: 'value' | 'change';
  /** Lower bounds of the tones after the first, as figures are counted. */
  bounds: number[];
  toneOf: (value: number | null | undefined) => Tone;
}

/**
 * The lower bounds of the tones after the first, rising: round numbers a human reads at once. Sales differ
 * between countries by factors, not by amounts, so each bound is three or ten times the one before.
 */
export function heatBounds(values: readonly number[]): number[] {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [];
  const most = Math.max(...positive);
  const spread = most / Math.min(...positive);
  const top = 10 ** Math.floor(Math.log10(most));
  const ladder = spread > 300 ? [1, 0.1, 0.01, 0.001] : tightLadder(most / top);
  return ladder
    .slice(0, TONES - 1)
    .map((share) => share * top)
    .filter((bound) => bound >= 1)
    .reverse();
}

const tightLadder = (leading: number) => (leading >= 3 ? [3, 1, 0.3, 0.1] : [1, 0.3, 0.1, 0.03]);

/** Round numbers at even steps, for what differs by amounts: shares, days, averages. */
export function evenBounds(values: readonly number[]): number[] {
  const known = values.filter((value) => value >= 0);
  if (known.length === 0) return [];
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return ticks(least, most, TONES)
    .filter((bound) => bound > least)
    .slice(-(TONES - 1));
}

/** Rising tones over what figures there are. Sums differ by factors; what was divided differs by amounts, and its zero is a figure. */
export function valueScale(
  metric: MetricName,
  currency: string,
  values: readonly (number | null | undefined)[],
): Scale {
  const known = values.filter((value) => typeof value === 'number');
  const { unit, kind } = metricOf(metric);
  const isSum = kind !== 'ratio' && (unit === 'money' || unit === 'count');
  const minor = unit === 'money' ? 10 ** decimalsOf(currency) : 1;
  const inMajor = known.map((value) => value / minor);
  const bounds = (isSum ? heatBounds(inMajor) : evenBounds(inMajor)).map((bound) => bound * minor);
  return {
    kind: 'value',
    bounds,
    toneOf: (value) => (isSum && value === 0 ? '0' : toneOf(value, bounds)),
  };
}

export function toneOf(value: number | null | undefined, bounds: readonly number[]): Tone {
  if (value === null || value === undefined) return 'null';
  if (value < 0) return '-1';
  return String(1 + bounds.filter((bound) => value >= bound).length) as Tone;
}

const CHANGE_BOUNDS = [-0.25, -0.05, 0.05, 0.25];

/** Falls to one side and rises to the other, what hardly changed between them: the same bounds on every map. */
export const changeScale: Scale = {
  kind: 'change',
  bounds: CHANGE_BOUNDS,
  toneOf: (share) =>
    typeof share === 'number'
      ? (CHANGE_TONES[CHANGE_BOUNDS.filter((bound) => share >= bound).length] ?? 'flat')
      : 'null',
};

/** How much more or less than before, as a share of it; null where there is nothing to compare with. */
export function shareOfChange(
  value: number | null | undefined,
  before: number | null | undefined,
): number | null {
  if (typeof value !== 'number' || typeof before !== 'number' || before <= 0) return null;
  return (value - before) / before;
}
