import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '#platform/embedded/ports.ts';
import { launchBrowser } from '#test/browser.ts';
import { aFolder, run } from '#test/crash/programs.ts';

// A whole Stoa starts here, with a demo of its own.
vi.setConfig({ testTimeout: 240_000 });

async function aStoa() {
  const dir = aFolder();
  const port = await freePort();
  const stoa = run('src/main.ts', { STOA_DATA: dir, PORT: String(port), STOA_DEMO: 'tiny' });
  await stoa.says('Stoa is ready');
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  return { browser, url: `http://localhost:${port}`, mailFolder: join(dir, 'mail') };
}

/** What a screen reader or a keyboard would stumble over; nothing is allowed. */
async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(told, new URL(page.url()).pathname).toEqual([]);
}

async function signIn(page: Page, url: string, email: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((address) => address.pathname !== '/sign-in');
}

test('a guest searches, compares, signs up, buys, and the desk sees it on the map', async () => {
  const { browser, url, mailFolder } = await aStoa();
  const shopper = await (await browser.newContext()).newPage();
  const faults: string[] = [];
  shopper.on('pageerror', (fault) => faults.push(fault.message));
  shopper.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });

  // Found by a misspelt word.
  await shopper.goto(url);
  await expectAccessible(shopper);
  await shopper.locator('#search').fill('fruit bwol');
  await shopper.locator('#search').press('Enter');
  await shopper.waitForURL(/\/search\?/);
  await expectAccessible(shopper);
  await shopper
    .getByRole('main')
    .getByRole('link', { name: /fruit bowl/i })
    .first()
    .click();
  await shopper.waitForURL(/\/p\//);
  const title = await shopper.getByRole('heading', { level: 1 }).innerText();
  expect(title).toBe('Quay fruit bowl');
  await expectAccessible(shopper);

  // Compared with another.
  await shopper.getByRole('button', { name: /keep for comparing/i }).click();
  await shopper.goto(`${url}/compare?p=quay-fruit-bowl-arber&p=quay-carafe-arber`);
  await expect(shopper.getByRole('rowheader', { name: 'Capacity' }).isVisible()).resolves.toBe(true);
  await expectAccessible(shopper);

  // Into the cart as a guest; the cart outlives signing up.
  await shopper.goto(`${url}/p/quay-fruit-bowl-arber`);
  await shopper.getByRole('button', { name: 'Add to cart' }).click();
  await shopper
    .getByText(/in your cart/i)
    .first()
    .waitFor();
  await shopper.goto(`${url}/sign-up`);
  await expectAccessible(shopper);
  await shopper.getByLabel('Name').fill('Mira Okafor');
  await shopper.getByLabel('E-mail address').fill('mira@example.com');
  await shopper.getByLabel('Password').fill('three green vases');
  await shopper.getByRole('button', { name: 'Sign up', exact: true }).click();
  await shopper.waitForURL((address) => address.pathname !== '/sign-up');
  await shopper.goto(await confirmationLink(mailFolder, 'mira@example.com'));
  await shopper.getByRole('main').getByRole('button').click();
  await shopper.waitForURL((address) => address.pathname !== '/confirm');
  await shopper.goto(`${url}/cart`);
  await expect(shopper.getByRole('main').getByText('Quay fruit bowl').first().isVisible()).resolves.toBe(
    true,
  );
  await expectAccessible(shopper);

  // Bought.
  await shopper.goto(`${url}/checkout`);
  await expectAccessible(shopper);
  await shopper.getByLabel('Name', { exact: true }).fill('Mira Okafor');
  await shopper.getByLabel(/street/i).fill('Laugavegur 12');
  await shopper.getByLabel(/postcode/i).fill('101');
  await shopper.getByLabel(/city|town/i).fill('Reykjavik');
  await shopper.getByLabel(/country/i).selectOption('IS');
  await shopper
    .getByRole('main')
    .getByRole('button', { name: /^(buy|pay|place)/i })
    .click();
  await shopper.waitForURL(/\/orders\//);
  const order = await shopper.getByRole('main').innerText();
  expect(order).toContain('Quay fruit bowl');
  expect(order).toContain('Reykjavik');
  await expectAccessible(shopper);
  const receipt = await mailTo(mailFolder, 'mira@example.com', 'Quay fruit bowl');
  expect(receipt).toContain('Reykjavik');

  // On the desk's map within moments: a sale in Iceland today.
  const desk = await (await browser.newContext()).newPage();
  await signIn(desk, url, 'desk@stoa.example', 'colonnade-desk');
  await expect
    .poll(
      async () => {
        await desk.goto(`${url}/desk/market?period=7`);
        return desk.getByRole('main').innerText();
      },
      { timeout: 10_000 },
    )
    .toContain('Iceland');
  await expectAccessible(desk);

  // What was bought has left a trace in the stock of its place.
  await desk.goto(`${url}/desk/stock?words=fruit+bowl`);
  await expectAccessible(desk);
  await desk.getByRole('link', { name: 'Quay fruit bowl' }).first().click();
  await desk.getByRole('table', { name: 'Movements' }).waitFor();
  await expectAccessible(desk);

  // And nobody else gets there.
  await shopper.goto(`${url}/desk`);
  await expect(shopper.getByRole('heading', { level: 1 }).innerText()).resolves.not.toMatch(/desk/i);
  expect(faults.filter((fault) => !fault.includes('403'))).toEqual([]);
});

async function confirmationLink(folder: string, to: string): Promise<string> {
  const mail = await mailTo(folder, to, 'http');
  const [link] = /https?:\/\/\S+/.exec(mail) ?? [];
  if (!link) throw new Error(`no link in ${mail}`);
  return link;
}

/** The newest message to an address that contains the words, once it is there: a job sends it. */
async function mailTo(folder: string, to: string, words: string): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(
      () => {
        const messages = filesIn(folder).map((name) => readable(readFileSync(join(folder, name), 'utf8')));
        found = messages.findLast((message) => message.includes(`To: ${to}`) && message.includes(words));
        return found;
      },
      { timeout: 20_000 },
    )
    .toBeDefined();
  return found ?? '';
}

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.eml') && !name.startsWith('.'))
      .sort();
  } catch {
    return []; // no mail yet
  }
};

/** Long lines of a message are broken by quoted-printable. */
const readable = (message: string) =>
  message
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
