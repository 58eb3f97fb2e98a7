import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aPage, aPerson, aPhoto, aPicturedProduct, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

test('photos are cropped, one fails and is sent again, they are described, marked and posted; whom it names is told', async ({
  place,
  deps,
  db,
  work,
}) => {
  const [ada, ben] = [await aPerson(place, 'Ada'), await aPerson(place, 'Ben')];
  const title = `Teapot ${randomUUID().slice(0, 8)}`;
  const { slug } = await aPicturedProduct(deps, { title });
  const { page } = ada;
  await page.goto('/posts/new');
  await page.getByLabel('Photos').setInputFiles([
    { name: 'table.jpg', mimeType: 'image/jpeg', buffer: await aPhoto(900, 600) },
    { name: 'window.jpg', mimeType: 'image/jpeg', buffer: await aPhoto(600, 900) },
  ]);
  await page.getByRole('group', { name: 'Crop photo 2' }).waitFor();
  const first = page.getByRole('group', { name: 'Crop photo 1' });
  await first.getByLabel('Shape').selectOption('square');
  await first.getByRole('application').press('ArrowRight');
  await expectAccessible(page);
  await page
    .getByLabel('Caption')
    .fill(`Tea in the afternoon #slowmorning, with @${ben.handle} and @nobody_at_all`);
  await page.getByLabel('Product pages may show it').check();
  let isFailing = true;
  await page.route('**/v1/social/photos/*', async (route) => {
    if (isFailing && route.request().method() === 'PUT') await route.abort();
    else await route.continue();
  });
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('Photo 1 did not arrive.').waitFor();
  isFailing = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForURL(/\/posts\/[\da-f-]{36}\/change/);
  await work();

  // Without words for those who can't see them it is not posted.
  await page.reload();
  await page.getByRole('button', { name: 'Post it' }).click();
  const missing = page.getByText('Say what it shows, or post it without below.');
  await missing.first().waitFor();
  expect(await missing.count()).toBe(2);
  await page.getByLabel('What photo 1 shows').fill('A table by the window');
  await page.getByLabel('What photo 2 shows').fill('The window');
  await page.getByRole('button', { name: 'Save as a draft' }).click();
  await page.getByRole('link', { name: 'Mark products on photo 1' }).click();
  const photo = page.locator('[data-picture]');
  await photo.locator('img').waitFor();
  await photo.locator('button.hotspot-new').waitFor(); // from then on the photo takes clicks
  await photo.scrollIntoViewIfNeeded();
  const box = await photo.boundingBox();
  if (!box) throw new Error('no photo');
  await page.mouse.click(box.x + box.width * 0.25, box.y + box.height * 0.75);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByLabel('From the left, per cent').inputValue()).resolves.toMatch(/^30(\.\d)?$/);
  await page.getByLabel('Product', { exact: true }).fill(title);
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('button', { name: `Mark ${title} here` }).click();
  await page.getByRole('button', { name: `Take off ${title}` }).waitFor();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Post it' }).click();
  await page.getByText('Your post is out.').waitFor();
  await expectAccessible(page);
  const { rows } = await sql`
    select x, media.width, media.height from posts.hotspot join social.photo on photo.id = hotspot.photo_id
    join catalog.media on media.id = photo.media_id join social.piece on piece.id = hotspot.post_id
    where piece.owner_id = ${ada.memberId}`.execute(db);
  expect(rows).toEqual([{ x: expect.closeTo(300, -1), width: 600, height: 600 }]);

  // Ben hears of it; who is not there is no link; the product's page shows the post.
  await ben.page.goto('/notices');
  await ben.page.getByRole('main').getByRole('link', { name: 'See it' }).first().click();
  await ben.page.waitForURL(/\/posts\//);
  const caption = ben.page.locator('.words').first();
  await expect(caption.getByRole('link', { name: `@${ben.handle}` }).count()).resolves.toBe(1);
  await expect(caption.getByRole('link', { name: '@nobody_at_all' }).count()).resolves.toBe(0);
  await caption.getByRole('link', { name: '#slowmorning' }).waitFor();
  await ben.page.goto(`/p/${slug}`);
  await expect(ben.page.locator('#people').innerText()).resolves.toContain('Tea in the afternoon');
});

test('without script a product is saved, reviewed and talked about, and a board and a look are made', async ({
  place,
  deps,
  db,
}) => {
  const phone = { javaScriptEnabled: false, viewport: { width: 390, height: 844 } };
  const { page, memberId } = await aPerson(place, 'Cleo', phone);
  const title = `Lamp ${randomUUID().slice(0, 8)}`;
  const { slug, id: productId } = await aPicturedProduct(deps, { title });
  await page.goto('/boards/new');
  await page.getByLabel('Name').fill('Evenings');
  await page.getByRole('button', { name: 'Make the board' }).click();
  const board = page.url();
  await page.goto(`/p/${slug}`);
  await page.getByRole('link', { name: 'Save to a board' }).click();
  await page.getByRole('radio', { name: 'Evenings' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.goto(board);
  await page.getByText(title).first().waitFor();
  await page.getByLabel('Say something').fill('It hums a little');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('paragraph').getByText('It hums a little').waitFor();

  // What people say, facts and maker stand on the product's page, each a jump away.
  await page.goto(`/p/${slug}`);
  await page.getByRole('link', { name: 'Reviews', exact: true }).click();
  expect(new URL(page.url()).hash).toBe('#reviews');
  await page.getByRole('link', { name: 'Write a review' }).click();
  await page.getByLabel('4: good').check();
  await page.getByLabel('What you want to say').fill('Warm light, long cord');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.waitForURL(`**/p/${slug}**`);
  await page.getByText('Warm light, long cord').waitFor();

  await page.goto(`/looks/new?product=${productId}`);
  await page.getByLabel('Title').fill('Dusk');
  await page.getByRole('button', { name: 'Show the look' }).click();
  await page.getByRole('heading', { name: 'Dusk' }).waitFor();
  const { rows } = await sql`
    select kind, count(*)::integer as count from social.piece where owner_id = ${memberId} and state = 'live'
    group by kind order by kind`.execute(db);
  expect(rows).toEqual(
    expect.arrayContaining(['board', 'pin', 'look', 'comment', 'review'].map((kind) => ({ kind, count: 1 }))),
  );
  const guest = await aPage(place, [], phone);
  await guest.goto(board);
  await guest.getByText('It hums a little').waitFor();
});

test('nothing on the pages of people stands in the way of a keyboard or a screen reader, light or dark, wide or narrow', async ({
  place,
  deps,
}) => {
  const { page, handle } = await aPerson(place, 'Dora');
  const { slug } = await aPicturedProduct(deps, {
    reviews: [{ author: 'Ada', rating: 4, body: 'Heavier than it looks' }],
  });
  const paths = [
    `/p/${slug}`,
    `/@${handle}`,
    '/posts/new',
    '/feed',
    '/notices',
    '/boards',
    '/account/profile',
  ];
  for (const [width, colorScheme] of [
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
    [390, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    // Each page in one light and width at least, the fullest in all.
    for (const path of colorScheme === 'dark' && width === 390 ? paths : paths.slice(0, 1)) {
      await page.goto(path);
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect({ path, width, overflow }).toEqual({ path, width, overflow: 0 });
    }
  }
});
