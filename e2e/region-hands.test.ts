import type { Page } from 'playwright-core';
import { expect, onTestFinished, vi } from 'vitest';
import { launchBrowser } from '#test/browser.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

const FINGER_PX = 44;
const SQUARE = {
  type: 'Feature',
  properties: {},
  geometry: { type: 'Polygon', coordinates: [[[4, 52], [5, 52], [5, 53], [4, 53], [4, 52]]] },
}; // prettier-ignore

const partsOf = (page: Page) => page.locator('textarea[name=parts]').inputValue();
const linesOf = async (page: Page) => (await partsOf(page)).split('\n');
const said = (page: Page) => page.locator('.area-said');
const corners = (page: Page) => page.locator('.area-point');

async function boxOf(page: Page, selector: string) {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not seen`);
  return box;
}

/** A finger that goes down, along and up again. */
async function drag(page: Page, from: { x: number; y: number }, by: { x: number; y: number }): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
    client.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [at] : [] });
  await touch('touchStart', from);
  for (const part of [0.3, 0.6, 1])
    await touch('touchMove', { x: from.x + by.x * part, y: from.y + by.y * part });
  await touch('touchEnd');
}

test('a region is drawn by touch on a phone, by keyboard alone, and without script as GeoJSON', async ({
  app,
  deps,
}) => {
  const origin = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');
  const manager = await aSignedInBrowser(app, deps, ['operations']);
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const open = async (more: object) => {
    const context = await browser.newContext({ locale: 'en-IE', ...more });
    context.setDefaultTimeout(20_000);
    await context.addCookies([...manager.jar].map(([name, value]) => ({ name, value, url: origin })));
    const page = await context.newPage();
    await page.goto(`${origin}/desk/regions`);
    return page;
  };
  await byTouch(
    await open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      colorScheme: 'dark',
    }),
  );
  await byKeyboard(await open({ viewport: { width: 1280, height: 900 } }));

  const plain = await open({ javaScriptEnabled: false });
  await plain.locator('select[name=parent]').selectOption('NL');
  await plain.locator('input[name=code]').fill('NL-square');
  await plain.locator('input[name=name]').fill('Square');
  await plain.locator('select[name=by]').selectOption('outline');
  await plain.locator('textarea[name=parts]').fill(JSON.stringify(SQUARE));
  await plain.locator('button[value=add]').click();
  await plain.getByText('NL-square').first().waitFor();
});

async function byTouch(page: Page): Promise<void> {
  await page.locator('select[name=by]').selectOption('outline');
  const ground = page.locator('.area-ground');
  await ground.scrollIntoViewIfNeeded();
  const box = await boxOf(page, '.area-ground');
  const at = (x: number, y: number) => ({ x: box.x + box.width * x, y: box.y + box.height * y });
  for (const [x, y] of [
    [0.3, 0.4],
    [0.7, 0.4],
    [0.5, 0.75],
  ] as const) {
    // prettier-ignore
    const { x: left, y: top } = at(x, y);
    await page.touchscreen.tap(left, top);
    // Leaflet tells a tap from the first half of a double tap, which zooms.
    await said(page)
      .filter({ hasText: /^Corner \d added/ })
      .waitFor();
  }
  const drawn = await linesOf(page);
  expect(drawn).toHaveLength(3);
  for (const target of await page
    .locator('.area-point, .leaflet-control-zoom a, .area-tools button:visible')
    .all()) {
    const { width = 0, height = 0 } = (await target.boundingBox()) ?? {};
    expect([Math.ceil(width) >= FINGER_PX, Math.ceil(height) >= FINGER_PX]).toEqual([true, true]);
  }

  await drag(page, at(0.7, 0.4), { x: 0, y: 60 });
  await said(page)
    .filter({ hasText: /^Corner 2 moved to/ })
    .waitFor();
  const moved = await linesOf(page);
  expect([moved[0], moved[2]]).toEqual([drawn[0], drawn[2]]);
  const [before, after] = [drawn, moved].map((lines) => lines[1]?.split(', ').map(Number) ?? []);
  expect(after?.[0]).toBeLessThan(before?.[0] ?? 0); // south
  expect(after?.[1]).toBeCloseTo(before?.[1] ?? 0, 0);

  await page.getByRole('button', { name: 'Remove the chosen corner' }).tap();
  expect(await linesOf(page)).toEqual([drawn[0], drawn[2]]);
  await page.getByRole('button', { name: 'Remove the chosen corner' }).tap();
  expect(await said(page).innerText()).toBe('Choose a corner first.');
  await page.locator('textarea[name=parts]').fill(`${drawn[0]}\n${drawn[2]}\n50, 3`);
  // Back by what was done: the line that was typed, the removal, the move, and the corners one by one.
  for (const left of [[drawn[0], drawn[2]], moved, drawn, drawn.slice(0, 2), drawn.slice(0, 1), ['']]) {
    await page.getByRole('button', { name: 'Undo' }).tap();
    expect(await linesOf(page)).toEqual(left);
  }
  await page.getByRole('button', { name: 'Undo' }).tap();
  expect(await said(page).innerText()).toBe('There is nothing to undo.');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await expectAccessible(page);
}

async function byKeyboard(page: Page): Promise<void> {
  await page.locator('select[name=by]').selectOption('outline');
  const { keyboard } = page;
  await page.locator('.area-ground').focus();
  await keyboard.press('Enter');
  expect(await corners(page).count()).toBe(1);
  const [middle = ''] = await linesOf(page);
  expect(await said(page).innerText()).toBe(`Corner 1 added at ${middle}. Corners: 1.`);

  await page.locator('.area-point').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight']) await keyboard.press(key);
  const [east = ''] = await linesOf(page);
  const [from, to] = [middle, east].map((line) => line.split(', ').map(Number));
  expect(to?.[0]).toBeCloseTo(from?.[0] ?? 0, 4);
  expect(to?.[1]).toBeGreaterThan(from?.[1] ?? 0);
  expect(await said(page).innerText()).toBe(`Corner 1 moved to ${east}.`);
  expect(await corners(page).evaluate((each) => each === document.activeElement)).toBe(true);
  await expectAccessible(page);

  await keyboard.press('Delete');
  expect([await partsOf(page), await said(page).innerText()]).toEqual(['', 'Corner 1 removed. Corners: 0.']);
  // The map has the focus again; three steps of a corner were one move.
  for (const left of [east, middle, '']) {
    await keyboard.press('Control+z');
    expect([await partsOf(page), await said(page).innerText()]).toEqual([left, 'The last act is undone.']);
  }

  await page.locator('select[name=by]').selectOption('cells');
  await page.locator('.area-ground').focus();
  await keyboard.press('Enter');
  expect(await partsOf(page)).toMatch(/^[0-9a-f]{15}$/);
  await keyboard.press('Enter');
  expect([await partsOf(page), await said(page).innerText()]).toEqual(['', 'Cell left out. Cells: 0.']);
}
