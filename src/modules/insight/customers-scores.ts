import { textsOf } from '#platform/texts.ts';

const SCORE_MAX = 5;
const NEW_DAYS = 60;
const LEFT_CHANCE = 0.2;

/** What a customer did, in numbers, each scored from 1 to 5 beside all customers of the currency. */
export interface Scored {
  recencyDays: number;
  orders: number;
  ordersEver: number;
  recencyScore: number;
  ordersScore: number;
  marginScore: number;
  stillHere: number | null;
}

export const SEGMENTS = [
  'best',
  'loyal',
  'big_spender',
  'new',
  'at_risk',
  'quiet',
  'likely_gone',
  'occasional',
] as const;
export type SegmentName = (typeof SEGMENTS)[number];

export interface Segment {
  name: SegmentName;
  title: string;
  /** Why the customer is in it, in words and with their own numbers. */
  reason: string;
}

const t = textsOf({
  best: 'Best customers',
  loyal: 'Loyal',
  big_spender: 'Big spenders',
  new: 'New',
  at_risk: 'At risk',
  quiet: 'Quiet for a year',
  likely_gone: 'Likely gone',
  occasional: 'Occasional',
  reason_best:
    'Days since the last order: {days} (score {recency} of 5). Orders in 365 days: {orders} (score {often} of 5). Contribution margin: score {margin} of 5. All three are 4 or more.',
  reason_loyal:
    'Orders in 365 days: {orders} (score {often} of 5), and the last one is not long ago: {days} days (score {recency} of 5).',
  reason_big_spender: 'Contribution margin of 365 days: score {margin} of 5, the highest.',
  reason_new: 'The first order is the only one, and at most {most} days ago: {days}.',
  reason_at_risk:
    'Orders in 365 days: {orders} (score {often} of 5), but the last one is long ago beside others: {days} days (score {recency} of 5).',
  reason_quiet: 'No order in 365 days. The last one was {days} days ago.',
  reason_likely_gone:
    'By the model of purchases, the chance of another order is {chance} percent: below {least}.',
  reason_occasional: 'Orders in 365 days: {orders}, and nothing else stands out.',
} as const);

/**
 * Scores by percent rank: the share of the others whom one is above. Who ties shares a score, so that buying once, as
 * most do, does not come to five different scores.
 */
export function scoresOf(values: readonly number[]): number[] {
  const below = new Map<number, number>();
  values
    .toSorted((one, other) => one - other)
    .forEach((value, index) => {
      if (!below.has(value)) below.set(value, index);
    });
  const others = Math.max(values.length - 1, 1);
  return values.map((value) =>
    Math.min(SCORE_MAX, 1 + Math.floor((SCORE_MAX * (below.get(value) ?? 0)) / others)),
  );
}

/** Every segment that a customer is in, each with its reason; at least one. */
export function segmentsOf(scored: Scored): Segment[] {
  const { recencyScore: recency, ordersScore: often, marginScore: margin } = scored;
  const { recencyDays: days, orders, ordersEver, stillHere } = scored;
  const isBest = recency >= 4 && often >= 4 && margin >= 4;
  const found: (false | Segment)[] = [
    isBest && segment('best', t('reason_best', { days, recency, orders, often, margin })),
    !isBest &&
      often >= 4 &&
      recency >= 3 &&
      segment('loyal', t('reason_loyal', { days, recency, orders, often })),
    margin === SCORE_MAX && segment('big_spender', t('reason_big_spender', { margin })),
    ordersEver === 1 && days <= NEW_DAYS && segment('new', t('reason_new', { days, most: NEW_DAYS })),
    orders > 0 &&
      often >= 3 &&
      recency <= 2 &&
      segment('at_risk', t('reason_at_risk', { days, recency, orders, often })),
    orders === 0 && segment('quiet', t('reason_quiet', { days })),
    stillHere !== null &&
      stillHere < LEFT_CHANCE &&
      segment(
        'likely_gone',
        t('reason_likely_gone', { chance: Math.floor(stillHere * 100), least: LEFT_CHANCE * 100 }),
      ),
  ];
  const named = found.filter((each) => each !== false);
  return named.length > 0 ? named : [segment('occasional', t('reason_occasional', { orders }))];
}

const segment = (name: SegmentName, reason: string): Segment => ({ name, title: t(name), reason });

export const segmentTitle = (name: SegmentName): string => t(name);
