import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { partsOf } from '#modules/fulfilment/factory.ts';
import { changeSettings, putAspect } from '#modules/reviews/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { aPerson, aPhoto, aPicturedProduct, checkOut, tabTo, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

/** What is asked of this kind of thing, and of whom: right after it came. */
async function askedFor({ db }: Deps, categoryId: string): Promise<void> {
  const asked = [
    { kind: 'dimension', code: 'ease', name: 'Ease of care', options: ['Hard', 'Easy'] },
    { kind: 'dimension', code: 'weight', name: 'Weight', options: ['Light', 'Heavy'] },
    { kind: 'trait', code: 'room', name: 'Room', options: ['Kitchen', 'Hall'] },
    { kind: 'trait', code: 'size', name: 'Size of home', options: ['Small', 'Large'] },
    { kind: 'trait', code: 'use', name: 'Use', options: ['Daily', 'For guests'] },
  ] as const;
  await inTransaction(db, async (tx) => {
    for (const [position, { options, ...each }] of asked.entries())
      await putAspect(tx, 'system', {
        ...each,
        id: randomUUID(),
        categoryId,
        position,
        options: [...options],
      });
    await changeSettings(tx, 'system', {
      takesUnverified: true,
      asksAfterDays: 0,
      incentive: null,
      incentiveNote: '',
    });
  });
}

type App = Parameters<typeof aSignedInBrowser>[0];

/** Accepted, picked, packed, sent, and with its buyer, as operations and a carrier tell it by the API. */
async function deliver(app: App, deps: Deps, orderId: string): Promise<void> {
  const { jar } = await aSignedInBrowser(app, deps, ['operations']);
  const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
  const put = async (path: string, payload: object) => {
    const url = `/v1/fulfilment/${path}`;
    const { statusCode } = await app.inject({ method: 'PUT', url, payload, headers: { cookie } });
    expect({ path, statusCode }).toEqual({ path, statusCode: 200 });
  };
  const [part, ...others] = await partsOf(deps.db, orderId);
  expect(others).toEqual([]);
  const trackingNumber = `3S${randomUUID().slice(0, 8)}`;
  for (const state of ['accepted', 'picked', 'packed'])
    await put(`fulfilment-orders/${part?.id}/steps/${randomUUID()}`, { state });
  await put(`shipments/${randomUUID()}`, {
    fulfilmentOrderId: part?.id,
    carrier: 'manual',
    parcels: [{ weightGrams: 900, trackingNumber }],
  });
  const told = { carrier: 'manual', trackingNumber, kind: 'delivered' };
  await put(`delivery-events/${randomUUID()}`, { ...told, occurredAt: deps.now().toISOString() });
}

/** Stars, marks, what she says of herself, and a photo. */
async function writeReview(page: Page): Promise<void> {
  await page.getByLabel('4: good').check();
  await page.getByLabel('In a few words').fill('Heavy and good');
  await page.getByLabel('What you want to say').fill('It stands by the stove all day.');
  await page.getByLabel('Ease of care').selectOption('5');
  await page.getByLabel('Weight', { exact: true }).selectOption('4');
  await page.getByLabel('Room').selectOption('Kitchen');
  await page.getByLabel('Size of home').selectOption('Small');
  await page.getByLabel('Use', { exact: true }).selectOption('Daily');
  await page
    .getByLabel('Photos')
    .last()
    .setInputFiles({ name: 'stove.jpg', mimeType: 'image/jpeg', buffer: await aPhoto() });
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Thank you. Your review stands on the page.').waitFor();
}

