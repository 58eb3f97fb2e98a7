import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import type { Db } from '#platform/db.ts';
import { aPage, aPerson, aPhoto, aPicturedProduct, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

/** What stands on a board, in its order, by the notes of its pins. */
async function orderOf(db: Db, boardId: string): Promise<string[]> {
  const { rows } = await sql<{ note: string }>`
    select note from boards.pin join social.piece on piece.id = pin.id and state = 'live'
    where board_id = ${boardId} order by position, pin.id desc`.execute(db);
  return rows.map(({ note }) => note);
}

/** The sections that pins stand in, by the notes of the pins. */
async function sectionsOf(db: Db, boardId: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ note: string; name: string }>`
    select note, section.name from boards.pin join boards.section on section.id = section_id
    where pin.board_id = ${boardId} order by note`.execute(db);
  return Object.fromEntries(rows.map(({ note, name }) => [note, name]));
}

/** As a hand does it: pressed, moved in steps, let go. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.hover();
  await page.mouse.down();
  await to.hover();
  await to.hover();
  await page.mouse.up();
}

test('a board is made, filled, and put in order by dragging and by keys, and each step is said', async ({
  place,
  deps,
  db,
  work,
}) => {
  const { page } = await aPerson(place, 'Ada');
  await page.goto('/boards/new');
  await page.getByLabel('Name').fill('Hallway');
  await page.getByRole('button', { name: 'Make the board' }).click();
  await page.getByText('The board is there. Save something on it.').waitFor();
  const boardId = new URL(page.url()).pathname.split('/')[2] ?? '';
  await expect(page.getByRole('heading', { name: 'Nothing on this board yet' }).count()).resolves.toBe(1);
  for (const [title, note] of [
    ['Coat hook', 'd'],
    ['Umbrella stand', 'c'],
    ['Oak bench', 'b'],
  ] as const) {
    const { slug } = await aPicturedProduct(deps, { title });
    await page.goto(`/p/${slug}`);
    await page.getByRole('link', { name: 'Save to a board' }).click();
    await page.getByLabel('Note').fill(note);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/p/${slug}`);
  }
  // A photo of her own goes on it by the same page as a link.
  await page.goto(`/boards/${boardId}/add`);
  await page
    .getByLabel('Photo', { exact: true })
    .setInputFiles({ name: 'door.jpg', mimeType: 'image/jpeg', buffer: await aPhoto() });
  await page.getByRole('button', { name: 'Add the photo' }).click();
  await page.getByText('The picture shows in a moment.').waitFor();
  await work();
  await page.reload();
  await page.getByText('Change note and section').click();
  await page.getByLabel('Note').fill('a');
  await page.getByRole('button', { name: 'Save changes' }).click();
  expect(await orderOf(db, boardId)).toEqual(['a', 'b', 'c', 'd']);

  await page.goto(`/boards/${boardId}/arrange`);
  await page.locator('.place img').nth(3).waitFor();
  const pinNamed = (name: string) => page.locator(`.place[data-name="${name}"]`);
  const said = page.locator('pin-order [role=status]');
  await drag(page, pinNamed('Coat hook'), pinNamed('Oak bench'));
  await expect.poll(() => said.textContent()).toBe('Coat hook is at place 2 of 4 now.');
  expect(await orderOf(db, boardId)).toEqual(['a', 'd', 'b', 'c']);
  await drag(page, pinNamed('Coat hook'), pinNamed('Umbrella stand'));
  await expect.poll(() => said.textContent()).toBe('Coat hook is at place 4 of 4 now.');
  expect(await orderOf(db, boardId)).toEqual(['a', 'b', 'c', 'd']);

  const later = pinNamed('Oak bench').getByRole('button', { name: 'Later' });
  await later.press('Enter');
  await expect.poll(() => said.textContent()).toBe('Oak bench is at place 3 of 4 now.');
  await expect(later.evaluate((button) => button === document.activeElement)).resolves.toBe(true);
  await later.press('Enter');
  await expect.poll(() => said.textContent()).toBe('Oak bench is at place 4 of 4 now.');
  expect(await orderOf(db, boardId)).toEqual(['a', 'c', 'd', 'b']);
  await expectAccessible(page);

  await page.goto(`/boards/${boardId}`);
  const titles = page.locator('.pin strong');
  await expect(titles.allInnerTexts()).resolves.toEqual(['Umbrella stand', 'Coat hook', 'Oak bench']);

  // Sections: made, renamed, put in order, and a pin moved into one by keys; one pin is chosen as the cover.
  for (const name of ['Walls', 'Floor']) {
    await page.goto(`/boards/${boardId}`);
    await page.getByText('New section').click();
    await page.getByLabel('Name of the section').fill(name);
    await page.getByRole('button', { name: 'Add section' }).click();
    await page.getByRole('link', { name, exact: true }).waitFor();
  }
  await page.goto(`/boards/${boardId}/arrange`);
  const walls = page.getByRole('listitem', { name: 'Walls', exact: true });
  await walls.getByRole('button', { name: 'Later' }).press('Enter');
  await walls.getByRole('button', { name: 'Earlier' }).waitFor();
  await walls.getByRole('textbox').fill('On the wall');
  await walls.getByRole('button', { name: 'Rename' }).press('Enter');
  await page.waitForURL(/section=/);
  await page.goto(`/boards/${boardId}/arrange`);
  await page.locator('.section-targets').waitFor();
  await page.getByLabel('Section of Coat hook').selectOption({ label: 'On the wall' });
  const move = pinNamed('Coat hook').getByRole('button', { name: 'Move' });
  await move.press('Enter');
  await expect.poll(() => said.textContent()).toBe('Coat hook is in On the wall now.');
  await expect(move.evaluate((button) => button === document.activeElement)).resolves.toBe(true);
  expect(await sectionsOf(db, boardId)).toEqual({ d: 'On the wall' });

  // By hand: onto a section, out of it again, and what the server refuses is as it was.
  const target = (name: string) => page.locator('.section-targets li').filter({ hasText: name });
  await drag(page, pinNamed('Oak bench'), target('Floor'));
  await expect.poll(() => said.textContent()).toBe('Oak bench is in Floor now.');
  await expect(page.getByLabel('Section of Oak bench').locator(':checked').innerText()).resolves.toBe(
    'Floor',
  );
  expect(await sectionsOf(db, boardId)).toEqual({ b: 'Floor', d: 'On the wall' });
  await drag(page, pinNamed('Coat hook'), target('No section'));
  await expect.poll(() => said.textContent()).toBe('Coat hook is in no section now.');
  expect(await sectionsOf(db, boardId)).toEqual({ b: 'Floor' });
  await page.route('**/v1/boards/pins/*', (route) => route.abort());
  await drag(page, pinNamed('Coat hook'), target('Floor'));
  await expect.poll(() => said.textContent()).toBe('That did not work. The order is as it was.');
  await expect(page.getByLabel('Section of Coat hook').inputValue()).resolves.toBe('');
  await page.unroute('**/v1/boards/pins/*');
  await drag(page, pinNamed('Coat hook'), target('On the wall'));
  await expect.poll(() => said.textContent()).toBe('Coat hook is in On the wall now.');
  expect(await sectionsOf(db, boardId)).toEqual({ b: 'Floor', d: 'On the wall' });
  expect(await orderOf(db, boardId)).toEqual(['a', 'c', 'd', 'b']);
  await expectAccessible(page);
  await page.goto(`/boards/${boardId}`);
  await expect(
    page.getByRole('navigation', { name: 'Section' }).getByRole('link').allInnerTexts(),
  ).resolves.toEqual(['All', 'Floor', 'On the wall']);
  await page.getByRole('link', { name: 'On the wall' }).click();
  await page.waitForURL(/section=/);
  await expect(titles.allInnerTexts()).resolves.toEqual(['Coat hook']);
  const { rows } = await sql<{ id: string }>`
    select id from boards.pin where board_id = ${boardId} and note = 'd'`.execute(db);
  await page.goto(`/pins/${rows[0]?.id}`);
  await page.getByText('Change note and section').click();
  await page.getByRole('button', { name: 'Use as the cover' }).click();
  await page.getByText('The board shows it first.').waitFor();
});

test('Ada asks for suggestions, Ben suggests from a product’s page, and she puts it on the board while he looks', async ({
  place,
  deps,
  work,
}) => {
  const [ada, ben] = [await aPerson(place, 'Ada'), await aPerson(place, 'Ben')];
  const boardId = await aBoard(deps, ada.memberId, { name: 'Reading corner' });
  const lamp = await aPicturedProduct(deps, { title: 'Brass lamp' });

  await ben.page.goto(`/boards/${boardId}`);
  await expect(ben.page.getByRole('link', { name: 'Suggest something' }).count()).resolves.toBe(0);
  await ada.page.goto(`/boards/${boardId}`);
  await ada.page.getByRole('link', { name: 'Suggestions' }).click();
  await ada.page.getByLabel('Anybody who may see the board').check();
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await ada.page.getByText('That is saved.').waitFor();

  await ben.page.reload();
  await ben.page.getByRole('link', { name: 'Suggest something' }).click();
  await ben.page.getByLabel('Words').fill('Brass lamp');
  await ben.page.getByRole('button', { name: 'Look', exact: true }).click();
  await ben.page.getByRole('radio', { name: 'Brass lamp' }).check();
  await ben.page.getByLabel('Why it fits').fill('It gives warm light from the left');
  await ben.page.getByRole('button', { name: 'Suggest it' }).click();
  await ben.page.getByText('Your suggestion is sent.').waitFor();
  await work();

  // Nobody else sees it before she says yes.
  const guest = await aPage(place);
  await guest.goto(`/boards/${boardId}`);
  await expect(guest.getByText('warm light').count()).resolves.toBe(0);
  await ada.page.goto('/notices');
  await ada.page
    .getByRole('link', { name: /Reading corner/ })
    .first()
    .click();
  await ada.page.getByText('It gives warm light from the left').waitFor();
  await ada.page.getByRole('button', { name: 'Put it on the board' }).click();
  await ada.page.getByText('It is on the board.').waitFor();
  await ben.page.goto(`/boards/${boardId}`);
  await expect(ben.page.locator('.pin').innerText()).resolves.toMatch(/Brass lamp[^]*suggested by Ben/);
  await guest.reload();
  await expect(guest.locator('.pin').count()).resolves.toBe(1);
  expect(lamp.slug).not.toBe('');
});

test('a board becomes secret while somebody looks at it: their next click, lists, search, feed and what they saved know nothing of it', async ({
  place,
  deps,
  db,
  work,
}) => {
  const [ada, ben] = [await aPerson(place, 'Ada Secret'), await aPerson(place, 'Ben')];
  const name = `Attic ${ada.handle.slice(-5)}`;
  const boardId = await aBoard(deps, ada.memberId, { name });
  const { id: productId, slug } = await aPicturedProduct(deps, { title: 'Paper lantern' });
  const pinId = await aPin(deps, ada.memberId, boardId, { kind: 'product', productId }, 'For the stairs');
  await ada.page.goto(`/boards/${boardId}/add`);
  await ada.page
    .getByLabel('Photo', { exact: true })
    .setInputFiles({ name: 'attic.jpg', mimeType: 'image/jpeg', buffer: await aPhoto() });
  await ada.page.getByRole('button', { name: 'Add the photo' }).click();
  await ada.page.getByText('The picture shows in a moment.').waitFor();
  await work();

  await ben.page.goto(`/boards/${boardId}`);
  await ben.page.getByRole('button', { name: 'Follow' }).click();
  const photo = await ben.page.locator('.pin img').first().getAttribute('src');
  expect((await ben.page.request.get(photo ?? '')).status()).toBe(200);
  await expect(ben.page.locator('.pin').count()).resolves.toBe(2);

  await ada.page.goto(`/boards/${boardId}/change`);
  await ada.page.getByLabel('Secret').check();
  await ada.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ada.page.getByText('The board is changed.').waitFor();
  await work();

  // He still has the page before him; whatever he does on it leads nowhere.
  await ben.page.getByLabel('Say something').fill('Lovely');
  await ben.page.getByRole('button', { name: 'Send' }).click();
  await ben.page.getByRole('alert').waitFor();
  const seen = async (path: string) => {
    const answer = await ben.page.request.get(path, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    // A search says again what was searched for.
    return { status: answer.status(), names: html.includes(path.startsWith('/search') ? boardId : name) };
  };
  for (const path of [`/boards/${boardId}`, `/pins/${pinId}`])
    expect(await seen(path)).toEqual({ status: 404, names: false });
  for (const path of [
    `/@${ada.handle}`,
    `/search?q=${encodeURIComponent(name)}`,
    `/p/${slug}`,
    '/feed',
    '/feed/friends',
    '/boards',
    '/notices',
  ])
    expect({ path, ...(await seen(path)) }).toMatchObject({ path, names: false });
  expect((await ben.page.request.get(photo ?? '')).status()).toBe(404);
  const { rows } = await sql`select from social.comment where subject_id = ${boardId}`.execute(db);
  expect(rows).toEqual([]);
  // She has it as it was, the photo at another address.
  await ada.page.goto(`/boards/${boardId}`);
  await expect(ada.page.locator('.pin').count()).resolves.toBe(2);
  const moved = await ada.page.locator('.pin img').first().getAttribute('src');
  expect(moved).not.toBe(photo);
  expect((await ada.page.request.get(moved ?? '')).status()).toBe(200);
});

test('two who make a board together edit it at once and lose nothing', async ({ place, deps, db }) => {
  const [ada, ben] = [await aPerson(place, 'Ada'), await aPerson(place, 'Ben')];
  const boardId = await aBoard(deps, ada.memberId, { name: 'Wedding', visibility: 'secret' });
  for (const note of ['c', 'b', 'a']) {
    const { id: productId } = await aPicturedProduct(deps, { title: `Gift ${note}` });
    await aPin(deps, ada.memberId, boardId, { kind: 'product', productId }, note);
  }
  await ada.page.goto(`/boards/${boardId}/makers`);
  await ada.page.getByLabel('Their name here').fill(ben.handle);
  await ada.page.getByLabel('What they may do').selectOption('editor');
  await ada.page.getByRole('button', { name: 'Ask them' }).click();
  await ben.page.goto('/invitations');
  await ben.page.getByRole('button', { name: 'Join' }).click();
  await ben.page.getByText('You make this board too now.').waitFor();

  // Both have the arranging page open, and both move something.
  await Promise.all([ada, ben].map(({ page }) => page.goto(`/boards/${boardId}/arrange`)));
  const step = async ({ page }: { page: Page }, name: string, button: string) => {
    await page.locator(`.place[data-name="${name}"]`).getByRole('button', { name: button }).press('Enter');
    await expect.poll(() => page.locator('pin-order [role=status]').textContent()).toMatch(name);
  };
  await Promise.all([step(ada, 'Gift a', 'Later'), step(ben, 'Gift c', 'Earlier')]);
  expect((await orderOf(db, boardId)).toSorted()).toEqual(['a', 'b', 'c']);

  // Both change the words: who comes second is shown the other's, and keeps their own.
  await Promise.all([ada, ben].map(({ page }) => page.goto(`/boards/${boardId}/change`)));
  await ada.page.getByLabel('Name', { exact: true }).fill('Our wedding');
  await ada.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ada.page.getByText('The board is changed.').waitFor();
  await ben.page.getByLabel('Name', { exact: true }).fill('The wedding');
  await ben.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ben.page.getByText('It reads now: Our wedding').waitFor();
  await expect(ben.page.getByLabel('Name', { exact: true }).inputValue()).resolves.toBe('The wedding');
  // Nobody else learns of it.
  const guest = await aPage(place);
  expect((await guest.request.get(`/boards/${boardId}`)).status()).toBe(404);
});

test('the bookmarklet opens the page that somebody looks at beside it, and that page learns nothing of it', async ({
  place,
  db,
}) => {
  const { page, memberId } = await aPerson(place, 'Ada');
  await page.goto('/bookmarklet');
  await expectAccessible(page);
  const script = await page.getByLabel('Address of the bookmark').inputValue();
  await expect(page.getByRole('main').getByRole('link').first().getAttribute('href')).resolves.toBe(script);
  const elsewhere = 'https://elsewhere.example/lamp?of=brass&size=2#top';
  const body = '<title>A lamp</title><p>Brass</p>';
  await page.context().route('https://elsewhere.example/**', (route) => {
    return route.fulfill({ contentType: 'text/html', body });
  });
  await page.goto(elsewhere);
  // As a browser does with an address of that kind.
  const opened = page.context().waitForEvent('page');
  await page.evaluate(script.replace(/^javascript:/, ''));
  const ours = await opened;
  await ours.getByLabel('Name').fill('From elsewhere');
  await expect(ours.evaluate(() => window.opener === null && document.referrer === '')).resolves.toBe(true);
  await expectAccessible(ours);
  await ours.getByRole('button', { name: 'Save' }).click();
  await ours.getByText('Saved.').waitFor();
  const { rows } = await sql`
    select link.url from boards.link join social.piece on piece.id = pin_id where owner_id = ${memberId}`.execute(
    db,
  );
  expect(rows).toEqual([{ url: elsewhere }]);
  expect(page.url()).toBe(elsewhere);
});
