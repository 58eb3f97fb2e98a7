import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { openStorage } from '#modules/catalog/index.ts';
import { ownProfile } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { launchBrowser } from '#test/browser.ts';
import { test as withApp } from '#test/harness.ts';
import { aProduct, aSignedInBrowser, type ShelfFacts } from '../src/web/factory.ts';

type App = Parameters<typeof aSignedInBrowser>[0];

/** `test` with one server that listens and one browser for the whole file. */
export const test = withApp
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('origin', { scope: 'file' }, async ({ app }) =>
    (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost'),
  )
  /** All that `aPerson` and `aPage` need. */
  .extend('place', { scope: 'file' }, async ({ app, deps, browser, origin }) => ({
    app,
    deps,
    browser,
    origin,
  }));

export interface Visitor {
  page: Page;
  memberId: string;
  handle: string;
}

interface Place {
  app: App;
  deps: Deps;
  browser: Browser;
  origin: string;
}

/** A page of somebody's own: cookies of theirs alone, and every fault that the page meets is told. */
export async function aPage(
  { browser, origin }: Pick<Place, 'browser' | 'origin'>,
  cookies: Iterable<[string, string]> = [],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-IE',
    baseURL: origin,
    reducedMotion: 'reduce',
    ...options,
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(20_000);
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: origin })));
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  return page;
}

/** Somebody who is signed in and shows themselves by a name. */
export async function aPerson(
  place: Place,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const { app, deps } = place;
  const { jar, memberId } = await aSignedInBrowser(app, deps);
  const { handle } = await inTransaction(deps.db, (tx) => ownProfile(tx, memberId, name, deps.now()));
  return { page: await aPage(place, jar, options), memberId, handle };
}

/** From the cart to the order's page, as somebody without an account fills it in. */
export async function checkOut(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/checkout`);
  const main = page.getByRole('main');
  for (const [label, text] of [
    [/e-mail/i, 'ben@example.com'],
    [/^name/i, 'Ben Example'],
    [/street/i, 'Long Street 1'],
    [/postcode/i, '1011 AB'],
    [/city|town/i, 'Amsterdam'],
  ] as const)
    await main.getByLabel(label).first().fill(text);
  await main.getByLabel(/country/i).selectOption('NL');
  await main.getByRole('button', { name: /^(buy|pay|place)/i }).click();
  await page.waitForURL(/\/orders\//);
}

/** Goes on by the keyboard until something of that name has the focus. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 120; step++) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute('aria-label') ?? (at?.textContent || at?.id) ?? '';
    });
    if (name.test(text)) return;
  }
  throw new Error(`nothing called ${String(name)} came into focus`);
}

/** A thing before a plain ground, as a studio shows it. */
const studio = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="600"><rect width="480" height="600" fill="#e9e2d6"/>
  <ellipse cx="240" cy="320" rx="130" ry="200" fill="${colour}"/></svg>`;

/** A product whose pictures are there to be seen. */
export async function aPicturedProduct(deps: Deps, facts: ShelfFacts & { colour?: string } = {}) {
  const made = await aProduct(deps.db, deps.databaseUrl, { pictures: 1, colours: ['Sage'], ...facts });
  const { rows } = await sql<{ sha256: string; files: string[] }>`
    select sha256, files from catalog.media join catalog.product_media on media_id = media.id
    where product_id = ${made.product.id}`.execute(deps.db);
  const storage = openStorage(deps.config);
  const drawn = sharp(Buffer.from(studio(facts.colour ?? '#7a8f6a')));
  const bytes = {
    avif: await drawn.clone().avif({ effort: 0 }).toBuffer(),
    webp: await drawn.clone().webp({ effort: 0 }).toBuffer(),
    jpg: await drawn.clone().jpeg().toBuffer(),
  };
  for (const { sha256, files } of rows)
    for (const file of files) {
      const kind = file.slice(file.indexOf('.') + 1) as keyof typeof bytes; // as `aProduct` names them
      await storage.put(`${sha256}/${file}`, bytes[kind], `image/${kind}`);
    }
  return { ...made, title: made.product.title, id: made.product.id };
}

/** The bytes of a photo as a camera makes one; no two are the same. */
export const aPhoto = async (width = 800, height = 600) =>
  sharp({
    create: { width, height, channels: 3, background: `#${randomUUID().slice(0, 6)}` },
  })
    .jpeg()
    .toBuffer();
