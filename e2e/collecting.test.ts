import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { AxeBuilder } from '@axe-core/playwright';
import type { FastifyInstance } from 'fastify';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { sql } from 'kysely';
import { expect, onTestFinished, vi } from 'vitest';
import { aSource } from '#modules/collector/factory.ts';
import { aMember } from '#modules/identity/factory.ts';
import { mailedLink } from '#platform/mailed-links.ts';
import { launchBrowser } from '#test/browser.ts';
import { test } from '#test/harness.ts';
import { readAssets } from '../src/web/assets.ts';
import { ensureClientBuild } from '../src/web/build.ts';
import { aProduct, aSignedInBrowser } from '../src/web/factory.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

async function aContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ locale: 'en-IE', ...options });
  context.setDefaultTimeout(20_000);
  return context;
}

const listen = async (app: { listen(to: object): Promise<string> }) =>
  (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');

const addressOf = (app: FastifyInstance) => `http://localhost:${(app.server.address() as AddressInfo).port}`;

/** What the stream has of a visitor, in the order in which it happened. */
async function told(clickhouse: ClickHouseClient, anonymousId: string) {
  const found = await clickhouse.query({
    query: `select name, product_id, quantity, price_minor, currency, query, url, consent, toString(member_id) as member
      from event final where anonymous_id = {id: String} order by occurred_at, name`,
    query_params: { id: anonymousId },
    format: 'JSONEachRow',
  });
  return found.json<Record<string, unknown>>();
}

const everything = async (clickhouse: ClickHouseClient) => {
  const found = await clickhouse.query({
    query: `select count() as n from event where kind != 'ledger'`,
    format: 'JSONEachRow',
  });
  return found.json();
};

const stored = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('stoa.')));
const idIn = (page: Page) =>
  page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => /^stoa\..*\.id$/.test(key));
    return localStorage.getItem(name ?? '') ?? '';
  });
/** Nothing waits in the browser: it was answered. */
const allSent = (page: Page) =>
  page.waitForFunction(() => !Object.keys(localStorage).some((key) => /^stoa\..*\.e\./.test(key)));

test('the snippet is less than 4 kB, and one file that imports nothing', async () => {
  const folder = await ensureClientBuild();
  const file = join(folder, readAssets(folder).snippet);
  expect(readFileSync(`${file}.gz`).length).toBeLessThan(4096);
  expect(readFileSync(file, 'utf8')).toMatch(/^\(\(\) ?=> ?\{(?![^]*\b(?:import|export)\b)[^]*\}\)\(\);\s*$/);
});

