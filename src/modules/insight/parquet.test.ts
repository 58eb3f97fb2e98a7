import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { parquetOf } from './parquet.ts';

const COLUMNS = [
  { name: 'region', type: 'text' as const },
  { name: 'net_sales', type: { decimals: 2 } },
  { name: 'orders', type: 'integer' as const },
  { name: 'return_rate', type: 'number' as const },
];

test('a table comes back out of its Parquet file, digit by digit, with quotes and with what is not there', async ({
  clickhouse,
}) => {
  const rows = [
    [`=a 'quoted' \\ "name"\n`, '90071992547409.93', 3, 0.125],
    ['Ελλάδα', '-0.05', null, null],
  ];

  const file = await parquetOf(clickhouse, COLUMNS, rows);

  expect(file.subarray(0, 4).toString()).toBe('PAR1');
  expect(file.subarray(-4).toString()).toBe('PAR1');
  const found = await clickhouse.query({
    query: `SELECT region, toString(net_sales) AS net, toTypeName(net_sales) AS type, orders, return_rate
      FROM format(Parquet, base64Decode({file:String}))`,
    query_params: { file: file.toString('base64') },
    format: 'JSONEachRow',
  });
  const type = 'Nullable(Decimal(38, 2))';
  expect(await found.json()).toEqual([
    { region: rows[0]?.[0], net: '90071992547409.93', type, orders: 3, return_rate: 0.125 },
    { region: 'Ελλάδα', net: '-0.05', type, orders: null, return_rate: null },
  ]);
});

test('a table of more than a quarter of a megabyte is taken, and one without rows', async ({
  clickhouse,
}) => {
  const many = Array.from({ length: 20_000 }, (_, index) => [`region ${index}`, '1.00', index, 0]);
  const file = await parquetOf(clickhouse, COLUMNS, many);
  const counted = await clickhouse.query({
    query: `SELECT toInt32(count()) AS rows, toInt32(sum(orders)) AS orders
      FROM format(Parquet, base64Decode('${file.toString('base64')}'))`,
    clickhouse_settings: { max_query_size: '16777216' },
    format: 'JSONEachRow',
  });
  expect(await counted.json()).toEqual([{ rows: 20_000, orders: 199_990_000 }]);

  const none = await parquetOf(clickhouse, COLUMNS, []);
  expect(none.subarray(-4).toString()).toBe('PAR1');
});

test('a column’s name is no text', async ({ clickhouse }) => {
  const named = [{ name: `x String') --`, type: 'text' as const }];
  await expect(parquetOf(clickhouse, named, [])).rejects.toThrow('is no name of a column');
});
