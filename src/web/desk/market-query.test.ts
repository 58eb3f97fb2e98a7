import { expect, test } from 'vitest';
import { heatBounds, toneOf } from './heat.ts';
import { hrefOf, type MarketQuery, viewOf } from './market-query.ts';

const everything = { sources: ['online-retail'], touchpoints: ['web'] };
const around = {
  parts: [
    { currency: 'EUR', from: '2025-06-02', to: '2026-06-01', ...everything },
    { currency: 'GBP', from: '2010-12-01', to: '2011-12-09', ...everything },
  ],
  currency: 'EUR',
  now: new Date('2026-06-01T22:30:00Z'), // already the 2nd in Amsterdam
  timeZone: 'Europe/Amsterdam',
};
const see = (query: MarketQuery) => viewOf(query, around);

test('shows the last 28 days of the marketplace’s own currency when nothing is asked for', () => {
  expect(see({})).toMatchObject({
    preset: '28',
    period: { from: '2026-05-06', to: '2026-06-02' },
    currency: 'EUR',
    metric: 'net_sales',
    by: 'region',
    region: undefined,
  });
});

test('shows the whole of what was imported from years ago', () => {
  expect(see({ currency: 'GBP' })).toMatchObject({
    preset: 'all',
    period: { from: '2010-12-01', to: '2011-12-09' },
  });
});

test('takes dates over a preset, either way round, and lets go of what is no date', () => {
  const period = { from: '2026-01-02', to: '2026-02-01' };
  expect(see({ from: '2026-02-01', to: '2026-01-02', period: '7' })).toMatchObject({
    preset: undefined,
    period,
  });
  expect(see({ from: '2026-13-45', to: '2026-01-02', period: '7' })).toMatchObject({ preset: '7' });
  expect(see({ from: '', to: '', source: '', region: '' })).toMatchObject({
    preset: '28',
    source: undefined,
  });
});

test('an address opens the view it was made from, changed where it says so', () => {
  const view = see({ currency: 'GBP', metric: 'orders', source: 'online-retail', touchpoint: 'network:x' });
  expect(hrefOf(view, { region: 'FR', by: 'day' })).toBe(
    '/desk/market?period=all&currency=GBP&metric=orders&source=online-retail&touchpoint=network%3Ax&region=FR&by=day',
  );
  expect(hrefOf(view, { from: '2011-01-05', to: '2011-01-05', touchpoint: '', source: '' })).toBe(
    '/desk/market?from=2011-01-05&to=2011-01-05&currency=GBP&metric=orders',
  );
  expect(hrefOf(see({ from: '2026-01-02', to: '2026-02-01' }), { period: '90' })).toBe(
    '/desk/market?period=90&currency=EUR',
  );
});

test('tones differ by factors between the least and the most, and what is not sold has none', () => {
  const wide = heatBounds([8_295_504, 283_273, 19_936, 1_150, 131]);
  expect(wide).toEqual([1_000, 10_000, 100_000, 1_000_000]);
  expect([131, 1_150, 19_936, 283_273, 8_295_504, 0, null, -3].map((value) => toneOf(value, wide))).toEqual([
    1, 2, 3, 4, 5, 0, 0, -1,
  ]);
  expect(heatBounds([568, 75, 128])).toEqual([10, 30, 100, 300]);
  expect(heatBounds([0, -5])).toEqual([]);
});
