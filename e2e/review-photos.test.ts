import { expect, vi } from 'vitest';
import { aPage, aPerson, aPhoto, aPicturedProduct, tabTo, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

test('a review’s photo opens large by keys, with or without script, holds the focus, and gives it back', async ({
  place,
  deps,
  work,
}) => {
  const { page } = await aPerson(place, 'Ada');
  const { slug } = await aPicturedProduct(deps, { title: 'Stone mortar' });
  await page.goto(`/p/${slug}/review`);
  await page.getByLabel('5: splendid').check();
  await page.getByLabel('What you want to say').fill('It does not walk about.');
  await page.getByLabel('Photos').setInputFiles([
    { name: 'one.jpg', mimeType: 'image/jpeg', buffer: await aPhoto(800, 600) },
    { name: 'two.jpg', mimeType: 'image/jpeg', buffer: await aPhoto(600, 800) },
  ]);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('It does not walk about.').first().waitFor();
  await work();

  for (const options of [
    { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
    { viewport: { width: 390, height: 844 }, colorScheme: 'dark', javaScriptEnabled: false },
  ] as const) {
    const guest = await aPage(place, [], options);
    await guest.goto(`/p/${slug}`);
    const [dialog, other] = [1, 2].map((n) => guest.getByRole('dialog', { name: `Photo ${n}, large` }));
    const opener = guest.getByRole('button', { name: 'Photo 1, large' });
    await opener.focus();
    await guest.keyboard.press('Enter');
    await dialog?.waitFor();
    await expect(other?.isVisible()).resolves.toBe(false);
    const close = guest.getByRole('dialog').getByRole('button', { name: 'Close' });
    await expect(close.evaluate((each) => each === document.activeElement)).resolves.toBe(true);

    // The photo stands inside the window, whole, in its own proportions, and can be put away by what is beside it.
    const img = guest.getByRole('dialog').locator('img');
    await expect.poll(() => img.evaluate((each) => (each as HTMLImageElement).naturalWidth > 0)).toBe(true);
    const [box, button] = [await img.boundingBox(), await close.boundingBox()];
    const { width, height } = options.viewport;
    expect(
      box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height,
    ).toBe(true);
    expect(button && button.y >= 0 && button.y + button.height <= height && button.height >= 24).toBe(true);
    if (!('javaScriptEnabled' in options)) await expectAccessible(guest);

    await guest.keyboard.press('Escape');
    await dialog?.waitFor({ state: 'hidden' });
    await expect(opener.evaluate((each) => each === document.activeElement)).resolves.toBe(true);
    await tabTo(guest, /^Photo 2, large$/);
    await guest.keyboard.press('Space');
    await other?.waitFor();
    await guest.keyboard.press('Enter'); // on "Close", which has the focus
    await other?.waitFor({ state: 'hidden' });
    const second = guest.getByRole('button', { name: 'Photo 2, large' });
    await expect(second.evaluate((each) => each === document.activeElement)).resolves.toBe(true);
  }
});
