import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { migrateClickhouse, statementsOf } from '#platform/clickhouse-migrate.ts';
import { openClickhouse } from '#platform/clickhouse.ts';
import { answer } from '../src/modules/insight/answers.ts';
import { METRIC_NAMES } from '../src/modules/insight/metrics.ts';
import { refreshRollup } from '../src/modules/insight/rollups.ts';
import { atMost, type Result } from './result.ts';
import { benchFolder, start } from './stage.ts';

/** STOA_BENCH_ENTRIES: the larger ledger, ten million entries unless it says; the smaller one has a million. */
const LARGE = Number(process.env['STOA_BENCH_ENTRIES'] ?? 10_000_000);
const SMALL = 1_000_000;
const DAYS = 1_095;
const CLOCK = { now: new Date('2026-06-30T12:00:00Z'), timeZone: 'Europe/Amsterdam' };
const PERIOD = { from: '2026-04-02', to: '2026-06-30' };
const REGIONS = [
  'AT',
  'BE',
  'CH',
  'CZ',
  'DE',
  'DK',
  'ES',
  'FI',
  'FR',
  'GB',
  'IE',
  'IT',
  'NL',
  'NO',
  'PL',
  'PT',
  'SE',
];
const ROUNDS = 6;
const BATCHES = 30;
const BATCH_ORDERS = 200;
const MIGRATION = '../src/modules/insight/clickhouse/20261201T1200-sale-day.sql';

/** How long a figure takes, and what new entries cost, beside what is stored. */
export async function insight(): Promise<Result[]> {
  await using stage = await start(benchFolder('insight'), 'off');
  const small = await measure(stage.clickhouse, SMALL);
  const large = await measure(stage.clickhouse, LARGE);
  const stored = `${LARGE.toLocaleString('en')} entries`;
  return [
    atMost(`any metric by region and day, 90 days, beside ${stored}, p50`, at(large.asks, 0.5), 100, 'ms'),
    atMost('any metric by region and day, p99', at(large.asks, 0.99), 300, 'ms'),
    atMost(
      `a batch of ${BATCH_ORDERS} orders into the ledger and its sums beside ${stored}, p50`,
      at(large.batches, 0.5),
      500,
      'ms',
    ),
    atMost(
      `the same beside ${SMALL.toLocaleString('en')} entries, over which the larger ledger takes`,
      at(large.batches, 0.5) / at(small.batches, 0.5),
      1.5,
      '×',
    ),
    atMost(
      'a question beside the larger ledger over the smaller one, p50',
      at(large.asks, 0.5) / at(small.asks, 0.5),
      1.5,
      '×',
    ),
  ];
}

async function measure(address: Parameters<typeof openClickhouse>[0], entries: number) {
  const database = `bench_${randomUUID().replaceAll('-', '')}`;
  await using client = await openClickhouse({ ...address, database });
  try {
    await migrateClickhouse(client);
    await fill(client, entries);
    await askAll(client); // warm
    const asks: number[] = [];
    for (let round = 0; round < ROUNDS; round++) asks.push(...(await askAll(client)));
    const batches: number[] = [];
    for (let batch = 0; batch < BATCHES; batch++) batches.push(await newBatch(client, batch));
    return { asks, batches: batches.slice(2) };
  } finally {
    await client.command({ query: `drop database ${database}` });
  }
}

/** Three years in the order of their days, and the sums of what is there as the migration makes them. */
async function fill(client: ClickHouseClient, entries: number): Promise<void> {
  const regions = `[${REGIONS.map((code) => `'${code}'`).join(', ')}]`;
  const step = Math.min(entries, 1_000_000);
  for (let from = 0; from < entries; from += step) {
    await client.command({
      query: `
        INSERT INTO sale_entry (entry_id, document_id, order_id, is_return, kind, region, currency, business_day,
          occurred_at, touchpoint, source, units, gross_minor, discount_minor, net_minor)
        SELECT generateUUIDv4(number), id, id, number % 20 = 0, if(number % 10 = 1, 'postage', 'goods'),
          ${regions}[1 + cityHash64(number, 1) % ${REGIONS.length}], 'EUR',
          addDays(toDate32('2023-07-02'), intDiv(number * ${DAYS}, ${entries})) AS day,
          toDateTime64(day, 3, 'UTC'), ['web', 'till', 'app'][1 + number % 3], 'stoa',
          1 + number % 3, 1000 + number % 5000, number % 100, 1000 + number % 5000 - number % 100
        FROM (SELECT number, toUUID(UUIDNumToString(toFixedString(concat(
          reinterpretAsFixedString(cityHash64(intDiv(number, 2))), reinterpretAsFixedString(cityHash64(intDiv(number, 2), 1))), 16))) AS id
          FROM numbers({from:UInt64}, {step:UInt64}))`,
      query_params: { from, step },
    });
  }
  const sums = statementsOf(readFileSync(join(import.meta.dirname, MIGRATION), 'utf8')).at(-1) ?? '';
  await client.command({ query: sums });
}

async function askAll(client: ClickHouseClient): Promise<number[]> {
  const times: number[] = [];
  for (const metric of METRIC_NAMES) {
    const began = performance.now();
    await answer(client, { ...PERIOD, currency: 'EUR', by: ['region', 'day'], metrics: [metric] }, CLOCK);
    times.push(performance.now() - began);
  }
  return times;
}

/** What the follower does with a batch of today's orders, but for the read from PostgreSQL. */
async function newBatch(client: ClickHouseClient, batch: number): Promise<number> {
  const places = REGIONS.slice(0, 5);
  const values = Array.from({ length: BATCH_ORDERS }, (_, index) => ({
    event_id: randomUUID(),
    name: 'orders.order_placed.v1',
    payload: JSON.stringify(anOrder(places[index % places.length] ?? '')),
  }));
  const began = performance.now();
  const settings = { insert_deduplication_token: `bench:${batch}` };
  await client.insert({ table: 'order_event', values, format: 'JSONEachRow', clickhouse_settings: settings });
  const touched = places.map((place) => ({ currency: 'EUR', day: PERIOD.to, place }));
  await refreshRollup(client, 'sales', touched);
  return performance.now() - began;
}

const anOrder = (regionCode: string) => ({
  orderId: randomUUID(),
  customerId: null,
  touchpoint: 'web',
  regionCode,
  currency: 'EUR',
  businessDay: PERIOD.to,
  occurredAt: `${PERIOD.to}T09:00:00Z`,
  source: 'stoa',
  lines: [0, 1].map(() => ({
    lineId: randomUUID(),
    kind: 'goods',
    productId: null,
    variantId: null,
    quantity: 1,
    grossMinor: 1999,
    discountMinor: 0,
    netMinor: 1999,
  })),
});

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}