test('who says yes is counted exactly, by the names of the spec; who takes it back leaves nothing', async ({
  app,
  deps,
  clickhouse,
}) => {
  const origin = await listen(app);
  const { product } = await aProduct(deps.db, deps.databaseUrl, { colours: ['Sage'], amountMinor: 2420 });
  const context = await aContext({ viewport: { width: 390, height: 4000 } });
  const page = await context.newPage();

  await page.goto(`${origin}/p/${product.slug}?utm_source=news&token=secret`);
  expect(await page.locator('script[data-key]').count()).toBe(0);
  expect(await stored(page)).toEqual([]);
  const { violations } = await new AxeBuilder({ page }).include('.ask-to-collect').analyze();
  expect(violations).toEqual([]);
  const [no, yes] = [
    await page.getByRole('button', { name: 'No, thank you' }).boundingBox(),
    await page.getByRole('button', { name: 'Yes, you may' }).boundingBox(),
  ];
  expect([no?.width, no?.height]).toEqual([yes?.width, yes?.height]);

  await page.getByRole('button', { name: 'Yes, you may' }).click();
  await page.getByText('You can take it back under Privacy').waitFor();
  expect(await page.getByRole('button', { name: 'Yes, you may' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.locator('.buy-status a').waitFor();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByText('The address is copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${origin}/p/${product.slug}`);
  await allSent(page);
  const id = await idIn(page);
  const common = {
    member: '00000000-0000-0000-0000-000000000000',
    consent: { analytics: true },
    url: `${origin}/p/${product.slug}?utm_source=news`,
    query: '',
  };
  const nothing = { product_id: '', quantity: 0, price_minor: 0, currency: '' };
  const thing = { product_id: product.id, price_minor: 2420, currency: 'EUR' };
  expect(await told(clickhouse, id)).toEqual([
    { ...common, ...nothing, name: '$page' },
    { ...common, ...thing, name: 'Product Viewed', quantity: 0 },
    { ...common, ...thing, name: 'Product Added', quantity: 1 },
    { ...common, ...thing, name: 'Product Shared', quantity: 0 },
  ]);

  await page.goto(`${origin}/account/privacy`);
  await allSent(page);
  await page.locator('input[value=analytics]').uncheck();
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('stoa.')));
  const before = await everything(clickhouse);
  await page.setViewportSize({ width: 390, height: 700 });
  await page.goto(`${origin}/p/${product.slug}`);
  await page.mouse.wheel(0, 5000);
  await page.waitForFunction(() => window.scrollY > 0);
  await page.goto(`${origin}/cart`);
  expect(await stored(page)).toEqual([]);
  expect(await everything(clickhouse)).toEqual(before);
});

test('a link of a mail is told by who has agreed, and leaves the address bar', async ({ app, deps }) => {
  const origin = addressOf(app);
  const { product } = await aProduct(deps.db, deps.databaseUrl);
  const { memberId } = await aMember(deps);
  const link = mailedLink(deps.config, `${origin}/p/${product.slug}`, { kind: 'member', id: memberId });
  const clicks = async () => {
    const { rows } = await sql<{ value: string }>`
      select value from persons.evidence join persons.node on node.id in (from_node, to_node)
      where evidence.kind = 'link_click' and node.kind = 'anonymous' and exists (
        select from persons.node as whom where whom.id in (from_node, to_node) and whom.value = ${memberId})`.execute(
      deps.db,
    );
    return rows.map(({ value }) => value);
  };
  const page = await (await aContext()).newPage();
  await page.goto(link);
  await page.getByRole('button', { name: 'No, thank you' }).waitFor();
  expect(page.url()).toBe(link);
  expect(await clicks()).toEqual([]);

  await page.getByRole('button', { name: 'Yes, you may' }).click();
  await page.getByText('You can take it back under Privacy').waitFor();
  expect(await clicks()).toEqual([]);
  const tab = await page.context().newPage();
  const told = tab.waitForResponse((each) => each.url().endsWith('/v1/persons/clicks'));
  await tab.goto(link);
  expect((await told).status()).toBe(204);
  expect(tab.url()).toBe(`${origin}/p/${product.slug}`);
  expect(await clicks()).toEqual([await idIn(page)]);
});

test('who says no, or whose browser does, is not collected and nothing is kept', async ({
  app,
  deps,
  clickhouse,
}) => {
  const address = addressOf(app);
  const { product } = await aProduct(deps.db, deps.databaseUrl);
  const before = await everything(clickhouse);

  const plain = await (await aContext({ javaScriptEnabled: false })).newPage();
  await plain.goto(`${address}/p/${product.slug}`);
  await plain.getByRole('button', { name: 'No, thank you' }).click();
  await plain.getByText('Nothing is collected in this browser').waitFor();
  expect(await plain.getByRole('button', { name: 'Yes, you may' }).count()).toBe(0);

  for (const header of ['Sec-GPC', 'DNT']) {
    const page = await (await aContext({ extraHTTPHeaders: { [header]: '1' } })).newPage();
    await page.goto(`${address}/p/${product.slug}`);
    expect(await page.getByRole('button', { name: 'Yes, you may' }).count()).toBe(0);
    expect(await page.locator('script[data-consent=analytics]').count()).toBe(0);
    expect(await stored(page)).toEqual([]);
  }
  expect(await everything(clickhouse)).toEqual(before);
});

test('a member is known by the session, and asked as themselves', async ({ app, deps, clickhouse }) => {
  const address = addressOf(app);
  const signedIn = await aSignedInBrowser(app, deps);
  const context = await aContext();
  await context.addCookies([...signedIn.jar].map(([name, value]) => ({ name, value, url: address })));
  await context.addCookies([{ name: 'stoa_collect', value: 'yes', url: address }]);
  const page = await context.newPage();
  await page.goto(`${address}/brands`);
  await page.getByRole('button', { name: 'Yes, you may' }).click();
  await page.getByText('You can take it back under Privacy').waitFor();
  await allSent(page);
  expect(await told(clickhouse, await idIn(page))).toMatchObject([
    { name: '$page', member: signedIn.memberId },
  ]);
});

/** A page of a site that is not ours, with the snippet as its documentation says. */
async function anotherSite(stoa: string, key: string): Promise<string> {
  const html = `<!doctype html><title>Other</title><body style="height:4000px">
    <p data-stoa-view="Promotion Viewed" data-stoa='{"promotion_id":"p1"}'>See</p>
    <button data-stoa-click="Product Shared" data-stoa='{"product_id":"vase","share_via":"mail"}'>Share</button>
    <a href="https://maker.example/clay?who=ada" onclick="event.preventDefault()">Out</a>
    <script src="${stoa}/c.js" data-key="${key}"></script></body>`;
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end(html),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

test('on another site: nothing before consent; what happened offline goes once, after a reload', async ({
  app,
  db,
  clickhouse,
}) => {
  const address = addressOf(app);
  const { writeKey } = await aSource(db, { kind: 'browser' });
  const site = await anotherSite(address, writeKey);
  const context = await aContext();
  const page = await context.newPage();
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().endsWith('/v1/b'))));
  await page.goto(site);
  await page.evaluate(() => window.stoa?.track('Signed Up', { plan: 'a' }));
  expect([await stored(page), asked]).toEqual([[], 0]);

  await context.route('**/v1/b', (route) => route.abort('internetdisconnected'));
  await page.evaluate(() => window.stoa?.consent({ analytics: true }));
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('link', { name: 'Out' }).click();
  await page.evaluate(() => window.stoa?.track('Signed Up', { plan: 'a' }));
  await page.waitForFunction(
    () => Object.keys(localStorage).filter((key) => key.includes('.e.')).length === 5,
  );
  await page.waitForRequest('**/v1/b').catch(() => undefined);
  const id = await idIn(page);
  expect(await told(clickhouse, id)).toEqual([]);
  await page.reload();
  expect(await stored(page)).toHaveLength(6);
  await context.unroute('**/v1/b');
  await page.evaluate(() => window.stoa?.consent({ analytics: true }));
  await allSent(page);
  const names = async () => (await told(clickhouse, id)).map(({ name }) => name as string).toSorted();
  const once = ['$page', 'Link Clicked', 'Product Shared', 'Promotion Viewed', 'Signed Up'];
  expect(await names()).toEqual([...once, '$page', 'Promotion Viewed'].toSorted());

  await context.setOffline(true);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(
    () => Object.keys(localStorage).filter((key) => key.includes('.e.')).length === 4,
  );
  await context.setOffline(false);
  await allSent(page);
  const found = await clickhouse.query({
    query: `select JSONExtractInt(properties, 'depth') as depth, JSONExtractString(properties, 'url') as url
      from event final where anonymous_id = {id: String} and name in ('Page Scrolled', 'Link Clicked') order by depth`,
    query_params: { id },
    format: 'JSONEachRow',
  });
  expect(await found.json()).toEqual([
    { depth: 0, url: 'https://maker.example/clay' },
    ...[25, 50, 75, 100].map((depth) => ({ depth, url: '' })),
  ]);

  await page.evaluate(() => window.stoa?.consent({ analytics: false }));
  expect(await stored(page)).toEqual([]);

  // Whatever the site says, the browser's word goes before it.
  const quiet = await aContext();
  await quiet.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
  const refusing = await quiet.newPage();
  await refusing.goto(site);
  await refusing.evaluate(() => window.stoa?.consent({ analytics: true }));
  await refusing.getByRole('button', { name: 'Share' }).click();
  expect(await stored(refusing)).toEqual([]);
});
