import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { Analytics } from '@segment/analytics-node';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aSource } from './factory.ts';

const rowsOf = async <Row>(
  clickhouse: ClickHouseClient,
  sourceId: string,
  columns: string,
): Promise<Row[]> => {
  const query = `select ${columns} from event final where source_id = {id: UUID} order by occurred_at, message_id`;
  const found = await clickhouse.query({ query, query_params: { id: sourceId }, format: 'JSONEachRow' });
  return found.json<Row>();
};

test('what @segment/analytics-node sends is in the stream when it is answered', async ({
  app,
  db,
  clickhouse,
}) => {
  const { id, writeKey } = await aSource(db);
  const host = await app.listen({ host: '127.0.0.1', port: 0 });
  const analytics = new Analytics({ writeKey, host, flushAt: 20, flushInterval: 50 });
  const faults: unknown[] = [];
  analytics.on('error', (fault) => faults.push(fault));
  const userId = randomUUID();
  const at = new Date(Date.now() - 3_600_000);
  analytics.identify({ userId, traits: { plan: 'gold' } });
  analytics.track({
    userId,
    event: 'Product Viewed',
    timestamp: at,
    properties: { product_id: 'vase', price: 18.99, currency: 'EUR', quantity: 2, colour: 'sage' },
  });
  await analytics.closeAndFlush({ timeout: 5_000 });

  expect(faults).toEqual([]);
  expect(
    await rowsOf(
      clickhouse,
      id,
      'kind, name, toString(member_id) as member, product_id, price_minor, currency, quantity, properties',
    ),
  ).toEqual([
    {
      kind: 'track',
      name: 'Product Viewed',
      member: userId,
      product_id: 'vase',
      price_minor: 1899,
      currency: 'EUR',
      quantity: 2,
      properties: '{"product_id":"vase","price":18.99,"currency":"EUR","quantity":2,"colour":"sage"}',
    },
    expect.objectContaining({ kind: 'identify', name: '$identify', member: userId }),
  ]);
});
