import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { aSource } from '../src/modules/collector/factory.ts';
import { openClickhouse } from '../src/platform/clickhouse.ts';
import { openDb } from '../src/platform/db.ts';
import { atLeast, atMost, type Result } from './result.ts';
import { benchFolder, type Stage, start } from './stage.ts';

/** STOA_BENCH_EVENTS: how many events are sent, 100,000 unless it says. */
const EVENTS = Number(process.env['STOA_BENCH_EVENTS'] ?? 100_000);
const BATCH = 100;
const CONNECTIONS = 100;
const BARE_ROWS = 10_000;
const SINGLES_A_SECOND = 500;
const SINGLE_SECONDS = 6;

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const NAMES = ['Product Viewed', 'Product Added', 'Cart Viewed', 'Checkout Started', 'Order Completed'];

const anEvent = (index: number, at: number) => ({
  type: 'track',
  event: NAMES[index % NAMES.length],
  messageId: `bench-${randomUUID()}`,
  anonymousId: `visitor-${index % 5_000}`,
  timestamp: new Date(at - (index % 3_600) * 1_000).toISOString(),
  properties: {
    product_id: `product-${index % 900}`,
    sku: `SKU-${index % 900}`,
    quantity: 1 + (index % 4),
    price: 18.99,
    currency: 'EUR',
    colour: 'sage',
  },
  context: { locale: 'en-GB', page: { url: `https://shop.example/p/${index % 900}`, title: 'A vase' } },
});

/** Events a second beside the bare client with the same rows, and how long one call waits. */
export async function collector(): Promise<Result[]> {
  const dataDir = benchFolder('collector');
  rmSync(dataDir, { recursive: true, force: true });
  await using stage = await start(dataDir, 'off');
  await using db = openDb(stage.databaseUrl, { max: 2 });
  const { id, writeKey } = await aSource(db, { eventsPerSecond: 100_000, burst: 1_000_000 });
  const batches = bodies(writeKey);
  await sendAll(stage, batches.splice(0, 20)); // warm
  const { waits, seconds } = await sendAll(stage, batches);
  const ours = (batches.length * BATCH) / seconds;
  const bare = await bareRate(stage, id);
  const singles = await sendSingles(stage, writeKey);
  return [
    atLeast(`collector: ${Math.round(ours)} events/s beside ${Math.round(bare)} bare`, ours / bare, 0.5, ''),
    atMost(`collector: p99 of a batch of ${BATCH} at that rate`, percentile(waits, 0.99), 300, 'ms'),
    atMost(`collector: p99 of single events at ${SINGLES_A_SECOND}/s`, percentile(singles, 0.99), 100, 'ms'),
  ];
}

/** Made beforehand: what the sender does is no part of the figure. */
function bodies(writeKey: string): string[] {
  const at = Date.now();
  return Array.from({ length: EVENTS / BATCH + 20 }, (_, batch) =>
    JSON.stringify({
      writeKey,
      sentAt: new Date(at).toISOString(),
      batch: Array.from({ length: BATCH }, (_each, index) => anEvent(batch * BATCH + index, at)),
    }),
  );
}

async function sendAll(stage: Stage, batches: string[]): Promise<{ waits: number[]; seconds: number }> {
  const waits: number[] = [];
  const left = batches.values();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const body of left) waits.push(await post(`${stage.url}/v1/batch`, body));
    }),
  );
  return { waits, seconds: (performance.now() - began) / 1000 };
}

/** The very rows, from memory, into a table of the same form. */
async function bareRate({ clickhouse }: Stage, sourceId: string): Promise<number> {
  await using client = await openClickhouse(clickhouse);
  await client.command({ query: 'create table event_bare as event' });
  const found = await client.query({
    query: 'select * from event where source_id = {id: UUID}',
    query_params: { id: sourceId },
    format: 'JSONCompactEachRow',
  });
  const rows = await found.json<unknown[]>();
  const began = performance.now();
  for (let from = 0; from < rows.length; from += BARE_ROWS) {
    const values = rows.slice(from, from + BARE_ROWS);
    await client.insert({ table: 'event_bare', values, format: 'JSONCompactEachRow' });
  }
  return rows.length / ((performance.now() - began) / 1000);
}

async function sendSingles(stage: Stage, writeKey: string): Promise<number[]> {
  const began = performance.now();
  const calls = Array.from({ length: SINGLES_A_SECOND * SINGLE_SECONDS }, async (_, index) => {
    await setTimeout(Math.max(1, (index / SINGLES_A_SECOND) * 1000 - (performance.now() - began)));
    return post(`${stage.url}/v1/track`, JSON.stringify({ writeKey, ...anEvent(index, Date.now()) }));
  });
  return Promise.all(calls);
}

/** How long it took, in milliseconds. */
function post(url: string, body: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const began = performance.now();
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
    answer.resume().on('end', () => {
      if (answer.statusCode === 200) resolve(performance.now() - began);
      else reject(new Error(`answered ${answer.statusCode}`));
    });
  });
  sent.on('error', reject).end(body);
  return promise;
}

const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
