import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { followEvents, freshness } from '#modules/insight/index.ts';
import { aLook } from '#modules/looks/factory.ts';
import { creditFreshness, creditSums, followCredits, setTerritory } from '#modules/market/index.ts';
import { dayIn } from '#platform/days.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { aPerson, aPhoto, aPicturedProduct, checkOut, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

interface Item {
  x: number;
  y: number;
  width: number;
  turn: number;
}

const itemsOn = async (page: Page): Promise<Item[]> =>
  (JSON.parse(await page.locator('input[name=layout]').inputValue()) as { items: Item[] }).items;

/** As a hand does it: pressed, moved in steps, let go. */
async function dragBy(page: Page, what: Locator, right: number, down: number): Promise<void> {
  // In the middle of the window, so that the hand stays inside it: beyond its edge nothing hears of a pointer.
  await what.evaluate((each) => each.scrollIntoView({ block: 'center', behavior: 'instant' }));
  // Pictures may still be coming in and move what is below them, and a page scrolls in frames of its own.
  const aWhile = () =>
    page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  let box = await what.boundingBox();
  const isStill = async () => {
    await aWhile();
    return isDeepStrictEqual(box, (box = await what.boundingBox()));
  };
  await expect.poll(isStill).toBe(true);
  if (!box) throw new Error('nothing to drag');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right / 2, y + down / 2);
  await page.mouse.move(x + right, y + down);
  await page.mouse.up();
}

test('a look is composed by pointer and by keys, undone, kept as a draft, and shown', async ({
  place,
  deps,
  db,
}) => {
  const { page, memberId } = await aPerson(place, 'Ada');
  const key = randomUUID().slice(0, 8);
  const titles = [`Jug ${key}`, `Tray ${key}`];
  for (const title of titles) await aPicturedProduct(deps, { title });
  await page.goto('/looks/new');
  await page.locator('#composer-search').fill(key);
  const said = page.locator('.composer-said');
  for (const title of titles) {
    await page.getByRole('list', { name: 'Products to put in' }).getByRole('button', { name: title }).click();
    await expect.poll(() => said.textContent()).toBe(`${title} is in the look`);
  }
  const [jug, tray] = titles.map((name) => page.locator('.composer-canvas').getByRole('button', { name }));
  if (!jug || !tray) throw new Error('two things');
  const first = async () => (await itemsOn(page))[0];
  const before = await first();
  await dragBy(page, jug, 60, 90);
  await expect.poll(async () => ((await first())?.x ?? 0) - (before?.x ?? 0)).toBeGreaterThan(60);
  const moved = await first();
  await dragBy(page, page.locator('.composer-handle.falling').last(), 40, 50);
  await expect.poll(async () => (await first())?.width).toBeGreaterThan(moved?.width ?? 0);
  await dragBy(page, page.locator('.composer-handle.turning'), 90, 10);
  // The arm stands above or below, wherever there is room: the same pull turns to either side.
  await expect.poll(async () => Math.abs((await first())?.turn ?? 0)).toBeGreaterThan(5);

  // The same by keys, each said; what is taken out leaves the focus on what is left.
  await tray.focus();
  await expect.poll(() => said.textContent()).toBe(`Selected: ${titles[1]}`);
  const [, reached] = await itemsOn(page);
  for (const press of ['ArrowLeft', 'Shift+ArrowDown', '+', ']', ']']) await page.keyboard.press(press);
  await expect.poll(() => said.textContent()).toBe(`${titles[1]} is turned by 10 degrees`);
  await expect
    .poll(async () => (await itemsOn(page))[1])
    .toMatchObject({
      x: (reached?.x ?? 0) - 10,
      y: (reached?.y ?? 0) + 50,
      width: Math.round((reached?.width ?? 0) * 1.05),
      turn: 10,
    });
  await page.keyboard.press('PageDown');
  await expect.poll(() => said.textContent()).toBe(`${titles[1]} is layer 1 of 2`);
  await page.keyboard.press('Delete');
  await expect.poll(() => itemsOn(page).then((items) => items.length)).toBe(1);
  await expect.poll(() => jug.evaluate((part) => part === document.activeElement)).toBe(true);
  await page.keyboard.press('Control+z');
  await expect.poll(() => itemsOn(page).then((items) => items.length)).toBe(2);

  await page.getByRole('button', { name: 'Add words' }).click();
  await page.getByLabel('Words in the picture').fill('Slow morning');
  await page.getByText('Draft kept').waitFor();
  await expectAccessible(page);
  await expect(page.locator('.composer').ariaSnapshot()).resolves.toMatch(
    /group "The look"[^]*button "Tray [^]*button "Jug [^]*button "Slow morning" \[pressed\]/,
  );
  const address = await page.locator('.look-form').getAttribute('action');
  await page.goto(address ?? '');
  await expect.poll(() => itemsOn(page).then((items) => items.length)).toBe(2);
  await page.getByLabel('Title').fill('Breakfast');
  await page.getByRole('button', { name: 'Show the look' }).click();
  await page.getByText('The look is shown.').waitFor();
  const { rows } = await sql`
    select title, state, (select count(*)::integer from looks.item where look_id = look.id) as items,
      (select words from looks.wording where look_id = look.id) as words
    from looks.look join social.piece on piece.id = look.id where owner_id = ${memberId}`.execute(db);
  expect(rows).toEqual([{ title: 'Breakfast', state: 'live', items: 2, words: 'Slow morning' }]);
});

