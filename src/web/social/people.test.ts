import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { aLook } from '#modules/looks/factory.ts';
import { findComplements } from '#modules/looks/index.ts';
import { ownProfile } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser } from '../factory.ts';

type App = Parameters<typeof aSignedInBrowser>[0];

async function aPerson(app: App, deps: Deps, name: string) {
  const browser = await aSignedInBrowser(app, deps);
  const { handle } = await inTransaction(deps.db, (tx) => ownProfile(tx, browser.memberId, name, deps.now()));
  return { ...browser, handle };
}

test('somebody is followed, muted, blocked and met again by the forms of their page', async ({
  app,
  deps,
  db,
}) => {
  const [ada, bo] = [await aPerson(app, deps, 'Ada Example'), await aPerson(app, deps, 'Bo Example')];
  const mug = await aPublishedProduct(db, 'Mug');
  const board = await aBoard(deps, bo.memberId, { name: 'Breakfast' });
  await aPin(deps, bo.memberId, board, { kind: 'product', productId: mug.id });
  const at = `/@${bo.handle}`;
  const whom = { memberId: bo.memberId, next: at };
  const friends = async () => (await ada.open('/feed/friends')).body.includes('Breakfast');
  const statuses = async () => [
    (await ada.open(at)).statusCode,
    (await ada.open(`/boards/${board}`)).statusCode,
    (await bo.open(`/@${ada.handle}`)).statusCode,
  ];
  await ada.send('/follow', { kind: 'member', targetId: bo.memberId, on: 'yes', next: at });
  expect([await friends(), (await ada.open(at)).body.includes('action="/mute"')]).toEqual([true, true]);

  // Muted they are left out of the feed, and of nothing else.
  expect((await ada.send('/mute', whom)).headers.location).toBe(at);
  expect([await friends(), await statuses()]).toEqual([false, [200, 200, 200]]);
  expect((await ada.open(at)).body).toContain('action="/unshun"');
  await ada.send('/unshun', whom);
  expect(await friends()).toBe(true);

  // Blocked they meet nowhere, either way; nobody follows anybody afterwards.
  expect((await ada.send('/block', whom)).headers.location).toBe('/account/profile');
  expect([await friends(), await statuses()]).toEqual([false, [404, 404, 404]]);
  expect((await ada.open('/account/profile')).body).toContain('Bo Example');
  await ada.send('/unshun', { ...whom, next: '' });
  expect([await friends(), await statuses()]).toEqual([false, [200, 200, 200]]);
  expect((await aBrowser(app).send('/block', whom)).headers.location).toMatch(/^\/sign-in/);
  expect((await ada.send('/block', { ...whom, memberId: ada.memberId })).statusCode).toBe(422);
});

test('public boards, looks and people name one address and a picture to other sites; unlisted ones name none', async ({
  app,
  deps,
  db,
  work,
}) => {
  const bo = await aPerson(app, deps, 'Bo Example');
  const mug = await aPublishedProduct(db, 'Mug');
  const shownTo = async (path: string) => {
    const { body, statusCode } = await aBrowser(app).open(path);
    const tag = (pattern: RegExp) => pattern.exec(body)?.[1];
    return {
      statusCode,
      canonical: tag(/<link rel="canonical" href="http:\/\/localhost:80([^"]+)"/),
      title: tag(/<meta property="og:title" content="([^"]+)"/),
      image: tag(/<meta property="og:image" content="http:\/\/localhost(?::80)?\/media\/[^"]*\/([^"/]+)"/),
      isKept: !body.includes('noindex'),
    };
  };
  const board = await aBoard(deps, bo.memberId, { name: 'Breakfast' });
  await aPin(deps, bo.memberId, board, { kind: 'product', productId: mug.id });
  const look = await aLook(deps, bo.memberId, [mug.id], { title: 'Morning' });
  const hidden = await aLook(deps, bo.memberId, [mug.id], { title: 'Not yet', visibility: 'unlisted' });
  await work();
  const isPublic = { statusCode: 200, isKept: true };
  expect(await shownTo(`/boards/${board}`)).toMatchObject({
    ...isPublic,
    canonical: `/boards/${board}`,
    title: 'Breakfast by Bo Example',
  });
  expect(await shownTo(`/looks/${look}`)).toEqual({
    ...isPublic,
    canonical: `/looks/${look}`,
    title: 'Morning by Bo Example',
    image: 'shared.jpg',
  });
  expect(await shownTo(`/@${bo.handle}`)).toMatchObject({ ...isPublic, canonical: `/@${bo.handle}` });
  const { rows } = await sql<{ key: string }>`
    select link_key as key from social.piece where id = ${hidden}`.execute(db);
  expect(await shownTo(`/looks/${hidden}?key=${rows[0]?.key}`)).toMatchObject({
    statusCode: 200,
    isKept: false,
    canonical: undefined,
    image: undefined,
  });
});

test('who composes a look is offered what goes with what lies on it', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const ada = await aPerson(app, deps, 'Ada Example');
  const thing = async (title: string) => (await aProduct(db, databaseUrl, { title })).product.id;
  const [vase, lamp, jar, bulb] = [
    await thing('Vase'),
    await thing('Lamp'),
    await thing('Jar'),
    await thing('Bulb'),
  ];
  const offered = async () =>
    (await ada.open(`/looks/things?q=&beside=${vase}`))
      .json<{ things: { id: string }[] }>()
      .things.map(({ id }) => id);
  for (let n = 0; n < 3; n++) await aLook(deps, ada.memberId, [vase, lamp]);
  for (let n = 0; n < 3; n++) await aLook(deps, ada.memberId, [jar, bulb]);
  expect(await offered()).toEqual([]);
  await findComplements(deps);
  expect(await offered()).toEqual([lamp]);
});
