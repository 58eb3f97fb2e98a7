import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { aPromotion } from '#modules/pricing/factory.ts';
import { endPromotion } from '#modules/pricing/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aTablet, aTill, originOf, scan } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

/** Answers of the server that come by the test's word: the worker that keeps the page would hide them from it. */
const OPTIONS = { serviceWorkers: 'block' } as const;

const totalsAt = async (db: Db, registerId: string): Promise<number[]> => {
  const { rows } = await sql<{ totalMinor: number }>`
    select o.total_minor::int as "totalMinor" from till.sale sale join orders."order" o on o.id = sale.order_id
    where sale.register_id = ${registerId} order by sale.sold_at`.execute(db);
  return rows.map(({ totalMinor }) => totalMinor);
};

async function openSelling(page: Page, origin: string): Promise<void> {
  const known = page.waitForResponse(/\/v1\/till\/catalog/);
  await page.goto(`${origin}/till/sell`);
  await known;
}

/** Holds the server's prices back until they are let go. */
async function holdQuotes(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route('**/v1/till/quotes', async (route) => {
    await held.promise;
    await route.continue();
  });
  return held.resolve;
}

/** Goes from the means to the test terminal's button as soon as it is drawn; answers where the focus is frames later. */
async function goToTerminalAtOnce(): Promise<string | null | undefined> {
  const terminal = () =>
    [...document.querySelectorAll('button')].find(
      (button) => button.textContent === 'Test terminal approves',
    );
  document.querySelector<HTMLElement>('.sell-means label:nth-of-type(2) input')?.click();
  while (!terminal()) await Promise.resolve();
  terminal()?.focus();
  for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
  await new Promise((next) => setTimeout(next));
  return document.activeElement?.textContent;
}

test('pay waits for the server’s price, tells a total that it changes, and takes no payment before', async ({
  app,
  deps,
}) => {
  const { db } = deps;
  const origin = await originOf(app);
  const { register, sku, title, cookies } = await aTill(app, deps, 5);
  const promotion = await aPromotion(db, {});
  const page = await (await aTablet(origin, cookies, OPTIONS)).newPage();
  await openSelling(page, origin);
  const letGo = await holdQuotes(page);

  await scan(page, sku);
  await page.getByRole('article', { name: title }).waitFor();
  await page.getByLabel('Promotion code').fill(promotion.code ?? '');
  await page.keyboard.press('Enter');
  await page.keyboard.press('F4');
  await page.getByText('Asking the server for its price').waitFor();
  await page.keyboard.type('30');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /24\.50/ }).count()).resolves.toBe(1);
  letGo();
  await page.getByText('The total is €22.05 now, not €24.50.').waitFor();
  // What was typed is kept; nothing was taken by the other total.
  await expect(page.getByLabel('Cash handed over').inputValue()).resolves.toBe('30');
  expect(await totalsAt(db, register.id)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText(/^Receipt /).waitFor();
  await expect(page.getByText('Change to give').innerText()).resolves.toContain('€7.95');
  expect(await totalsAt(db, register.id)).toEqual([2205]);

  // Its price changes between the quote and the payment: refused by name, and the new total is offered.
  await page.keyboard.press('Enter');
  await page.unroute('**/v1/till/quotes');
  await scan(page, sku);
  await page.getByLabel('Promotion code').fill(promotion.code ?? '');
  await page.keyboard.press('Enter');
  await page.getByText('€22.05').first().waitFor();
  await inTransaction(db, (tx) => endPromotion(tx, promotion.id, deps.now()));
  await page.keyboard.press('F4');
  await page.keyboard.type('22.05');
  await page.keyboard.press('Enter');
  await page.getByText('The sale was not made: The total is no longer what it was').waitFor();
  await page.getByText('The total is €24.50 now, not €22.05.').waitFor();
  expect(await totalsAt(db, register.id)).toEqual([2205]);
  await page.getByRole('radio', { name: 'Card', exact: true }).press(' ');
  await expect(page.getByLabel('Amount').inputValue()).resolves.toBe('2.45');
  // Whoever is quicker than the page’s next frame keeps the focus: their Enter means the button they went to.
  await page.getByRole('radio', { name: 'Cash', exact: true }).press(' ');
  expect(await page.evaluate(goToTerminalAtOnce)).toBe('Test terminal approves');
  await page.getByRole('button', { name: 'Test terminal approves' }).press('Enter');
  await page.getByText(/^Receipt /).waitFor();
  expect(await totalsAt(db, register.id)).toEqual([2205, 2450]);
});

test('a sale that the server fails over three times holds up nobody, is told, and is entered in the end', async ({
  app,
  deps,
}) => {
  const { db } = deps;
  const origin = await originOf(app);
  const { register, sku, title, cookies } = await aTill(app, deps, 5);
  const page = await (await aTablet(origin, cookies, OPTIONS)).newPage();
  await openSelling(page, origin);
  const refused = new Set<string>();
  let isFailing = true;
  await page.route('**/v1/till/sales/*', async (route) => {
    if (refused.size === 0) refused.add(route.request().url());
    if (isFailing && refused.has(route.request().url())) await route.fulfill({ status: 503, body: '{}' });
    else await route.continue();
  });
  const sell = async (button: string) => {
    await scan(page, sku);
    await page.getByRole('article', { name: title }).waitFor();
    await page.keyboard.press('F4');
    await page.getByRole('button', { name: button, exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Sold' }).waitFor();
  };
  const tryAgain = () => page.evaluate(() => dispatchEvent(new Event('online')));

  await sell('€24.50');
  await page.getByText('1 sale waits').waitFor();
  await page.keyboard.press('Enter');
  await sell('€25.00');
  await tryAgain();
  await page.getByRole('button', { name: '1 sale to look at' }).waitFor();
  await page.getByText('1 sale waits').waitFor();
  expect(await totalsAt(db, register.id)).toEqual([2450]);
  await page.getByRole('button', { name: '1 sale to look at' }).press('Enter');
  await page.getByText(/^Set aside: €24\.50/).waitFor();
  await page.getByRole('button', { name: /^I have seen it/ }).press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  isFailing = false;
  await tryAgain();
  await page.getByText('No sale waits').waitFor();
  expect(await totalsAt(db, register.id)).toEqual([2450, 2450]);
});
