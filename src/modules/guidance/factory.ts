import { shiftDay } from '../insight/index.ts';
import type { Judgement } from './judge.ts';
import type { JudgedDay } from './findings.ts';
import type { Market } from './markets.ts';

/** A judgement out of the ordinary, for tests of what follows from one. */
export const aJudgement = (more: Partial<Judgement> = {}): Judgement => ({
  span: 1,
  observed: 10,
  expected: 40,
  low: 22,
  high: 63,
  chance: 1e-6,
  direction: 'down',
  ...more,
});

export const aMarket = (more: Partial<Market> = {}): Market => ({
  metric: 'orders',
  region: 'NL',
  currency: 'EUR',
  ...more,
});

/** So many days in a row; of those that are numbered, the market's figure was out of the ordinary. */
export const judgedDays = (
  first: string,
  count: number,
  struck: readonly number[],
  key: Market = aMarket(),
  judgement: Judgement = aJudgement(),
): JudgedDay[] =>
  Array.from({ length: count }, (_, index) => ({
    day: shiftDay(first, index),
    alarms: struck.includes(index) ? [{ key, judgement }] : [],
  }));
