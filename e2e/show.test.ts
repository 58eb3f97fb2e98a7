import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { collectionCode } from '#modules/fulfilment/collection-code.ts';
import { followEvents, freshness } from '#modules/insight/index.ts';
import { creditFreshness, creditSums, followCredits } from '#modules/market/index.ts';
import { dayIn } from '#platform/days.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aContext, anAssociate, buyInShop, sellAtTill, twoStores } from './stores.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

/** By the API, to be collected in a store. */
async function buyByApi(origin: string, variantId: string, pickupLocationId: string): Promise<string> {
  const [cartId, orderId] = [randomUUID(), randomUUID()];
  const put = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(origin + path, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    return answer.json();
  };
  await put(`/v1/orders/carts/${cartId}`, { lines: [{ variantId, quantity: 1 }] });
  await put(`/v1/orders/orders/${orderId}`, {
    cartId,
    deliveryCode: 'collect',
    pickupLocationId,
    totalMinor: 2420,
    touchpoint: 'app',
    paymentToken: 'approved',
    address: {
      email: 'ben@example.com',
      name: 'Ben Example',
      street: 'Short Street 2',
      postcode: '1011 AB',
      city: 'Amsterdam',
      countryCode: 'NL',
    },
  });
  return orderId;
}

/** Accepted, scanned, picked and packed at the till of the store that sends it. */
async function pick(page: Page, origin: string, number: string, sku: string): Promise<void> {
  await page.goto(`${origin}/till/pick`);
  await page.getByRole('link', { name: number }).click();
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('main').getByRole('textbox').first().fill(sku);
  await page.getByRole('button', { name: 'Count it' }).click();
  await page.getByText('1 of 1').first().waitFor();
  await page.getByRole('button', { name: 'All picked' }).click();
  await page.getByRole('button', { name: 'All packed' }).click();
}

/** All that happened is counted and credited. */
async function credited(deps: Deps): Promise<void> {
  const stop = new AbortController();
  const following = [followEvents(deps, stop.signal), followCredits(deps, stop.signal, () => {})];
  const isBehind = async () => (await freshness(deps.db)).behind || (await creditFreshness(deps.db)).isBehind;
  await expect.poll(isBehind, { timeout: 30_000 }).toBe(false);
  stop.abort();
  await Promise.all(following);
}

test('the same thing is bought in the shop, at the till and by the API: one is shipped, one collected, one returned elsewhere, and the desk reads the three credits', async ({
  app,
  deps,
  work,
}) => {
  const { db } = deps;
  const origin = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');
  const stores = await twoStores(deps);
  const { variant, delft, breda, slug, title } = stores;
  const { memberId, at } = await anAssociate(app, deps, stores);
  const inDelft = await (await aContext(origin, at(delft))).newPage();
  const inBreda = await (await aContext(origin, at(breda))).newPage();

  const sold = await sellAtTill(inDelft, origin, variant.sku);
  const collected = await buyByApi(origin, variant.id, delft.locationId);
  const shipped = await buyInShop(await (await aContext(origin)).newPage(), origin, slug);
  await work();

  // Delft has given its two units away: what the shop sold is sent from Breda.
  await pick(inBreda, origin, shipped, variant.sku);
  await inBreda.locator('select[name=carrier]').selectOption('manual');
  await inBreda.getByLabel('Tracking number').fill('NL-0001');
  await inBreda.getByLabel('Weight in grams').fill('500');
  await inBreda.getByRole('button', { name: 'Ship it' }).click();
  await inBreda.getByText('It is on its way.').first().waitFor();

  // The other lies ready in Delft, and is handed over to whoever has the code.
  const { number } = (await (
    await fetch(`${origin}/v1/orders/orders/${collected}`, { headers: { cookie: cookieOf(at(delft)) } })
  ).json()) as { number: string };
  await pick(inDelft, origin, number, variant.sku);
  const isReady = inDelft.waitForResponse((answer) => answer.request().method() === 'POST');
  await inDelft.getByRole('button', { name: 'Ready to collect' }).click();
  expect((await isReady).status()).toBe(303);
  await work();
  await inDelft.goto(`${origin}/till/hand-over`);
  await inDelft
    .getByLabel('Collection code or order number')
    .fill(collectionCode(deps.config.secret, collected));
  await inDelft.keyboard.press('Enter');
  await inDelft.getByText(`1 × ${title}`).first().waitFor();
  await inDelft.getByRole('button', { name: 'Hand over', exact: true }).click();
  await inDelft.getByText('Handed over.').first().waitFor();

  // What was carried out of Delft comes back in Breda, and its money out of Breda's drawer.
  await inBreda.goto(`${origin}/till/take-back`);
  await inBreda.getByLabel('Receipt, order or return number').fill(sold);
  await inBreda.keyboard.press('Enter');
  await inBreda.getByLabel('How many').fill('1');
  await inBreda.getByRole('button', { name: 'Take back and refund' }).click();
  await inBreda.getByRole('heading', { name: `Return ${sold}-R1` }).waitFor();
  await expect(inBreda.getByRole('main').innerText()).resolves.toMatch(/Give out of the drawer\s+€24\.20/);
  await work();

  await credited(deps);
  const today = dayIn(deps.config.timeZone, new Date());
  const period = { from: today, to: today, currency: 'EUR' };
  // Each of the three is 20.00 without tax, postage is no net sale, and what came back is taken from the same store again.
  // Five minutes at 40 and a box are 2.50 of a handing over; a shipment has a label too: 5.50.
  const { locations, ...rest } = await creditSums(db, period);
  expect(new Map(locations.map(({ locationId, ...sums }) => [locationId, sums]))).toEqual(
    new Map([
      [delft.locationId, { regionalMinor: 4000, fulfilmentMinor: 500 }],
      [breda.locationId, { regionalMinor: 0, fulfilmentMinor: 550 }],
    ]),
  );
  expect(rest).toEqual({
    associates: [{ associateId: memberId, amountMinor: 0 }],
    unassignedMinor: 0,
    regionalMinor: 4000,
  });
  await inDelft.goto(`${origin}/desk/credits?${new URLSearchParams(period).toString()}`);
  const credits = await inDelft.getByRole('main').innerText();
  expect(credits).toContain('Equal to the net sales of the period: €40.00');
  expect(credits).toMatch(/Stoa Delft\s+€40\.00/);
  expect(credits).toMatch(/Stoa Breda\s+€0\.00\s+€5\.50/);
});

const cookieOf = (pairs: [string, string][]) => pairs.map((pair) => pair.join('=')).join('; ');
