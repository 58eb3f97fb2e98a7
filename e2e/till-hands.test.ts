import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, vi } from 'vitest';
import { aMember } from '#modules/identity/factory.ts';
import { memberCodeOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { code128 } from '../src/web/till/client/code-128.ts';
import { aTablet, aTill, expectAccessible, originOf, scan } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

async function openSelling(page: Page, origin: string): Promise<void> {
  const known = page.waitForResponse(/\/v1\/till\/catalog/);
  await page.goto(`${origin}/till/sell`);
  await known;
}

test('a member’s code is scanned wherever the focus is, and what was typed outlives a dialog and parking', async ({
  app,
  deps,
}) => {
  const { db } = deps;
  const origin = await originOf(app);
  const { sku, title, cookies } = await aTill(app, deps, 5);
  const { memberId } = await aMember(deps);
  const code = await inTransaction(db, (tx) => memberCodeOf(tx, memberId, new Date()));
  const page = await (await aTablet(origin, cookies)).newPage();
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  await openSelling(page, origin);
  await scan(page, sku);
  await page.getByRole('article', { name: title }).waitFor();

  // Nothing has the focus, then a button has it: a scan presses nothing, and is a member's in both.
  const isMember = page.getByText('Member, by their code');
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  await scan(page, code);
  await isMember.waitFor();
  await page.getByRole('button', { name: 'Remove customer', exact: true }).press('Enter');
  await isMember.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Park', exact: true }).focus();
  await scan(page, code.toLowerCase());
  await isMember.waitFor();
  await expect(page.getByRole('dialog').count()).resolves.toBe(0);

  // What is typed for a parcel is there again, though the basket was parked and taken up between.
  await page.getByRole('button', { name: 'Collect elsewhere or send' }).press('Enter');
  await page.locator('#deliver-street').fill('Lange Straße 1');
  await page.keyboard.press('F6');
  await page.locator('#park-name').fill('Ada');
  await page.keyboard.press('F4');
  await page.getByLabel('Cash handed over').fill('30');
  await page.keyboard.press('F6');
  await expect(page.locator('#park-name').inputValue()).resolves.toBe('Ada');
  await page.keyboard.press('F4');
  await expect(page.getByLabel('Cash handed over').inputValue()).resolves.toBe('30');
  await page.keyboard.press('F6');
  await page.locator('#park-name').press('Enter');
  await page.getByText('Parked as Ada.').waitFor();
  await expect(isMember.count()).resolves.toBe(0);
  await page.keyboard.press('F7');
  await page.getByRole('button', { name: 'Take up Ada' }).press('Enter');
  await isMember.waitFor();
  await page.getByRole('button', { name: 'Collect elsewhere or send' }).press('Enter');
  await expect(page.locator('#deliver-street').inputValue()).resolves.toBe('Lange Straße 1');
  expect(faults).toEqual([]);
});

const [WIDTH, HEIGHT] = [640, 480];

/** A film of a label: what a camera held before it would see. */
function filmOf(text: string): Buffer {
  const widths = code128(text) ?? [];
  const modules = widths.reduce((sum, width) => sum + width, 0);
  const unit = Math.floor((WIDTH - 80) / modules);
  const row = Buffer.alloc(WIDTH, 235);
  let x = Math.floor((WIDTH - modules * unit) / 2);
  for (const [index, width] of widths.entries()) {
    if (index % 2 === 0) row.fill(16, x, x + width * unit);
    x += width * unit;
  }
  const blank = Buffer.alloc(WIDTH, 235);
  const rows = Array.from({ length: HEIGHT }, (_, y) => (y > 120 && y < 360 ? row : blank));
  const frame = Buffer.concat([Buffer.from('FRAME\n'), ...rows, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`);
  return Buffer.concat([head, ...Array.from({ length: 5 }, () => frame)]);
}

test('the camera reads a label that is held before it, once', async ({ app, deps }) => {
  const origin = await originOf(app);
  const { sku, title, cookies } = await aTill(app, deps, 5);
  const folder = await mkdtemp(join(tmpdir(), 'stoa-camera-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const film = join(folder, 'label.y4m');
  await writeFile(film, filmOf(sku));
  const context = await aTablet(origin, cookies, { permissions: ['camera'] }, [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ]);
  const page = await context.newPage();
  await openSelling(page, origin);
  await page.getByRole('button', { name: 'Camera' }).press('Enter');
  await page.getByRole('dialog').getByText(title).waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('article', { name: title }).waitFor();
  await expect(
    page
      .getByRole('spinbutton')
      .or(page.getByLabel(/Quantity/))
      .first()
      .inputValue(),
  ).resolves.toBe('1');
});
