import type { ArmSummary } from './sequential.ts';

type Random = () => number;
/** One unit's outcome. */
export type Outcome = (random: Random) => number;

const ORDER_MINOR = 5_000;

export const conversions =
  (share: number): Outcome =>
  (random) =>
    random() < share ? 1 : 0;

/** Most bring nothing, the others a log-normal amount of minor units: a few of them by far the most. */
export const skewedAmounts =
  (share: number, times = 1): Outcome =>
  (random) => {
    if (random() >= share) return 0;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.round(ORDER_MINOR * times * Math.exp(normal));
  };

/** The mean of skewed amounts, but for the rounding: e^½ times the order in the middle. */
export const skewedMean = (share: number, times = 1) => share * ORDER_MINOR * times * Math.exp(0.5);

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/**
 * Assigns unit after unit by the weights and shows all arms so far at every look. What is shown is the same object each
 * time, further filled.
 */
export function watch(
  outcomes: readonly Outcome[],
  { weights, looks, unitsALook, random }: Watching,
  see: (arms: readonly ArmSummary[]) => void,
): void {
  const arms = outcomes.map((draw) => ({ draw, units: 0, sum: 0, sumOfSquares: 0 }));
  const bounds = weights.slice(0, -1).map((_, index) => sumOf(weights.slice(0, index + 1)));
  for (let look = 0; look < looks; look += 1) {
    for (let unit = 0; unit < unitsALook; unit += 1) {
      const at = random();
      let index = 0;
      while (index < bounds.length && at >= (bounds[index] ?? 1)) index += 1;
      const arm = arms[index];
      if (!arm) return;
      const outcome = arm.draw(random);
      arm.units += 1;
      arm.sum += outcome;
      arm.sumOfSquares += outcome ** 2;
    }
    see(arms);
  }
}

export interface Watching {
  weights: readonly number[];
  looks: number;
  unitsALook: number;
  random: Random;
}
