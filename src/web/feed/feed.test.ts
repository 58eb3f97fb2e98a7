import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { answerSuggestion, suggest, takeSuggestions } from '#modules/boards/index.ts';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { seeLess } from '#modules/feed/index.ts';
import { aLook } from '#modules/looks/factory.ts';
import { aPost } from '#modules/posts/factory.ts';
import { aReview } from '#modules/reviews/factory.ts';
import { block, follow, ownProfile, peopleOf, setVisibility } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type FeedPage, friendsFeed, homeFeed } from '#read/feed.ts';
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
  homeFeed(deps.reads, memberId, { seed: 1, keepSeconds: 0 }).then(({ cards }) => cards);
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

test('pages of a feed follow each other: nothing comes twice, and nothing that is there is passed by, though others go and come', async ({
  app,
  deps,
  db,
}) => {
  const { ada, bo, mug } = await aNeighbourhood(app, deps);
  let last = '';
  for (let nth = 0; nth < 44; nth++) {
    const board = nth % 11 === 0 ? await aBoard(deps, bo.memberId, { name: 'Much' }) : last;
    const { id: productId } = nth % 11 === 0 ? mug : await aPublishedProduct(deps.db, `Vase ${nth}`);
    await aPin(deps, bo.memberId, board, { kind: 'product', productId });
    last = board;
  }
  const things = ({ cards }: FeedPage) => cards.map(({ card, pieceId }) => card?.id ?? pieceId ?? '');
  const whole = async (seed: number) => {
    const pages: FeedPage[] = [];
    for (
      let cursor: string | undefined;
      pages.length === 0 || cursor;
      cursor = pages.at(-1)?.cursor ?? undefined
    )
      pages.push(
        await homeFeed(deps.reads, ada.memberId, {
          seed: pages.length === 0 ? seed : 999,
          keepSeconds: 0,
          cursor,
        }),
      );
    return pages.flatMap(things);
  };
  const all = await whole(3);
  expect(all.length).toBeGreaterThan(28);
  expect(new Set(all).size).toBe(all.length);

  const first = await homeFeed(deps.reads, ada.memberId, { seed: 3, keepSeconds: 0 });
  expect(things(first)).toEqual(all.slice(0, 24));
  // What was shown goes, and what was not yet stays: a count of places would pass three by.
  for (const targetId of things(first).slice(0, 3))
    await inTransaction(db, (tx) => seeLess(tx, ada.memberId, { kind: 'product', targetId }, deps.now()));
  const second = await homeFeed(deps.reads, ada.memberId, {
    seed: 4,
    keepSeconds: 0,
    cursor: first.cursor ?? '',
  });
  expect(things(second).toSorted()).toEqual(all.slice(24, 24 + second.cards.length).toSorted());
  expect(second.cards).toHaveLength(all.length - 24);
});

/** Bo made and said all kinds of things, and Ada follows Bo. */
async function aMaker(app: App, deps: Deps) {
  const { ada, bo, mug, jug } = await aNeighbourhood(app, deps);
  await inTransaction(deps.db, (tx) =>
    follow(tx, ada.memberId, { kind: 'member', targetId: bo.memberId }, deps.now()),
  );
  const look = await aLook(deps, bo.memberId, [mug.id]);
  const { id: post } = await aPost(deps, bo.memberId, { caption: 'A shelf at last' });
  const review = await aReview(deps, bo, { productId: jug.id, rating: 4, title: 'Stands well' });
  return { ada, bo, look, post, review };
}

test('what followed people make, post and say comes in both feeds, and one thing of it can be left out', async ({
  app,
  deps,
}) => {
  const { ada, bo, look, post, review } = await aMaker(app, deps);
  const both = async () => {
    const home = await shown(deps, ada.memberId);
    const { cards: friends } = await friendsFeed(deps.reads, ada.memberId, {});
    return [home, friends].map((cards) => new Set(cards.map(({ pieceId }) => pieceId)));
  };
  for (const feed of await both()) expect([look, post, review].filter((id) => !feed.has(id))).toEqual([]);
  const page = (await ada.open('/feed/friends')).body;
  for (const words of ['made this look', 'posted this', 'reviewed it', 'Stands well', `/looks/${look}`])
    expect(page).toContain(words);

  await ada.send('/feed/less', { kind: 'piece', targetId: post, next: '/feed' });
  const [home, friends] = await both();
  expect([home?.has(post), home?.has(look), friends?.has(post)]).toEqual([false, true, true]);
  await inTransaction(deps.db, (tx) => setVisibility(tx, look, 'secret'));
  for (const feed of await both()) expect(feed.has(look)).toBe(false);
  await inTransaction(deps.db, (tx) => block(tx, bo.memberId, ada.memberId, deps.now()));
  for (const feed of await both()) expect(feed.has(review)).toBe(false);
});

