import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import sharp from 'sharp';
import { expect } from 'vitest';
import { askArchive } from '#modules/archives/index.ts';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { putSection } from '#modules/boards/index.ts';
import { laidOut, publishLook, saveLook } from '#modules/looks/index.ts';
import { draftPost, publishPost } from '#modules/posts/index.ts';
import { ask, writeReview } from '#modules/reviews/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { addPhoto, react, say } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { columnsOfWords, saying, sayingInClickhouse } from '#test/words-kept.ts';
import { erasePerson } from '../src/erasure.ts';
import { deleteAllMade, deleteMade, dropUnshownPhotos } from '../src/made.ts';
import { makeArchive } from '../src/take-along/make-archive.ts';
import { aProduct } from '../src/web/factory.ts';

/** In whatever somebody says. */
const MARK = 'Zenobia';

const aPicture = (background: string) =>
  sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .jpeg()
    .toBuffer();

/** One thing of each kind, every word of which holds the mark, with a photo in each that can show one. */
async function everything(deps: Deps, memberId: string, otherId: string, productId: string, mark = MARK) {
  const { db, now } = deps;
  const photo = async () =>
    (await addPhoto(deps, { id: randomUUID(), ownerId: memberId, alt: mark }, await aPicture('#b5482a'))).id;
  const board = await aBoard(deps, memberId, { name: mark, description: mark });
  const pin = await aPin(deps, memberId, board, { kind: 'photo', photoId: await photo() }, mark);
  const page = { title: mark, author: mark, excerpt: mark, site: mark, photoId: await photo() };
  await aPin(deps, memberId, board, { kind: 'link', url: `https://example.com/${mark}`, page }, mark);
  const [look, post, review, question, comment, others] = Array.from({ length: 6 }, () => randomUUID());
  const ids = { look: look ?? '', post: post ?? '', review: review ?? '', question: question ?? '' };
  const [scene, shown, reviewed, said] = [await photo(), await photo(), await photo(), await photo()];
  await inTransaction(db, async (tx) => {
    await putSection(tx, { memberId }, { id: randomUUID(), boardId: board, name: mark }, now());
    const laid = { title: mark, words: mark, ground: '#efe8db', sceneId: scene, items: laidOut([productId]) };
    const wording = { words: mark, x: 500, y: 90, size: 60, turn: 0, colour: '#1f1a14', place: 9 };
    await saveLook(tx, memberId, ids.look, { ...laid, wordings: [wording] }, now());
    await publishLook(tx, memberId, ids.look, 'public', now());
    const words = { caption: `${mark} #${mark}`, isShared: true, visibility: 'public' } as const;
    await draftPost(tx, memberId, ids.post, { ...words, photoIds: [shown] }, now());
    await publishPost(tx, memberId, ids.post, { withoutWords: true }, now());
    const marks = { rating: 2, dimensions: {}, traits: {}, photoIds: [reviewed] };
    const wish = { ...marks, id: ids.review, productId, title: mark, body: mark };
    await writeReview(tx, { memberId, customerId: undefined }, wish, now());
    await ask(tx, memberId, { id: ids.question, productId, body: mark }, now());
    const own = { id: comment ?? '', subjectId: ids.post, body: mark, photoIds: [said] };
    await say(tx, { memberId }, own, now());
    await say(
      tx,
      { memberId: otherId },
      { id: others ?? '', subjectId: ids.post, body: 'An answer', replyTo: own.id },
      now(),
    );
    await react(tx, { memberId }, ids.post, 'heart', now());
  });
  return { ...ids, board, pin, comment: comment ?? '' };
}

