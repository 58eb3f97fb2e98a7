import type { SalesAnswer } from '#modules/insight/index.ts';
import { expect, test } from 'vitest';
import { marketCsv } from './market-csv.ts';

const answer = (currency: string): SalesAnswer => ({
  currency,
  period: { from: '2011-01-01', to: '2011-01-31' },
  rows: [
    { key: 'GB', figures: { net_sales: { value: -5 }, orders: { value: 18664 } } },
    { key: 'x-channel-islands', figures: { net_sales: { value: 1993629 }, orders: { value: null } } },
  ],
  total: { key: '', figures: { net_sales: { value: 1993624 }, orders: { value: 18664 } } },
});
const regions = new Map([
  ['GB', { code: 'GB', name: '=United, "Kingdom"', outlineId: '826' }],
  ['x-channel-islands', { code: 'x-channel-islands', name: 'Channel Islands', outlineId: null }],
]);

test('the table as CSV: decimals of the currency, a total, no formulas, no broken quotes', () => {
  expect(marketCsv(answer('GBP'), 'region', regions, ['net_sales', 'orders'])).toBe(
    [
      'Region code,Region,Net sales (GBP),Orders',
      `GB,"'=United, ""Kingdom""",-0.05,18664`,
      'x-channel-islands,Channel Islands,19936.29,',
      'Total,,19936.24,18664',
      '',
    ].join('\r\n'),
  );
});

test('a currency without decimals has none', () => {
  const [, first] = marketCsv(answer('JPY'), 'day', regions, ['net_sales']).split('\r\n');
  expect(first).toBe('GB,-5');
});
