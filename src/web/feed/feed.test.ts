import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { block, follow, ownProfile, setVisibility } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { homeFeed, varied } from '#read/feed.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

type App = Parameters<typeof aSignedInBrowser>[0];

async function aWalker(app: App, deps: Deps, name = 'Ada Example') {
  const browser = await aSignedInBrowser(app, deps);
  await inTransaction(deps.db, (tx) => ownProfile(tx, browser.memberId, name, deps.now()));
  return browser;
}

/** Ada saved a mug; Bo has the mug and a jug on a board, and a lamp on another that nobody else sees. */
async function aNeighbourhood(app: App, deps: Deps) {
  const { db } = deps;
  const [ada, bo] = [await aWalker(app, deps), await aWalker(app, deps, 'Bo Example')];
  const [mug, jug, lamp] = [
    await aPublishedProduct(db, 'Mug'),
    await aPublishedProduct(db, 'Jug'),
    await aPublishedProduct(db, 'Lamp'),
  ];
  const product = ({ id }: { id: string }) => ({ kind: 'product' as const, productId: id });
  const own = await aBoard(deps, ada.memberId);
  await aPin(deps, ada.memberId, own, product(mug));
  const open = await aBoard(deps, bo.memberId, { name: 'Breakfast' });
  await aPin(deps, bo.memberId, open, product(mug));
  const jugPin = await aPin(deps, bo.memberId, open, product(jug));
  const secret = await aBoard(deps, bo.memberId, { name: 'Hidden', visibility: 'secret' });
  await aPin(deps, bo.memberId, secret, product(mug));
  await aPin(deps, bo.memberId, secret, product(lamp));
  return { ada, bo, mug, jug, lamp, open, jugPin };
}

const shown = (deps: Deps, memberId: string | undefined) =>
  homeFeed(deps.reads, memberId, { seed: 1 }).then(({ cards }) => cards);
const titles = async (deps: Deps, memberId: string | undefined) =>
  (await shown(deps, memberId)).map(({ card }) => card?.id);

test('a card says why it is here, nothing of a secret board shows, and what is wanted less of is gone at once', async ({
  app,
  deps,
}) => {
  const { ada, bo, mug, jug, lamp, open, jugPin } = await aNeighbourhood(app, deps);
  const [card, ...others] = (await shown(deps, ada.memberId)).filter(
    ({ by }) => by?.memberId === bo.memberId,
  );
  expect(others).toEqual([]);
  expect(card).toMatchObject({
    pinId: jugPin,
    card: { id: jug.id },
    board: { id: open, name: 'Breakfast' },
    why: { kind: 'like', slug: mug.slug },
  });
  for (const viewer of [ada.memberId, undefined]) expect(await titles(deps, viewer)).not.toContain(lamp.id);
  const page = await ada.open('/feed');
  expect(page.body).toContain(`Saved together with <a href="/p/${mug.slug}">Mug</a>`);
  expect(page.body).toContain('<em>Breakfast</em>');

  const sent = { kind: 'member', targetId: bo.memberId, next: '/feed' };
  expect((await ada.send('/feed/less', sent)).statusCode).toBe(303);
  expect((await ada.open('/feed')).body).not.toContain('<em>Breakfast</em>');
  expect((await ada.send('/feed/again', {})).statusCode).toBe(303);
  expect(await titles(deps, ada.memberId)).toContain(jug.id);

  await inTransaction(deps.db, (tx) => setVisibility(tx, open, 'secret'));
  expect(await titles(deps, ada.memberId)).not.toContain(jug.id);
  expect((await ada.open('/boards')).body).not.toContain(open);
});

test('those who do not meet are in neither’s feed, friends’ feed or search', async ({ app, deps, db }) => {
  const { ada, bo, jug } = await aNeighbourhood(app, deps);
  await inTransaction(db, (tx) =>
    follow(tx, ada.memberId, { kind: 'member', targetId: bo.memberId }, deps.now()),
  );
  const friends = async () => (await ada.open('/feed/friends')).body;
  expect(await friends()).toContain(`/p/${jug.slug}`);
  const found = async (kind: string, q: string) =>
    (await ada.open(`/v1/feed/search?kind=${kind}&q=${q}`)).json<{ found: { id: string }[] }>().found;
  const people = async () => (await found('person', 'bo+exam')).map(({ id }) => id);
  expect(await people()).toContain(bo.memberId);
  expect(await found('board', "' | !:*")).toEqual([]);

  await inTransaction(db, (tx) => block(tx, bo.memberId, ada.memberId, deps.now()));
  expect(await titles(deps, ada.memberId)).not.toContain(jug.id);
  expect(await friends()).not.toContain(`/p/${jug.slug}`);
  expect(await people()).not.toContain(bo.memberId);
});

test('no more than two of a person or a brand stand among six, as long as there are others', () => {
  const of = (ownerId: string, count: number) =>
    Array.from({ length: count }, (_, nth) => ({ ownerId, brandId: null, nth }));
  const mixed = varied([...of('ada', 6), ...of('bo', 4), ...of('cleo', 4), ...of('dan', 4)]);
  expect(mixed).toHaveLength(18);
  for (let from = 0; from + 6 <= 12; from++) {
    const among = mixed.slice(from, from + 6).map(({ ownerId }) => ownerId);
    for (const owner of new Set(among)) expect(among.filter((each) => each === owner).length).toBeLessThan(3);
  }
  expect(mixed.slice(0, 3).map(({ ownerId }) => ownerId)).toEqual(['ada', 'ada', 'bo']);
});

test('pages of a feed follow each other without a card twice', async ({ app, deps }) => {
  const { ada, bo, mug } = await aNeighbourhood(app, deps);
  let last = '';
  for (let nth = 0; nth < 33; nth++) {
    const board = nth % 11 === 0 ? await aBoard(deps, bo.memberId, { name: 'Much' }) : last;
    const { id: productId } = nth % 11 === 0 ? mug : await aPublishedProduct(deps.db, `Vase ${nth}`);
    await aPin(deps, bo.memberId, board, { kind: 'product', productId });
    last = board;
  }
  const first = await homeFeed(deps.reads, ada.memberId, { seed: 3 });
  expect(first.cards).toHaveLength(24);
  const second = await homeFeed(deps.reads, ada.memberId, { seed: 4, cursor: first.cursor ?? '' });
  const ids = [...first.cards, ...second.cards].map(({ pinId }) => pinId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(second.cards.length).toBeGreaterThan(5);
});

test('a brand and a topic are followed from their pages, and the list of what one follows knows them', async ({
  app,
  deps,
  db,
}) => {
  const ada = await aWalker(app, deps);
  const [brandId, slug] = [randomUUID(), `maker-${randomUUID().slice(0, 8)}`];
  await sql`insert into catalog.brand (id, slug, name) values (${brandId}, ${slug}, 'Maker Anew')`.execute(
    db,
  );
  expect((await ada.open(`/b/${slug}`)).body).toContain(`name="targetId" value="${brandId}"`);
  await ada.send('/follow', { kind: 'brand', targetId: brandId, on: 'yes', next: `/b/${slug}` });
  const page = (await ada.open(`/b/${slug}`)).body;
  expect(page).toContain('1 follower');
  expect(page).toMatch(/name="on" value="no"/);
  expect((await ada.open('/following')).body).toContain(`<a href="/b/${slug}">Maker Anew</a>`);
});