test('Ada buys, is asked and reviews; Ben, who is like her, finds it, says that it helped and asks; she answers, and he is told', async ({
  place,
  app,
  deps,
  outbox,
  origin,
  work,
}) => {
  const [ada, ben] = [await aPerson(place, 'Ada'), await aPerson(place, 'Ben')];
  const { slug, title, category } = await aPicturedProduct(deps, { title: `Kettle ${randomUUID()}` });
  await askedFor(deps, category.id);

  await ada.page.goto(`/p/${slug}`);
  await ada.page.getByRole('button', { name: 'Add to cart' }).click();
  await ada.page
    .getByText(/in your cart/i)
    .first()
    .waitFor();
  await checkOut(ada.page, origin);
  const orderId = new URL(ada.page.url()).pathname.split('/')[2] ?? '';
  await work();
  const asking = () => outbox.filter(({ text }) => text.includes(`/p/${slug}/review?order=`));
  expect(asking()).toEqual([]);
  await deliver(app, deps, orderId);
  await work();
  await work(); // the request is due at the moment of the delivery
  expect(asking()).toHaveLength(1);

  const link = /https?:\/\/\S+\/review\?order=\S+/.exec(asking()[0]?.text ?? '')?.[0] ?? '';
  const { pathname, search } = new URL(link);
  await ada.page.goto(pathname + search);
  await ada.page.getByRole('heading', { name: `Your review of ${title}` }).waitFor();
  await writeReview(ada.page);
  await work();

  // Ben says whom he is like, and finds her by it; nobody who is like another.
  const { page } = ben;
  await page.goto(`/p/${slug}`);
  await page.locator('summary').filter({ hasText: 'People like me' }).press('Enter');
  await page.getByLabel('Room').selectOption('Kitchen');
  await page.getByLabel('Size of home').selectOption('Small');
  await page.getByLabel(/^Use/).selectOption('Daily');
  await page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
  await page.getByText('1 review, 4 of 5').waitFor();
  const review = page.locator('.review');
  await expect(review.count()).resolves.toBe(1);
  const said = await review.innerText();
  expect(said).toContain('Heavy and good');
  expect(said).toContain('It stands by the stove all day.');
  expect(said).toContain('Ease of care: 5 of 5 · Weight: 4 of 5');
  expect(said).toMatch(/Ada \(Daily, Kitchen, Small\), .+ · Bought here/);
  await expect(review.getByRole('button', { name: 'Photo 1, large' }).count()).resolves.toBe(1);
  await page.goto(`/p/${slug}?like=room:Kitchen&like=use:For+guests`);
  await page.getByText('No review is like that.').waitFor();

  // The rest of Ben's by keys alone.
  await page.goto(`/p/${slug}?like=room:Kitchen#reviews`);
  const voted = page.waitForResponse((answer) => answer.url().endsWith('/words/vote'));
  await tabTo(page, /^Yes$/);
  await page.keyboard.press('Enter');
  expect((await voted).status()).toBe(303);
  await page.getByText('1 of 1 found it helpful').waitFor();
  await page.goto(`/p/${slug}`);
  await tabTo(page, /^field-question$/);
  await page.keyboard.type('Does the handle get hot?');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Your question stands on the page.').waitFor();
  await page.getByText('0 answers').waitFor();
  await expectAccessible(page);
  await work();

  // Ada is asked because she has one, and answers from where the notice leads.
  await ada.page.goto('/notices');
  const notice = ada.page.locator('.notice-item').filter({ hasText: 'asks something about' });
  await expect(notice.count()).resolves.toBe(1);
  await notice.getByRole('link').last().click();
  await ada.page.getByRole('heading', { level: 1, name: 'Does the handle get hot?' }).waitFor();
  await ada.page.getByLabel('Your answer').fill('No, but the lid does.');
  await ada.page.getByRole('button', { name: 'Answer', exact: true }).click();
  const answer = ada.page.locator('.said-answer');
  await answer.getByText('No, but the lid does.').waitFor();
  await expect(answer.innerText()).resolves.toMatch(/Ada, .+ · Bought it here/);
  await work();

  await page.goto('/notices');
  const told = page.locator('.notice-item').filter({ hasText: 'answered your question' });
  await expect(told.count()).resolves.toBe(1);
  await expect(told.innerText()).resolves.toContain('Ada answered your question');
  await told.getByRole('link').last().click();
  await page.locator('.said-answer').getByText('No, but the lid does.').waitFor();
  await expect(page.getByRole('heading', { level: 2 }).first().innerText()).resolves.toBe('1 answer');
  await expectAccessible(page);
});