const filesOf = async ({ config }: Deps) =>
  (await readdir(join(config.dataDir, 'media'), { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

async function anArchive(deps: Deps, memberId: string): Promise<string> {
  const { id } = await inTransaction(deps.db, (tx) => askArchive(tx, memberId, randomUUID(), deps.now()));
  await makeArchive(deps, { archiveId: id });
  return id;
}

async function setUp(deps: Deps, databaseUrl: string) {
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const { slug } = await aProduct(deps.db, databaseUrl);
  const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(
    deps.db,
  );
  return { ada, ben, slug, productId: rows[0]?.id ?? '' };
}

const everywhere = async (deps: Deps, word: string) => saying(deps.db, await columnsOfWords(deps.db), [word]);

test('what is deleted from the list of all that one made is in no table, no file and on no page, and nothing else is gone', async ({
  app,
  deps,
  databaseUrl,
  work,
}) => {
  const { ada, ben, slug, productId } = await setUp(deps, databaseUrl);
  const made = await everything(deps, ada.memberId, ben.memberId, productId);
  const archive = await anArchive(deps, ada.memberId);
  expect(await everywhere(deps, MARK)).toEqual(
    expect.arrayContaining([
      'boards.board.name',
      'boards.link.title',
      'boards.pin.note',
      'boards.section.name',
      'looks.look.title',
      'looks.wording.words',
      'posts.post.caption',
      'reviews.question.body',
      'reviews.review.body',
      'social.comment.body',
      'social.photo.alt',
    ]),
  );
  const files = await filesOf(deps);
  expect(files).toHaveLength(7); // six photos and the archive

  const before = await app.inject({ url: `/posts/${made.post}`, headers: { accept: 'text/html' } });
  expect(before.body).toContain(MARK);
  const count = (memberId: string, ids: readonly string[]) =>
    inTransaction(deps.db, (tx) => deleteMade(tx, memberId, ids, deps.now()));
  expect(await count(ben.memberId, Object.values(made))).toBe(0);
  expect(await everywhere(deps, MARK)).toContain('boards.board.name');

  await deleteAllMade(deps, { memberId: ada.memberId, kind: null, until: deps.now().toISOString() });
  await work();

  expect(await everywhere(deps, MARK)).toEqual([]);
  expect(await sayingInClickhouse(deps.clickhouse, made.board)).toEqual([]);
  const left = await filesOf(deps);
  expect(left).toHaveLength(1);
  expect((await readFile(left[0] ?? '')).subarray(0, 2).toString()).toBe('PK');
  const { rows } = await sql<{ hours: number }>`
    select extract(epoch from expires_at - now()) / 3600 as hours from archives.archive where id = ${archive}`.execute(
    deps.db,
  );
  expect(Number(rows[0]?.hours)).toBeLessThan(24);
  const addresses = ['/', '/feed', `/@${ada.handle}`, `/p/${slug}`, `/search?q=x`, `/v1/search?q=${MARK}`];
  for (const url of [...addresses, ...Object.values(made).map((id) => `/v1/social/pieces/${id}/comments`)])
    expect((await app.inject({ url })).body.replaceAll(`q=${MARK}`, ''), url).not.toContain(MARK);
  const page = await app.inject({ url: `/posts/${made.post}`, headers: { accept: 'text/html' } });
  expect(page.statusCode).toBe(404);
});

test('an erased account leaves no word, no file and no archive', async ({ deps, databaseUrl, work }) => {
  const { ada, ben, productId } = await setUp(deps, databaseUrl);
  await everything(deps, ada.memberId, ben.memberId, productId, 'Palmyra');
  await anArchive(deps, ada.memberId);
  const before = await filesOf(deps);
  const at = deps.now().toISOString().slice(0, -1);
  const seen = { name: 'Cart Viewed', message_id: 'of Palmyra', occurred_at: at, member_id: ada.memberId };
  await deps.clickhouse.insert({ table: 'event', values: [seen], format: 'JSONEachRow' });
  expect(await sayingInClickhouse(deps.clickhouse, ada.memberId)).toEqual(['event', 'event_step']);

  await inTransaction(deps.db, (tx) => erasePerson(tx, ada.memberId, deps.now()));
  await inTransaction(deps.db, (tx) => addJob(tx, 'collector.erase_asked', {}, 'now'));
  await work();

  expect(await everywhere(deps, 'Palmyra')).toEqual([]);
  expect(await sayingInClickhouse(deps.clickhouse, ada.memberId)).toEqual([]);
  expect(await sayingInClickhouse(deps.clickhouse, 'Palmyra')).toEqual([]);
  expect(before.length - (await filesOf(deps)).length).toBe(7);
});

test('a photo that nothing shows any more is gone within a day, and one that is shown stays', async ({
  deps,
  databaseUrl,
  work,
}) => {
  const { ada, ben, productId } = await setUp(deps, databaseUrl);
  await everything(deps, ada.memberId, ben.memberId, productId, 'Odaenathus');
  const left = await addPhoto(
    deps,
    { id: randomUUID(), ownerId: ada.memberId, alt: '' },
    await aPicture('#5f6f32'),
  );
  const there = async () => {
    const { rows } = await sql<{ id: string }>`
      select id from social.photo where owner_id = ${ada.memberId} and media_id is not null`.execute(deps.db);
    return rows.map(({ id }) => id);
  };
  await dropUnshownPhotos(deps);
  expect(await there()).toContain(left.id);

  await dropUnshownPhotos({ ...deps, now: () => new Date(Date.now() + 4 * 3_600_000) });
  await work();
  expect(await there()).toHaveLength(6);
  expect(await there()).not.toContain(left.id);
});