test('a profile has a tab for each kind, with what its viewer may find; looks and posts are found by their words', async ({
  app,
  deps,
  db,
}) => {
  const { ada, bo, look, post } = await aMaker(app, deps);
  const handle = (await peopleOf(db, undefined, [bo.memberId])).get(bo.memberId)?.handle ?? '';
  const counts = async (viewer: typeof ada) => {
    const page = (await viewer.open(`/@${handle}/reviews`)).body;
    return [...page.matchAll(/>(Boards|Looks|Posts|Reviews) <small>(\d+)<\/small>/g)].map(
      ([, tab, n]) => `${tab} ${n}`,
    );
  };
  // Of two boards one is secret.
  expect(await counts(ada)).toEqual(['Boards 1', 'Looks 1', 'Posts 1', 'Reviews 1']);
  expect(await counts(bo)).toEqual(['Boards 2', 'Looks 1', 'Posts 1', 'Reviews 1']);
  expect((await ada.open(`/@${handle}/reviews`)).body).toContain('Stands well');
  expect((await ada.open(`/@${handle}/looks`)).body).toContain(`/looks/${look}`);
  expect((await ada.open(`/@${handle}/posts`)).body).toContain(`/posts/${post}`);

  const found = async (kind: string, words: string) =>
    (await ada.open(`/v1/feed/search?kind=${kind}&q=${words}`)).json<{ found: { id: string }[] }>().found;
  const idsOf = async (kind: string, words: string) => (await found(kind, words)).map(({ id }) => id);
  await sql`update looks.look set title = 'Evening corner' where id = ${look}`.execute(db);
  expect(await idsOf('look', 'even')).toEqual([look]);
  expect(await idsOf('post', 'shel+last')).toContain(post);
  expect((await ada.open('/search/looks?q=corner')).body).toContain(`/looks/${look}`);
  await inTransaction(db, (tx) => setVisibility(tx, look, 'secret'));
  expect([await idsOf('look', 'even'), await counts(ada)]).toEqual([
    [],
    ['Boards 1', 'Looks 0', 'Posts 1', 'Reviews 1'],
  ]);
});

test('a suggestion for one’s board is a card of one’s own feed until it is answered', async ({
  app,
  deps,
  db,
}) => {
  const { ada, bo } = await aNeighbourhood(app, deps);
  const lamp = await aPublishedProduct(db, 'Lamp to suggest');
  const boardId = await aBoard(deps, ada.memberId, { name: 'Evening' });
  const id = randomUUID();
  const thing = { kind: 'product' as const, productId: lamp.id };
  await inTransaction(db, async (tx) => {
    await takeSuggestions(tx, ada.memberId, boardId, 'anyone');
    await suggest(
      tx,
      { memberId: bo.memberId },
      { id, boardId, thing, reason: 'For the corner' },
      deps.now(),
    );
  });
  const of = async (memberId: string) =>
    (await shown(deps, memberId)).filter(({ kind }) => kind === 'suggestion');
  expect(await of(ada.memberId)).toMatchObject([
    { pieceId: id, note: 'For the corner', board: { name: 'Evening' }, why: { kind: 'suggested' } },
  ]);
  expect(await of(bo.memberId)).toEqual([]);
  await inTransaction(db, (tx) =>
    answerSuggestion(tx, ada.memberId, id, { answer: 'declined', pinId: randomUUID() }, deps.now()),
  );
  expect(await of(ada.memberId)).toEqual([]);
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

  const [topicId, topic] = [randomUUID(), `topic-${randomUUID().slice(0, 8)}`];
  await sql`insert into catalog.category (id, slug, name) values (${topicId}, ${topic}, 'Lighting')`.execute(
    db,
  );
  expect((await ada.open(`/c/${topic}`)).body).toContain(`name="targetId" value="${topicId}"`);
  const follows = (on: string) =>
    ada.send('/follow', { kind: 'topic', targetId: topicId, on, next: `/c/${topic}` });
  expect((await follows('yes')).headers.location).toBe(`/c/${topic}`);
  expect((await ada.open(`/c/${topic}`)).body).toContain('1 follower');
  expect((await ada.open('/following')).body).toContain(`<a href="/c/${topic}">Lighting</a>`);
  await follows('no');
  expect((await ada.open('/following')).body).not.toContain(`/c/${topic}`);
});

