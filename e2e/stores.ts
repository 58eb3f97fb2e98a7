import { randomUUID } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { receive } from '#modules/inventory/index.ts';
import { setServeRate, setTerritory } from '#modules/market/index.ts';
import { aLocation, COLLECT } from '#modules/orders/factory.ts';
import { putDeliveryMethod } from '#modules/orders/index.ts';
import { aRegister } from '#modules/till/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { launchBrowser } from '#test/browser.ts';
import { aProduct, aSignedInBrowser } from '../src/web/factory.ts';
import { checkOut } from './people.ts';

/** Two stores with their registers, of which the one has the whole country and two units, the other one unit. */
export async function twoStores({ db, databaseUrl }: Deps) {
  const { product, variants } = await aProduct(db, databaseUrl, {
    colours: ['Sage'],
    stock: 0,
    amountMinor: 2420,
  });
  const variant = variants[0];
  if (!variant) throw new Error('a product without a variant');
  const [delft, breda] = [
    await aRegister(db, { locationId: await aLocation(db, { name: 'Stoa Delft' }) }),
    await aRegister(db, { locationId: await aLocation(db, { name: 'Stoa Breda' }) }),
  ];
  const startsOn = '2020-01-01';
  const rate = { startsOn, currency: 'EUR', minutesFixed: 4, minutesPerLine: 1, minuteMinor: 40 };
  const position = { latitude: 52.37, longitude: 4.9 };
  const stores = [{ locationId: delft.locationId, attractiveness: 1, position }];
  const territory = { id: randomUUID(), regionCode: 'NL', startsOn, stores, note: '', setBy: null };
  await inTransaction(db, async (tx) => {
    for (const [register, quantity] of [
      [delft, 2],
      [breda, 1],
    ] as const) {
      const { locationId } = register;
      const lines = [{ variantId: variant.id, quantity }];
      await receive(tx, { id: randomUUID(), locationId, lines }, new Date());
      await setServeRate(tx, { ...rate, locationId, labelMinor: 300, packagingMinor: 50 }, new Date());
    }
    await setTerritory(tx, territory, new Date());
    await putDeliveryMethod(tx, COLLECT);
  });
  return { slug: product.slug, title: product.title, variant, delft, breda };
}

type Stores = Awaited<ReturnType<typeof twoStores>>;
type App = Parameters<typeof aSignedInBrowser>[0];

export async function aContext(
  origin: string,
  jar: Iterable<[string, string]> = [],
): Promise<BrowserContext> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 }, locale: 'en-IE' });
  context.setDefaultTimeout(20_000);
  await context.addCookies([...jar].map(([name, value]) => ({ name, value, url: origin })));
  return context;
}

/** The number in what a page says of an order. */
const numberIn = (text: string): string => /ST-\d{4}-\d{6}/.exec(text)?.[0] ?? '';

/** At the counter, for cash: scanned, paid, carried away. */
export async function sellAtTill(page: Page, origin: string, sku: string): Promise<string> {
  const known = page.waitForResponse(/\/v1\/till\/catalog/);
  await page.goto(`${origin}/till/sell`);
  await known;
  await page.evaluate(
    (keys) => {
      for (const key of keys)
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
        );
    },
    [...Array.from(sku), 'Enter'],
  );
  await page.getByText('2 here').waitFor();
  await page.keyboard.press('F4');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('50');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sold' }).waitFor();
  return numberIn(await page.getByText(/^Receipt /).innerText());
}

export async function buyInShop(page: Page, origin: string, slug: string): Promise<string> {
  await page.goto(`${origin}/p/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page
    .getByText(/in your cart/i)
    .first()
    .waitFor();
  await checkOut(page, origin);
  return numberIn(await page.getByRole('main').innerText());
}

export async function anAssociate(app: App, deps: Deps, stores: Stores) {
  const associate = await aSignedInBrowser(app, deps, ['operations']);
  for (const { id: registerId } of [stores.delft, stores.breda]) {
    associate.jar.set('stoa_register', registerId);
    const opened = await app.inject({
      method: 'PUT',
      url: `/v1/till/shifts/${randomUUID()}`,
      headers: { cookie: [...associate.jar].map((pair) => pair.join('=')).join('; ') },
      payload: { registerId, floatMinor: 10_000 },
    });
    expect(opened.statusCode).toBe(200);
  }
  const at = (register: { id: string }) => [...associate.jar.set('stoa_register', register.id)];
  return { memberId: associate.memberId, at };
}
