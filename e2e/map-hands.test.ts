import { AxeBuilder } from '@axe-core/playwright';
import { latLngToCell } from 'h3-js';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, vi } from 'vitest';
import { recordSale } from '#modules/insight/factory.ts';
import { followEvents, freshness } from '#modules/insight/index.ts';
import { addArea } from '#modules/market/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { launchBrowser } from '#test/browser.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

const JUNE = '/desk/market?from=2026-06-01&to=2026-06-04&currency=EUR';

/** Sales of four days, on two of which something went to an area. */
async function sold(deps: Deps): Promise<void> {
  const cells = [latLngToCell(52.1, 5.1, 5)];
  await inTransaction(deps.db, async (tx) => {
    await addArea(tx, { code: 'NL-middle', parentCode: 'NL', name: 'Middle', plan: { by: 'cells', cells } });
    for (const [businessDay, regionCode, grossMinor] of [
      ['2026-05-30', 'NL', 1_000],
      ['2026-06-01', 'NL', 2_000],
      ['2026-06-02', 'NL-middle', 3_000],
      ['2026-06-03', 'DE', 4_000],
      ['2026-06-04', 'NL-middle', 5_000],
    ] as const)
      await recordSale(tx, { businessDay, regionCode, lines: [{ grossMinor }] });
  });
  const stop = new AbortController();
  const following = followEvents(deps, stop.signal);
  await expect.poll(async () => (await freshness(deps.db)).behind, { timeout: 60_000 }).toBe(false);
  stop.abort();
  await following;
}

test('the map is used by hand: chosen, stepped through, played, kept, and the same without script, on a phone and in the dark', async ({
  app,
  deps,
}) => {
  const origin = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');
  await sold(deps);
  const manager = await aSignedInBrowser(app, deps, ['merchant']);
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const open = async (more: object) => {
    const context = await browser.newContext({ locale: 'en-IE', ...more });
    context.setDefaultTimeout(20_000);
    await context.addCookies([...manager.jar].map(([name, value]) => ({ name, value, url: origin })));
    return context.newPage();
  };

  const page = await open({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${origin}${JUNE}`);
  await page.getByRole('link', { name: 'Netherlands: €100.00 (+900%)' }).first().click();
  await page.getByRole('heading', { name: 'Net sales in Netherlands' }).waitFor();
  await page.getByRole('link', { name: 'Middle: €80.00' }).first().click();
  await page.getByRole('complementary', { name: 'Middle' }).waitFor();
  expect(await page.getByRole('navigation', { name: 'Where you are on the map' }).innerText()).toMatch(
    /World\s*Netherlands\s*Middle/,
  );
  expect(await violationsOf(page)).toEqual([]);

  await page.goto(`${origin}${JUNE}&region=NL`);
  const loads: string[] = [];
  page.on('load', () => loads.push(page.url()));
  const panel = page.getByRole('complementary', { name: 'Netherlands' });
  const figure = panel.locator('.panel-figure .tile-value');
  await page.locator('.steps-row li:nth-child(2) a').click();
  await page.waitForURL(/step=2026-06-02/);
  await figure.filter({ hasText: '€30.00' }).waitFor();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.waitForURL(/step=2026-06-04/);
  await figure.filter({ hasText: '€50.00' }).waitFor();
  await page.getByRole('button', { name: 'Play' }).waitFor(); // it ends by itself
  expect(loads).toEqual([]);

  await page.getByText('Saved views').click();
  await page.getByLabel('Name of this view').fill('Fourth of June');
  await page.keyboard.press('Enter');
  await page.getByText('The view is saved.').waitFor();
  await page.goto(`${origin}/desk/market`);
  await page.getByText('Saved views (1)').click();
  await page.getByRole('link', { name: 'Fourth of June' }).click();
  await page.waitForURL(/region=NL.*step=2026-06-04/);

  const plain = await open({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  await plain.goto(`${origin}${JUNE}&region=NL&colour=change`);
  await plain.locator('.steps-row li:nth-child(2) a').click();
  await plain.waitForURL(/step=2026-06-02/);
  expect(await plain.getByRole('complementary', { name: 'Netherlands' }).innerText()).toContain('€30.00');

  const phone = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await phone.goto(`${origin}${JUNE}&region=NL&colour=change&diagnose=touchpoint`);
  expect(await violationsOf(phone)).toEqual([]);
  expect(await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});

/** What a rule of WCAG 2.2 A or AA is broken by. */
async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
