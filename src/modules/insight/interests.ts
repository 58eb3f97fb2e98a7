import { textsOf } from '#platform/texts.ts';

/** What an act says of an interest. */
export const ACT_WEIGHTS = { viewed: 1, saved: 3, bought: 5 } as const;
export type Act = keyof typeof ACT_WEIGHTS;
/** An act counts half of what it did so many days later. */
export const HALF_LIFE_DAYS = 90;
/** As much of everybody's taste is mixed into a customer's: who has done little is like everybody. */
const PRIOR_WEIGHT = 20;
const LIFT_MIN = 1.5;
const WEIGHT_MIN = 3;
const OF_A_KIND_MAX = 3;

export const INTEREST_KINDS = ['category', 'brand'] as const;
export type InterestKind = (typeof INTEREST_KINDS)[number];

/** Acts on products, added up; `decayed` is what they count today. */
export interface Acts {
  act: Act;
  productId: string;
  count: number;
  decayed: number;
}

/** Where a product stands. */
export interface Shelf {
  kind: InterestKind;
  targetId: string;
  title: string;
}
export type Shelves = ReadonlyMap<string, readonly Shelf[]>;

export interface Interest extends Shelf {
  viewed: number;
  saved: number;
  bought: number;
  weight: number;
  /** Of all that the customer did, and of all that everybody did. */
  ownShare: number;
  allShare: number;
  /** How many times as much as everybody, after shrinkage. */
  lift: number;
}

interface Sum {
  shelf: Shelf;
  viewed: number;
  saved: number;
  bought: number;
  weight: number;
}

/** Weights by shelf of one kind, and of all of them together. */
interface Sums {
  byTarget: ReadonlyMap<string, Sum>;
  total: number;
}
export type Tastes = Readonly<Record<InterestKind, Sums>>;

/** What was done, by categories and by brands. A product that stands nowhere says nothing. */
export function tastesIn(acts: Iterable<Acts>, shelves: Shelves): Tastes {
  const sums = { category: new Map<string, Sum>(), brand: new Map<string, Sum>() };
  const totals = { category: 0, brand: 0 };
  for (const { act, productId, count, decayed } of acts)
    for (const shelf of shelves.get(productId) ?? []) {
      const { kind, targetId } = shelf;
      const sum = sums[kind].get(targetId) ?? { shelf, viewed: 0, saved: 0, bought: 0, weight: 0 };
      const weight = ACT_WEIGHTS[act] * decayed;
      sum[act] += count;
      sum.weight += weight;
      totals[kind] += weight;
      sums[kind].set(targetId, sum);
    }
  return {
    category: { byTarget: sums.category, total: totals.category },
    brand: { byTarget: sums.brand, total: totals.brand },
  };
}

/**
 * lift = ((w + k·p) ÷ (W + k)) ÷ p, of w the customer's weight in it, W their weight in all, p everybody's share of it and
 * k the prior's weight. It goes from 1, for who did nothing, to w ÷ W ÷ p for who did much.
 */
export const liftOf = (weight: number, total: number, allShare: number): number =>
  (weight + PRIOR_WEIGHT * allShare) / ((total + PRIOR_WEIGHT) * allShare);

/** What stands out of a customer's acts beside everybody's, the highest lift first; few of each kind. */
export function interestsOf(own: Tastes, all: Tastes): Interest[] {
  return INTEREST_KINDS.flatMap((kind) => {
    const { byTarget, total } = own[kind];
    return [...byTarget.values()]
      .flatMap(({ shelf: { targetId, title }, ...sum }): Interest[] => {
        const everybody = all[kind].byTarget.get(targetId)?.weight ?? 0;
        if (everybody <= 0 || sum.weight < WEIGHT_MIN) return [];
        // Who acts while the night counts is in their own acts and not yet in everybody's.
        const allShare = Math.min(1, everybody / all[kind].total);
        const lift = liftOf(sum.weight, total, allShare);
        return lift < LIFT_MIN
          ? []
          : [{ kind, targetId, title, ...sum, ownShare: sum.weight / total, allShare, lift }];
      })
      .toSorted((one, other) => other.lift - one.lift || (one.targetId < other.targetId ? -1 : 1))
      .slice(0, OF_A_KIND_MAX);
  });
}

const t = textsOf({
  reason:
    'In 365 days: days looked at {viewed}, saves {saved}, orders {bought}. That is {own} percent of all these acts, where everybody has {all}: {lift} times as much, few acts counting less.',
} as const);

/** Why it is an interest, in words and with their own numbers. */
export const interestReason = ({ viewed, saved, bought, ownShare, allShare, lift }: Interest): string =>
  t('reason', {
    viewed,
    saved,
    bought,
    own: Math.round(ownShare * 100),
    all: Math.round(allShare * 100),
    lift: lift.toFixed(1),
  });
