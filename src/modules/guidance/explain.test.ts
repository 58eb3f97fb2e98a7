import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { catchUp, recordSale, type Sale } from '#modules/insight/factory.ts';
import { freshness } from '#modules/insight/index.ts';
import { test } from '#test/harness.ts';
import { explain, periodsOf } from './explain.ts';
import type { Watched } from './markets.ts';

const CLOCK = { now: new Date('2026-07-31T12:00:00Z'), timeZone: 'Europe/Amsterdam' };

test('days are compared with the same weekdays: whole weeks before', () => {
  expect(periodsOf({ fromDay: '2026-06-10', lastDay: '2026-06-11', days: [] })).toEqual({
    period: { from: '2026-06-10', to: '2026-06-11' },
    before: { from: '2026-06-03', to: '2026-06-04' },
  });
  const days = [{ day: '2026-06-10', span: 7 }];
  expect(periodsOf({ fromDay: '2026-06-10', lastDay: '2026-06-11', days })).toEqual({
    period: { from: '2026-06-04', to: '2026-06-11' },
    before: { from: '2026-05-21', to: '2026-05-28' },
  });
});

test('a fall of sales is told as fewer orders, another mix, smaller orders and more returns, and who changed it', async ({
  db,
  databaseUrl,
  clickhouse,
}) => {
  const currency = 'EXP';
  const [vase, lamp, loyal] = [randomUUID(), randomUUID(), randomUUID()];
  const sale = (
    businessDay: string,
    grossMinor: number,
    more: Partial<Sale> & { productId?: string } = {},
  ): Sale => {
    const { productId = vase, ...rest } = more;
    return { currency, businessDay, lines: [{ grossMinor, productId }], ...rest };
  };
  await inTransaction(db, async (tx) => {
    const all: Sale[] = [
      // Four orders of 100 by new customers, two of 300 by one who returns.
      ...[1, 2, 3, 4].map(() => sale('2026-06-03', 100, { customerId: randomUUID() })),
      sale('2026-06-01', 300, { customerId: loyal, productId: lamp }),
      sale('2026-06-03', 300, { customerId: loyal, productId: lamp }),
      sale('2026-06-03', 300, { customerId: loyal, productId: lamp }),
      // A week later two of 100 by new customers, and one of 200.
      ...[1, 2].map(() => sale('2026-06-10', 100, { customerId: randomUUID() })),
      sale('2026-06-10', 200, { customerId: loyal, productId: lamp }),
      sale('2026-06-10', 50, { isReturn: true }),
    ];
    for (const each of all) await recordSale(tx, each);
  });
  // The lamp stands on a shelf, the vase on none.
  await clickhouse.insert({
    table: 'product_shelf',
    values: [{ product_id: lamp, path: 'home/light', version: 1 }],
    format: 'JSONEachRow',
  });
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);
  const finding = (metric: Watched) => ({
    metric,
    region: 'NL',
    currency,
    fromDay: '2026-06-10',
    lastDay: '2026-06-10',
    days: [],
  });

  const found = await explain(clickhouse, finding('net_sales'), CLOCK);
  expect(found.value).toEqual({ before: 1_000, now: 350 });
  expect(found.partsBy).toBe('customer');
  // Six orders of 166.67 became three of 133.33. A third returned in both; they bring 200 instead of 300.
  expect(found.parts.map(({ name, change }) => [name, Math.round(change)])).toEqual([
    ['volume', -450],
    ['mix', 0],
    ['rate', -150],
    ['returns', -50],
    ['cancellations', 0],
  ]);
  expect(
    found.splits.map(({ by, drivers, rest }) => [by, drivers.map(({ change }) => change), rest.change]),
  ).toEqual([
    ['area', [-650], 0],
    ['customer', [-400, -200, -50], 0],
    ['category', [-400, -250], 0],
    ['brand', [-650], 0],
    ['product', [-400, -250], 0],
    ['store', [], 0],
  ]);
  expect(found.splits[2]?.drivers).toEqual([
    { key: 'home/light', before: 600, now: 200, change: -400 },
    { key: '', before: 400, now: 150, change: -250 },
  ]);
  expect(found.splits[4]?.drivers.map(({ key }) => key)).toEqual([lamp, vase]);
  // One vase came back of three pieces ordered.
  const returned = await explain(clickhouse, finding('return_rate'), CLOCK);
  const third = expect.closeTo(1 / 3, 10);
  expect(returned.splits.map(({ by, drivers }) => [by, drivers])).toEqual([
    ['product', [{ key: vase, before: 0, now: third, change: third }]],
    ['category', [{ key: '', before: 0, now: third, change: third }]],
    ['brand', [{ key: '00000000-0000-0000-0000-000000000000', before: 0, now: third, change: third }]],
  ]);

  const order = await explain(clickhouse, finding('average_order'), CLOCK);
  expect([
    order.value,
    order.parts.map(({ name, change }) => [name, Math.round(change * 100) / 100]),
  ]).toEqual([
    { before: 167, now: 133 },
    [
      ['mix', 0],
      ['rate', -33.33],
    ],
  ]);
  expect(order.splits[0]?.drivers.map(({ key, change }) => [key, Math.round(change * 100) / 100])).toEqual([
    ['returning', -33.33],
  ]);
  const orders = await explain(clickhouse, finding('orders'), CLOCK);
  expect([orders.parts, orders.splits.map(({ by, drivers }) => [by, drivers])]).toEqual([
    [],
    [
      ['area', [{ key: 'NL', before: 6, now: 3, change: -3 }]],
      [
        'customer',
        [
          { key: 'new', before: 4, now: 2, change: -2 },
          { key: 'returning', before: 2, now: 1, change: -1 },
        ],
      ],
    ],
  ]);
});
