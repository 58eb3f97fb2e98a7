import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import type { ClickHouseClient } from '@clickhouse/client';
import { build } from 'vite';
import { expect } from 'vitest';
import { aSource } from '#modules/collector/factory.ts';
import { launchBrowser } from '../browser.ts';
import { test } from '../harness.ts';

const seen = async (clickhouse: ClickHouseClient, sourceId: string) => {
  const found = await clickhouse.query({
    query: `select kind, name, user_id as user, product_id as product, price_minor as price, touchpoint
      from event final where source_id = {id: UUID} order by kind, name`,
    query_params: { id: sourceId },
    format: 'JSONEachRow',
  });
  return found.json<Record<string, unknown>>();
};

/** Both clients in one file, as a shop's own build would have them. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, 'browser-clients.ts'), formats: ['iife'], name: 'clients' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [result] = [built].flat();
  if (!result || !('output' in result)) throw new Error('Nothing was built');
  return result.output.map((each) => (each.type === 'chunk' ? each.code : '')).join('\n');
}

/** A page of another origin. */
async function aPage(script: string) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/clients.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>Shop</title><script src="/clients.js"></script>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

// It builds both clients and starts a browser.
test('@segment/analytics-next and @rudderstack/analytics-js send from a page of another origin, unchanged', async ({
  app,
  db,
  clickhouse,
}) => {
  const host = await app.listen({ host: '127.0.0.1', port: 0 });
  await using page = await aPage(await bundle());
  const origins = [new URL(page.url).origin];
  const [segment, rudder] = await Promise.all([
    aSource(db, { kind: 'browser', origins }),
    aSource(db, { kind: 'browser', origins, touchpoint: 'app' }),
  ]);
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    const said: string[] = [];
    tab.on('console', (message) => said.push(message.text()));
    await tab.goto(page.url);
    for (const [by, key] of [
      ['sendBySegment', segment.writeKey],
      ['sendByRudder', rudder.writeKey],
    ] as const) {
      const asked = `globalThis.${by}(${JSON.stringify(key)}, ${JSON.stringify(host)})`;
      await tab.evaluate(asked);
    }
    await expect
      .poll(async () => (await seen(clickhouse, rudder.id)).length, {
        timeout: 20_000,
        message: said.join('\n'),
      })
      .toBe(2);
    expect(await seen(clickhouse, segment.id)).toEqual([
      { kind: 'identify', name: '$identify', user: 'ada', product: '', price: 0, touchpoint: 'web' },
      { kind: 'page', name: '$page', user: 'ada', product: '', price: 0, touchpoint: 'web' },
      { kind: 'track', name: 'Product Added', user: 'ada', product: 'vase', price: 1899, touchpoint: 'web' },
    ]);
    expect(await seen(clickhouse, rudder.id)).toEqual([
      { kind: 'page', name: '$page', user: '', product: '', price: 0, touchpoint: 'app' },
      { kind: 'track', name: 'Product Viewed', user: '', product: 'bowl', price: 750, touchpoint: 'app' },
    ]);
  } finally {
    await browser.close();
  }
}, 180_000);

test('@rudderstack/rudder-sdk-node sends, zipped and called a form', async ({ app, db, clickhouse }) => {
  const { id, writeKey } = await aSource(db);
  const host = app.listeningOrigin;
  const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: host, flushAt: 2, gzip: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  analytics.track({ userId: 'ada', event: 'Product Viewed', properties: { product_id: 'vase' } });
  analytics.track({ userId: 'ada', event: 'Cart Viewed', properties: {} });
  void analytics.flush((fault) => (fault ? reject(fault) : resolve()));
  await promise;
  const names = async () => (await seen(clickhouse, id)).map(({ name }) => name);
  await expect.poll(names, { timeout: 10_000 }).toEqual(['Cart Viewed', 'Product Viewed']);
});