test('a shown look gets a scene with points on it; the change outlives a reload and is shown by its maker’s act alone', async ({
  place,
  deps,
  db,
  work,
}) => {
  const { page, memberId } = await aPerson(place, 'Ada');
  const titles = [`Lamp ${randomUUID().slice(0, 8)}`, `Sofa ${randomUUID().slice(0, 8)}`];
  const ids = [];
  for (const title of titles) ids.push((await aPicturedProduct(deps, { title })).id);
  const [lamp = '', sofa = ''] = titles;
  const lookId = await aLook(deps, memberId, ids.slice(0, 1), { title: 'Corner' });
  await work();
  await page.goto(`/looks/${lookId}/compose`);
  const said = page.locator('.composer-said');
  const hasArrived = page.waitForResponse((answer) => answer.request().method() === 'PUT');
  await page
    .getByLabel('Photo of a scene behind it')
    .setInputFiles({ name: 'room.jpg', mimeType: 'image/jpeg', buffer: await aPhoto(800, 1000) });
  await hasArrived;
  await work();
  const layout = page.locator('input[name=layout]');
  await expect.poll(() => layout.inputValue(), { timeout: 30_000 }).toMatch(/"sceneId":"/);
  await page.locator('#composer-search').fill(sofa);
  await page.getByRole('list', { name: 'Products to put in' }).getByRole('button', { name: sofa }).click();
  await expect.poll(() => said.textContent()).toBe(`${sofa} is in the look`);
  const [point, other] = [sofa, lamp].map((name) =>
    page.locator('.composer-canvas').getByRole('button', { name }),
  );
  if (!point || !other) throw new Error('two points');
  await other.focus();
  await page.getByRole('button', { name: 'A point on the scene' }).click();
  const at = async (index: number) => (await itemsOn(page))[index];
  const before = await at(1);
  await dragBy(page, point, 50, 40);
  await expect.poll(async () => ((await at(1))?.x ?? 0) - (before?.x ?? 0)).toBeGreaterThan(50);
  await point.focus();
  const dragged = await at(1);
  await page.keyboard.press('Shift+ArrowUp');
  await expect.poll(async () => (await at(1))?.y).toBe((dragged?.y ?? 0) - 50);
  const [x, y] = [Math.round((dragged?.x ?? 0) / 10), Math.round(((dragged?.y ?? 0) - 50) / 12.5)];
  await expect
    .poll(() => said.textContent())
    .toBe(`${sofa} is at ${x}% from the left and ${y}% from the top`);
  await expect
    .poll(() => said.textContent(), { timeout: 10_000 })
    .toBe('Change kept; others see it once you save it');

  const shown = async () => {
    const { rows } = await sql`
      select scene_id is not null as "hasScene", array(
        select shape::text from looks.item where look_id = look.id order by place) as shapes
      from looks.look where id = ${lookId}`.execute(db);
    return rows[0];
  };
  expect(await shown()).toEqual({ hasScene: false, shapes: ['cut_out'] });
  await page.reload();
  await page.getByText('You have not shown this change yet').waitFor();
  await expect.poll(() => itemsOn(page).then((items) => items.length)).toBe(2);
  expect((await at(1))?.y).toBe((dragged?.y ?? 0) - 50);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('The look is shown.').waitFor();
  expect(await shown()).toEqual({ hasScene: true, shapes: ['hotspot', 'hotspot'] });
  await page.goto(`/looks/${lookId}/compose`);
  await expect(page.getByText('You have not shown this change yet').count()).resolves.toBe(0);
});

/** Each of the variants: what is there, and what of it is promised to somebody. */
async function stockOf(db: Db, variantIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await sql`
    select sum(on_hand)::integer as "onHand", sum(available)::integer as available from inventory.stock_level
    where variant_id = any(${[...variantIds]}::uuid[]) group by variant_id`.execute(db);
  return rows;
}

async function credited(deps: Deps): Promise<void> {
  const stop = new AbortController();
  const following = [followEvents(deps, stop.signal), followCredits(deps, stop.signal, () => {})];
  const isBehind = async () => (await freshness(deps.db)).behind || (await creditFreshness(deps.db)).isBehind;
  await expect.poll(isBehind, { timeout: 30_000 }).toBe(false);
  stop.abort();
  await Promise.all(following);
}

test('Ben remixes Ada’s look with credit, suggests a swap that she takes, and buys it: stock and credit move', async ({
  place,
  deps,
  db,
  origin,
  work,
}) => {
  const [ada, ben] = [await aPerson(place, 'Ada'), await aPerson(place, 'Ben')];
  const key = randomUUID().slice(0, 8);
  const things = [];
  for (const name of ['Vase', 'Bowl', 'Plate'])
    things.push(await aPicturedProduct(deps, { title: `${name} ${key}`, stock: 3, amountMinor: 2420 }));
  const [vase, bowl, plate] = things;
  if (!vase || !bowl || !plate) throw new Error('three things');
  const lookId = await aLook(deps, ada.memberId, [vase.id, bowl.id], { title: `Table ${key}` });
  await work();

  await ben.page.goto(`/looks/${lookId}`);
  await ben.page.locator('.look-figure img').waitFor();
  await ben.page.getByRole('button', { name: 'Remix' }).click();
  await ben.page.getByText('It is yours to change now.').waitFor();
  await ben.page.getByLabel('Title').fill('My table');
  await ben.page.getByRole('button', { name: 'Show the look' }).click();
  await expect(ben.page.getByRole('main').innerText()).resolves.toMatch(/Remixed from\s+Ada’s Table/);
  await ada.page.goto('/notices');
  await expect(ada.page.getByRole('main').innerText()).resolves.toMatch(/Ben.*My table/);

  await ben.page.goto(`/looks/${lookId}`);
  await ben.page.getByText('Suggest a swap').click();
  await ben.page.getByLabel('In place of').selectOption({ label: `Bowl ${key}` });
  await ben.page.getByLabel('You would take').fill(`${origin}/p/${plate.slug}`);
  await ben.page.getByLabel('Why').fill('It is flat');
  await ben.page.getByRole('button', { name: 'Send it' }).click();
  await ben.page.getByText('The maker of the look is told.').waitFor();
  await ada.page.goto(`/looks/${lookId}`);
  await ada.page.getByRole('button', { name: 'Take it' }).click();
  await expect.poll(() => ada.page.locator('.look-lines').innerText()).toMatch(/Vase[^]*Plate/);
  await expectAccessible(ada.page);

  const { rows } = await sql<{ locationId: string }>`
    select location_id as "locationId" from inventory.stock_level where variant_id = ${vase.variants[0]?.id}`.execute(
    db,
  );
  const [store] = rows.map(({ locationId }) => ({
    locationId,
    attractiveness: 1,
    position: { latitude: 52.37, longitude: 4.9 },
  }));
  if (!store) throw new Error('nowhere');
  await inTransaction(db, (tx) =>
    setTerritory(
      tx,
      { id: randomUUID(), regionCode: 'NL', startsOn: '2020-01-01', stores: [store], note: '', setBy: null },
      new Date(),
    ),
  );
  const variantIds = [vase, plate].flatMap(({ variants }) => variants.map(({ id }) => id));
  expect(await stockOf(db, variantIds)).toEqual([
    { onHand: 3, available: 3 },
    { onHand: 3, available: 3 },
  ]);
  await ben.page.goto(`/looks/${lookId}`);
  await expect(ben.page.locator('.look-total').innerText()).resolves.toContain('€48.40');
  await ben.page.getByRole('button', { name: 'Put it all into the cart' }).click();
  await ben.page.getByText('The look is in your cart.').waitFor();
  await checkOut(ben.page, origin);
  await work();
  expect(await stockOf(db, variantIds)).toEqual([
    { onHand: 3, available: 2 },
    { onHand: 3, available: 2 },
  ]);
  await credited(deps);
  const today = dayIn(deps.config.timeZone, new Date());
  const { locations } = await creditSums(db, { from: today, to: today, currency: 'EUR' });
  expect(locations.map(({ locationId, regionalMinor }) => ({ locationId, regionalMinor }))).toContainEqual({
    locationId: store.locationId,
    regionalMinor: 4000,
  });
});