test('what a feed is chosen from is kept for a while, but not beyond what the member does, nor for who may not see it', async ({
  app,
  deps,
  db,
}) => {
  const { ada, bo, mug, jug, open } = await aNeighbourhood(app, deps);
  const kept = async () => {
    const { cards } = await homeFeed(deps.reads, ada.memberId, { seed: 1, keepSeconds: 600 });
    return cards.map(({ card }) => card?.id);
  };
  expect(await kept()).toContain(jug.id);
  const bowl = await aPublishedProduct(db, 'Bowl');
  await aPin(deps, bo.memberId, open, { kind: 'product', productId: bowl.id });
  expect(await titles(deps, ada.memberId)).toContain(bowl.id);
  expect(await kept()).not.toContain(bowl.id);
  await inTransaction(db, (tx) =>
    follow(tx, ada.memberId, { kind: 'member', targetId: bo.memberId }, deps.now()),
  );
  expect(await kept()).toContain(bowl.id);
  expect(await kept()).not.toContain(mug.id);
  await inTransaction(db, (tx) => setVisibility(tx, open, 'secret'));
  expect(await kept()).not.toContain(bowl.id);
});

test('friends’ things come by when they were made, whatever ids they have, page after page, while others come', async ({
  app,
  deps,
  db,
}) => {
  const [ada, bo] = [await aWalker(app, deps), await aWalker(app, deps, 'Bo Example')];
  await inTransaction(db, (tx) =>
    follow(tx, ada.memberId, { kind: 'member', targetId: bo.memberId }, deps.now()),
  );
  const board = await aBoard(deps, bo.memberId, { name: 'Links' });
  const facts = { author: '', excerpt: '', site: '', photoId: null };
  const pinned = (n: number) =>
    aPin(deps, bo.memberId, board, {
      kind: 'link',
      url: `https://example.com/${n}`,
      page: { ...facts, title: `Page ${n}` },
    });
  const ids: string[] = [];
  for (let n = 0; n < 30; n++) ids.push(await pinned(n));
  // By chance in the order of their ids; two at a time were made in the same moment.
  await sql`
    update social.piece set made_at = '2026-01-01T00:00:00.000001Z'::timestamptz - (nth / 2) * interval '1 minute'
    from unnest(${ids}::uuid[]) with ordinality as made (id, nth) where made.id = piece.id`.execute(db);
  const { rows } = await sql<{ id: string }>`
    select id from social.piece where id = any(${ids}::uuid[]) order by made_at desc, id desc`.execute(db);
  const page = async (cursor?: string) => {
    const at = `/v1/feed/friends${cursor === undefined ? '' : `?cursor=${cursor}`}`;
    return (await ada.open(at)).json<{ cards: { pieceId: string }[]; cursor: string | null }>();
  };
  const first = await page();
  expect(first.cursor).not.toBe(null);
  await pinned(30);
  const second = await page(first.cursor ?? '');
  expect([...first.cards, ...second.cards].map(({ pieceId }) => pieceId)).toEqual(rows.map(({ id }) => id));
  expect(second.cursor).toBe(null);
  expect((await ada.open(`/feed/friends?cursor=${first.cursor}`)).body.match(/>Page \d+</g)).toHaveLength(6);
  expect((await ada.open('/v1/feed/friends?cursor=1_--')).statusCode).toBe(400);
});

test('a pin of a look, a post or a page shows that, as far as its viewer may see it', async ({
  app,
  deps,
  work,
}) => {
  const [ada, bo] = [await aWalker(app, deps), await aWalker(app, deps, 'Bo Example')];
  const { id: productId } = await aPublishedProduct(deps.db, 'Bench');
  const look = await aLook(deps, bo.memberId, [productId], { title: 'A bench in the hall' });
  const { id: post } = await aPost(deps, bo.memberId);
  await sql`update posts.post set caption = ${`${'bench '.repeat(13)}benches`} where id = ${post}`.execute(
    deps.db,
  );
  const board = await aBoard(deps, bo.memberId, { name: 'Hall' });
  await aPin(deps, bo.memberId, board, { kind: 'piece', pieceId: look }, 'For the entrance');
  await aPin(deps, bo.memberId, board, { kind: 'piece', pieceId: post });
  const page = { title: 'A page', author: '', excerpt: '', site: '', photoId: null };
  await aPin(deps, bo.memberId, board, { kind: 'link', url: 'https://example.com/bench', page });
  await inTransaction(deps.db, (tx) =>
    follow(tx, ada.memberId, { kind: 'member', targetId: bo.memberId }, deps.now()),
  );
  await work();
  const pins = async () =>
    (await friendsFeed(deps.reads, ada.memberId, {})).cards
      .filter(({ kind }) => kind === 'pin')
      .map(({ title, note, picture }) => [title, note, picture !== null])
      .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  const begun = `${'bench '.repeat(12)}bench…`;

  expect(await pins()).toEqual([
    ['A bench in the hall', 'For the entrance', true],
    ['A page', '', false],
    [begun, '', false],
  ]);
  await inTransaction(deps.db, (tx) => setVisibility(tx, look, 'secret'));
  expect(await pins()).toEqual([
    ['', 'For the entrance', false],
    ['A page', '', false],
    [begun, '', false],
  ]);
});
