import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, vi } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { aPage, test } from './people.ts';
import { aTablet, aTill, expectAccessible, scan } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** Chromium knows how to read codes on some systems only, so the test reads what is shown as the till's camera does. */
async function addressIn(page: Page): Promise<string> {
  const shown = await page.locator('.sell-review img').screenshot();
  // A code has a quiet border, which paper gives it.
  const framed = sharp(shown)
    .resize(360)
    .extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#fff' });
  const [code, ...others] = await readBarcodes(await framed.png().toBuffer(), { formats: ['QRCode'] });
  expect(others).toEqual([]);
  return code?.text ?? '';
}

test('the code on a till’s receipt, scanned, opens the form without an account, and the review says that it was bought here', async ({
  place,
  app,
  deps,
  db,
  origin,
  work,
}) => {
  const { sku, title, cookies } = await aTill(app, deps, 2);
  const tablet = await aTablet(origin, cookies);
  const till = await tablet.newPage();
  const known = till.waitForResponse(/\/v1\/till\/catalog/);
  await till.goto(`${origin}/till/sell`);
  await known;
  await till.getByText('Connected').waitFor();
  await scan(till, sku);
  await till.getByText('2 here').waitFor();
  await till.keyboard.press('F4');
  await till.getByRole('dialog').waitFor();
  await till.keyboard.type('50');
  await till.keyboard.press('Enter');
  await till.getByRole('heading', { name: 'Sold' }).waitFor();
  await till.locator('.sell-review img').waitFor();
  await till.emulateMedia({ media: 'print' });
  await expect(till.locator('.sell-review').isVisible()).resolves.toBe(true);
  const address = await addressIn(till);
  const typed = await till.locator('.sell-review strong').innerText();
  expect(address).toBe(`${origin}/review/${typed}`);
  await work();

  // On the buyer's phone: asked how buying went first, then of the thing.
  const phone = await aPage(place, [], { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await phone.goto(new URL(address).pathname);
  await expectAccessible(phone);
  await phone
    .getByRole('listitem')
    .filter({ hasText: title })
    .getByRole('link', { name: 'Write a review' })
    .click();
  await phone.getByRole('heading', { name: `Your review of ${title}` }).waitFor();
  await expectAccessible(phone);
  const name = `Femke ${randomUUID().slice(0, 8)}`;
  await phone.getByLabel('2: weak').check();
  await phone.getByLabel('What you want to say').fill('It drips.');
  await phone.getByLabel(/^(Your )?name/i).fill(name);
  await phone.getByRole('button', { name: 'Publish' }).click();
  const review = phone.locator('.review').filter({ hasText: 'It drips.' });
  await review.waitFor();
  await expect(review.innerText()).resolves.toMatch(new RegExp(`${name}, .+ · Bought here`));
  const { rows } = await sql`
    select count(*)::integer as count, bool_and(order_line_id is not null) as verified from reviews.review
    where author_name = ${name}`.execute(db);
  expect(rows).toEqual([{ count: 1, verified: true }]);

  // By the typed code too; what has been reviewed is not asked again.
  await phone.goto('/review');
  await phone.getByLabel('The code on your receipt').fill(typed.toLowerCase());
  await phone.getByRole('button', { name: 'Go on' }).click();
  await phone.getByText('Reviewed, thank you').waitFor();
  await phone.goto(`/review/${typed.slice(0, -1)}${typed.endsWith('A') ? 'B' : 'A'}`);
  await phone.getByText('No receipt has that code').waitFor();
  await expectAccessible(phone);
});
