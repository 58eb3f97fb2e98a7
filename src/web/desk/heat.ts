/** How many tones the map's scale has: `--heat-1` to `--heat-5` of the style sheet, light to dark. */
const TONES = 5;

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

/** 1 to 5; 0 for nothing sold, -1 where more came back than went out. */
export function toneOf(value: number | null, bounds: readonly number[]): number {
  if (value === null || value === 0) return 0;
  if (value < 0) return -1;
  return 1 + bounds.filter((bound) => value >= bound).length;
}
