interface Corner {
  at: readonly number[];
  cost: number;
}

export interface Minimum extends Corner {
  /** False when the steps ran out before the corners met. */
  settled: boolean;
}

const STEPS_MAX = 2000;
const FIRST_STEP = 0.5;
const COST_TOLERANCE = 1e-10;
const PLACE_TOLERANCE = 1e-6;

/**
 * The lowest point near `start`, by Nelder and Mead's simplex: no derivatives, for a handful of parameters. It begins
 * anew at what it found, since a simplex can fall flat before the bottom.
 */
export function minimize(costOf: (at: readonly number[]) => number, start: readonly number[]): Minimum {
  const first = descend(costOf, start);
  return descend(costOf, first.at);
}

function descend(costOf: (at: readonly number[]) => number, start: readonly number[]): Minimum {
  const cornerAt = (at: readonly number[]): Corner => {
    const cost = costOf(at);
    return { at, cost: Number.isNaN(cost) ? Infinity : cost };
  };
  let corners = [start, ...start.map((_, i) => start.map((x, j) => (i === j ? x + FIRST_STEP : x)))]
    .map(cornerAt)
    .toSorted(byCost);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const [best, ...others] = corners;
    const worst = corners.at(-1);
    if (!best || !worst) break;
    if (haveMet(best, worst, corners)) return { ...best, settled: true };
    const kept = corners.slice(0, -1);
    const better = betterThan(worst, kept, cornerAt);
    corners = (
      better ? [...kept, better] : [best, ...others.map((o) => cornerAt(between(best.at, o.at, 0.5)))]
    ).toSorted(byCost);
  }
  return { ...(corners[0] ?? cornerAt(start)), settled: false };
}

function betterThan(
  worst: Corner,
  kept: readonly Corner[],
  cornerAt: (at: readonly number[]) => Corner,
): Corner | null {
  const middle = worst.at.map((_, i) => kept.reduce((sum, c) => sum + (c.at[i] ?? 0), 0) / kept.length);
  const towards = (factor: number) => cornerAt(between(middle, worst.at, factor));
  const mirrored = towards(-1);
  if (mirrored.cost < (kept[0]?.cost ?? Infinity)) {
    const further = towards(-2);
    return further.cost < mirrored.cost ? further : mirrored;
  }
  if (mirrored.cost < (kept.at(-1)?.cost ?? Infinity)) return mirrored;
  const inner = towards(mirrored.cost < worst.cost ? -0.5 : 0.5);
  return inner.cost < Math.min(mirrored.cost, worst.cost) ? inner : null;
}

function between(from: readonly number[], to: readonly number[], factor: number): number[] {
  return from.map((x, i) => x + factor * ((to[i] ?? 0) - x));
}

function haveMet(best: Corner, worst: Corner, corners: readonly Corner[]): boolean {
  if (!(worst.cost - best.cost <= COST_TOLERANCE * (1 + Math.abs(best.cost)))) return false;
  return corners.every((c) => c.at.every((x, i) => Math.abs(x - (best.at[i] ?? 0)) <= PLACE_TOLERANCE));
}

function byCost(one: Corner, other: Corner): number {
  return one.cost < other.cost ? -1 : Number(one.cost > other.cost);
}
