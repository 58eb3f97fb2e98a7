import { simplexWeights } from './simplex.ts';

export const EFFECT_WAYS = ['synthetic', 'holdout', 'comparison'] as const;
export type EffectWay = (typeof EFFECT_WAYS)[number];

export interface Column {
  region: string;
  /** Day by day: those before, then those after. */
  values: readonly number[];
}

export interface Comparison {
  observed: number;
  expected: number;
  /** How often as much is seen where nothing was done. */
  chance: number;
  weights: { region: string; weight: number }[];
}

/**
 * What a market came to after a day, beside what others let expect (Abadie, Diamond & Hainmueller 2010): they are weighed so that
 * together they went the market's way on the days before. Each market is taken in its own average day of before, so that a small
 * one can resemble a large one. Those that went without what was done are compared with evenly: nobody chose them by their past.
 * The same is then done to each of the others, to which nothing was done, and `chance` is the share of all that stand off as far.
 */
export function compareWithOthers(
  treated: Column,
  others: readonly Column[],
  before: number,
  way: EffectWay,
): Comparison {
  const days = treated.values.length - before;
  const average = mean(treated.values.slice(0, before));
  const indexed = [treated, ...others].map(({ values }) => {
    const own = mean(values.slice(0, before));
    return values.map((value) => value / own);
  });
  const [subject = [], ...rest] = indexed;
  const made = standOff(subject, rest, before, way);
  const placebos = rest.map(
    (each, index) =>
      standOff(
        each,
        rest.filter((_, other) => other !== index),
        before,
        way,
      ).distance,
  );
  const asFar = placebos.filter((distance) => distance >= made.distance).length;
  return {
    observed: sum(treated.values.slice(before)),
    expected: made.expectedAfter * days * average,
    chance: (1 + asFar) / (1 + placebos.length),
    weights: others
      .map(({ region }, index) => ({ region, weight: made.weights[index] ?? 0 }))
      .filter(({ weight }) => weight >= WEIGHT_TOLD)
      .sort((a, b) => b.weight - a.weight || (a.region < b.region ? -1 : 1)),
  };
}

/** Less than that is nothing to tell of. */
const WEIGHT_TOLD = 0.001;
/** Of an average day: two that go the same way to the last unit are no further apart than that. */
const MISFIT_LEAST = 1e-3;

function standOff(
  subject: readonly number[],
  others: readonly (readonly number[])[],
  before: number,
  way: EffectWay,
): { weights: number[]; expectedAfter: number; distance: number } {
  const early = (values: readonly number[]) => values.slice(0, before);
  const weights =
    way === 'holdout'
      ? others.map(() => 1 / others.length)
      : simplexWeights(others.map(early), early(subject));
  const resembled = subject.map((_, day) =>
    others.reduce((total, values, index) => total + (weights[index] ?? 0) * (values[day] ?? 0), 0),
  );
  const gaps = subject.map((value, day) => value - (resembled[day] ?? 0));
  // A lasting change is seen in the average of its days long before it is seen in each of them.
  const misfit = Math.max(MISFIT_LEAST, Math.sqrt(mean(early(gaps).map((gap) => gap ** 2))));
  return {
    weights,
    expectedAfter: mean(resembled.slice(before)),
    distance: Math.abs(mean(gaps.slice(before))) / misfit,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
