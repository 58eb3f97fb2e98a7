import { expect, onTestFinished, vi } from 'vitest';
import { followEvents } from '#modules/insight/index.ts';
import { dayIn } from '#platform/days.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { aContext, anAssociate, buyInShop, sellAtTill, twoStores } from './stores.ts';

// Several browsers start here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });
/** Other databases of the test's server hold the follower back while they write. */
const FOLLOWED_MS = 60_000;

test('a sale at the till and a purchase in the shop move the map on a second screen, and a return moves it back', async ({
  app,
  deps,
  work,
}) => {
  const origin = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');
  const stores = await twoStores(deps);
  const { at } = await anAssociate(app, deps, stores);
  const till = await (await aContext(origin, at(stores.delft))).newPage();
  const manager = await aSignedInBrowser(app, deps, ['merchant']);
  const map = await (await aContext(origin, manager.jar)).newPage();
  const today = dayIn(deps.config.timeZone, new Date());
  const stop = new AbortController();
  const following = followEvents(deps, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await following;
  });

  await map.goto(`${origin}/desk/market?${new URLSearchParams({ from: today, to: today }).toString()}`);
  const loads: string[] = [];
  map.on('load', () => loads.push(map.url()));
  const shows = async (amount: string) => {
    const figures = map.locator('live-figures');
    await figures
      .getByRole('link', { name: `Netherlands: ${amount}` })
      .first()
      .waitFor({ timeout: FOLLOWED_MS });
    await expect(figures.locator('.market-table tbody tr').allInnerTexts()).resolves.toEqual([
      expect.stringMatching(new RegExp(`^Netherlands\\s+${amount}\\b`)),
    ]);
  };

  const sold = await sellAtTill(till, origin, stores.variant.sku);
  await shows('€20.00');
  const shop = await (await aContext(origin)).newPage();
  await buyInShop(shop, origin, stores.slug);
  await shows('€40.00');

  await till.goto(`${origin}/till/take-back`);
  await till.getByLabel('Receipt, order or return number').fill(sold);
  await till.keyboard.press('Enter');
  await till.getByLabel('How many').fill('1');
  await till.getByRole('button', { name: 'Take back and refund' }).click();
  await till.getByRole('heading', { name: `Return ${sold}-R1` }).waitFor();
  await work();
  await shows('€20.00');
  expect(loads).toEqual([]); // it was never asked for anew by hand

  await map.locator('.map-region').first().click();
  const panel = map.getByRole('complementary', { name: 'Netherlands' });
  await panel.getByText('Stoa Delft').first().waitFor();
  await panel.getByRole('link', { name: sold }).first().click();
  await map.getByRole('heading', { name: sold }).first().waitFor();
});
