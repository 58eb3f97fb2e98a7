import { expect, test } from 'vitest';
import { metricDimensions, METRIC_NAMES } from '#modules/insight/index.ts';
import { changeScale, evenBounds, heatBounds, shareOfChange, valueScale } from './heat.ts';
import { againstOf, hrefOf, MAP_METRICS, type MarketQuery, stepsOf, viewOf } from './market-query.ts';

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
  const wide = valueScale('orders', 'EUR', [8_295_504, 283_273, 19_936, 1_150, 131]);
  expect(wide.bounds).toEqual([1_000, 10_000, 100_000, 1_000_000]);
  expect([131, 1_150, 19_936, 283_273, 8_295_504, 0, null, -3].map(wide.toneOf)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '0',
    'null',
    '-1',
  ]);
  expect(heatBounds([568, 75, 128])).toEqual([10, 30, 100, 300]);
  expect(heatBounds([0, -5])).toEqual([]);
  expect(valueScale('net_sales', 'EUR', [56_800, 7_500]).bounds).toEqual([1_000, 3_000, 10_000, 30_000]);
  expect(valueScale('net_sales', 'JPY', [56_800, 7_500]).bounds).toEqual([1_000, 3_000, 10_000, 30_000]);
});

test('what was divided has even steps, and its zero is a figure', () => {
  const rate = valueScale('return_rate', 'EUR', [0, 0.04, 0.1, null]);
  expect(rate.bounds).toEqual([0.04, 0.06, 0.08, 0.1]);
  expect([0, 0.05, 0.1, null].map(rate.toneOf)).toEqual(['1', '2', '5', 'null']);
  expect(evenBounds([7])).toEqual([]);
  expect(valueScale('return_rate', 'EUR', []).bounds).toEqual([]);
});

test('a change has two sides around what hardly changed, and none where there was nothing', () => {
  const tones = [
    [50, 100],
    [90, 100],
    [100, 100],
    [106, 100],
    [200, 100],
    [5, 0],
    [null, 100],
  ].map(([value, before]) => changeScale.toneOf(shareOfChange(value, before)));
  expect(tones).toEqual(['fall-2', 'fall-1', 'flat', 'rise-1', 'rise-2', 'null', 'null']);
});

test('every metric that can be split by region colours the map, and no other', () => {
  expect(MAP_METRICS).toEqual(METRIC_NAMES.filter((name) => metricDimensions(name).includes('region')));
  expect(MAP_METRICS).toContain('assigned_share');
  expect(MAP_METRICS).not.toContain('stock_turn');
});

test('the steps of a period are its days, weeks or months, and cover it once', () => {
  const steps = (from: string, to: string) => stepsOf(see({ from, to }));
  expect(steps('2026-05-01', '2026-05-31')).toHaveLength(31);
  expect(steps('2026-05-01', '2026-06-03')).toEqual([
    { from: '2026-05-01', to: '2026-05-03' },
    { from: '2026-05-04', to: '2026-05-10' },
    { from: '2026-05-11', to: '2026-05-17' },
    { from: '2026-05-18', to: '2026-05-24' },
    { from: '2026-05-25', to: '2026-05-31' },
    { from: '2026-06-01', to: '2026-06-03' },
  ]);
  expect(steps('2025-01-15', '2025-12-31').slice(0, 2)).toEqual([
    { from: '2025-01-15', to: '2025-01-31' },
    { from: '2025-02-01', to: '2025-02-28' },
  ]);
  const view = see({ from: '2026-05-01', to: '2026-06-03', step: '2026-05-11' });
  expect(view.shown).toEqual({ from: '2026-05-11', to: '2026-05-17' });
  expect(see({ from: '2026-05-01', to: '2026-06-03', step: '2026-05-12' })).toMatchObject({
    step: undefined,
  });
});

test('a period is compared with the one before, the year before, or days that were chosen; a step with its own part of them', () => {
  const may = { from: '2026-05-01', to: '2026-05-31' };
  const dates = { compare: 'dates' as const, before_from: '2025-12-24', before_to: '2025-12-01' };
  expect(againstOf(see(may))).toBe('previous');
  expect(againstOf(see({ ...may, compare: 'year' }))).toBe('year');
  expect(againstOf(see({ ...may, compare: 'dates' }))).toBe('previous'); // without days there are none
  expect(againstOf(see({ ...may, ...dates }))).toEqual({ from: '2025-12-01', to: '2025-12-24' });
  const step = (day: string) => againstOf(see({ ...may, ...dates, step: day }));
  expect(step('2026-05-03')).toEqual({ from: '2025-12-03', to: '2025-12-03' });
  expect(step('2026-05-30')).toBeUndefined();
  const view = see({ ...may, ...dates, step: '2026-05-03', colour: 'change' });
  expect(hrefOf(view)).toBe(
    '/desk/market?from=2026-05-01&to=2026-05-31&currency=EUR&compare=dates&before_from=2025-12-01&before_to=2025-12-24&colour=change&step=2026-05-03',
  );
  expect(hrefOf(view, { compare: 'year', step: '' })).toBe(
    '/desk/market?from=2026-05-01&to=2026-05-31&currency=EUR&compare=year&colour=change',
  );
  expect(hrefOf(view, { period: '7' })).not.toContain('step');
});
