import { expect, test } from 'vitest';
import { type Scored, scoresOf, segmentsOf } from './customers-scores.ts';

test('scores by percent rank, the order of the values told by nothing else, and ties share one', () => {
  expect(scoresOf([10, 20, 30, 40, 50])).toEqual([1, 2, 3, 4, 5]);
  expect(scoresOf([50, 10, 40, 20, 30])).toEqual([5, 1, 4, 2, 3]);
  expect(scoresOf([1, 1, 1, 1, 1, 1, 1, 1, 2, 9, 9])).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 5]);
  expect(scoresOf([1, 1, 1, 2, 2, 3])).toEqual([1, 1, 1, 4, 4, 5]);
  expect(scoresOf([7])).toEqual([1]);
  expect(scoresOf([])).toEqual([]);
});

const scored = (more: Partial<Scored>): Scored => ({
  recencyDays: 40,
  orders: 2,
  ordersEver: 3,
  recencyScore: 3,
  ordersScore: 2,
  marginScore: 3,
  stillHere: null,
  ...more,
});
const names = (more: Partial<Scored>) => segmentsOf(scored(more)).map(({ name }) => name);

test('names the segments that the numbers put a customer in, each with its reason', () => {
  expect(names({ recencyScore: 4, ordersScore: 4, marginScore: 4 })).toEqual(['best']);
  expect(names({ recencyScore: 3, ordersScore: 4, marginScore: 5 })).toEqual(['loyal', 'big_spender']);
  expect(names({ ordersEver: 1, orders: 1, recencyDays: 60 })).toEqual(['new']);
  expect(names({ ordersEver: 1, orders: 1, recencyDays: 61 })).toEqual(['occasional']);
  expect(names({ recencyScore: 2, ordersScore: 3 })).toEqual(['at_risk']);
  expect(names({ orders: 0, recencyDays: 365, recencyScore: 1, stillHere: 0.199 })).toEqual([
    'quiet',
    'likely_gone',
  ]);
  expect(names({ stillHere: 0.2 })).toEqual(['occasional']);
  const [at] = segmentsOf(scored({ recencyDays: 90, recencyScore: 2, orders: 4, ordersScore: 3 }));
  expect(at).toEqual({
    name: 'at_risk',
    title: 'At risk',
    reason:
      'Orders in 365 days: 4 (score 3 of 5), but the last one is long ago beside others: 90 days (score 2 of 5).',
  });
});
