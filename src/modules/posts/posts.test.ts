import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aVariant } from '#modules/inventory/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, open } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aPhoto, aPost } from './factory.ts';
import { putHotspot, putPhotos } from './photos.ts';
import { changePost, deletePost, draftPost, publishPost } from './post.ts';
import { draftsOf, postCards, postList } from './post-list.ts';
import { postPage } from './post-page.ts';
import { tagsLike } from './tags.ts';

const NOW = new Date('2026-11-28T10:00:00Z');
const WORDS = { caption: 'At home #Table', isShared: true, visibility: 'public' as const };

async function aProduct(db: Db): Promise<string> {
  const variantId = await aVariant(db);
  const { rows } = await sql<{ id: string }>`
    select product_id as id from catalog.variant where id = ${variantId}`.execute(db);
  return rows[0]?.id ?? '';
}

test('a post begins as a draft that its owner alone sees, and goes out once its photos are described', async ({
  deps,
  db,
}) => {
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const id = randomUUID();
  const caption = `With @${ben.handle} #Table`;
  const draft = (photoIds: string[], words = caption) =>
    inTransaction(db, (tx) => draftPost(tx, ada.memberId, id, { ...WORDS, caption: words, photoIds }, NOW));
  const photos = await inTransaction(db, async (tx) => [
    await aPhoto(tx, ada.memberId, 'A table', NOW),
    await aPhoto(tx, ada.memberId, '', NOW),
  ]);
  const foreign = await inTransaction(db, (tx) => aPhoto(tx, ben.memberId, 'x', NOW));
  await expect(draft([foreign])).rejects.toMatchObject({ code: 'social.photo_not_found' });
  await draft(photos);
  await draft(photos); // a retry
  await expect(draft(photos, 'Other words')).rejects.toMatchObject({ code: 'social.piece_differs' });
  expect((await draftsOf(db, ada.memberId)).map((post) => [post.id, post.photoCount])).toEqual([[id, 2]]);
  await expect(open(db, { memberId: ben.memberId }, id)).rejects.toMatchObject({ status: 404 });
  expect(await tagsLike(db, ben.memberId, 'ta')).toEqual([]);

  const publish = (withoutWords = false) =>
    inTransaction(db, (tx) => publishPost(tx, ada.memberId, id, { withoutWords }, NOW));
  await expect(publish()).rejects.toMatchObject({
    code: 'posts.photo_undescribed',
    data: { photoIds: [photos[1]] },
  });
  await publish(true);
  await publish();
  expect(await draftsOf(db, ada.memberId)).toEqual([]);
  expect(await postList(db, ben.memberId, { tag: 'table' })).toMatchObject({ posts: [{ id, caption }] });
  expect(await tagsLike(db, ben.memberId, '#ta'.slice(1))).toEqual([{ tag: 'table', posts: 1 }]);
  const { rows: notices } = await sql`
    select kind, actor_id as "actorId" from social.notice where member_id = ${ben.memberId}`.execute(db);
  expect(notices).toEqual([{ kind: 'mentioned', actorId: ada.memberId }]);

  await inTransaction(db, (tx) => changePost(tx, ada.memberId, id, { ...WORDS, caption: '#Chair' }, NOW));
  expect(await postPage(db, {}, id)).toMatchObject({ caption: '#Chair', editedAt: NOW, isOwn: false });
  expect((await postList(db, undefined, { tag: 'table' })).posts).toEqual([]);
  await expect(inTransaction(db, (tx) => changePost(tx, ben.memberId, id, WORDS, NOW))).rejects.toMatchObject(
    { code: 'social.not_yours' },
  );
});

test('a product’s list has the posts whose owners let it, and nobody’s whom the reader may not see', async ({
  deps,
  db,
}) => {
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const productId = await aProduct(db);
  const ofProduct = async (viewer?: string) =>
    (await postList(db, viewer, { productId })).posts.map(({ id }) => id);
  const shared = await aPost(deps, ada.memberId, { productIds: [productId] });
  await aPost(deps, ada.memberId, { productIds: [productId], isShared: false });
  const secret = await aPost(deps, ada.memberId, { productIds: [productId], visibility: 'secret' });
  const second = await inTransaction(db, async (tx) => {
    const photo = await aPhoto(tx, ada.memberId, 'Once more', NOW);
    await putPhotos(tx, ada.memberId, shared.id, [photo, shared.photoId]);
    await putHotspot(tx, shared.id, photo, { productId, x: 1000, y: 0 });
    await putHotspot(tx, shared.id, photo, { productId, x: 10, y: 20 });
    return photo;
  });
  expect(await ofProduct()).toEqual([shared.id]);
  expect(await ofProduct(ben.memberId)).toEqual([shared.id]);
  expect(await ofProduct(ada.memberId)).toEqual([secret.id, shared.id]);
  const { photos } = await postPage(db, {}, shared.id);
  expect(photos.map(({ id, products }) => [id, products.map(({ x, y }) => [x, y])])).toEqual([
    [second, [[10, 20]]],
    [shared.photoId, [[500, 250]]],
  ]);
  const mine = await postList(db, ada.memberId, { memberId: ada.memberId }, { max: 2 });
  expect(mine.posts).toHaveLength(2);
  const rest = await postList(db, ada.memberId, { memberId: ada.memberId }, { cursor: mine.cursor ?? '' });
  expect(rest).toMatchObject({ posts: [{ id: shared.id }], cursor: null });

  await inTransaction(db, (tx) => block(tx, ada.memberId, ben.memberId, NOW));
  expect(await ofProduct(ben.memberId)).toEqual([]);
  expect(await postCards(db, ben.memberId, [shared.id, secret.id])).toEqual([]);
  await expect(
    inTransaction(db, (tx) => putHotspot(tx, shared.id, secret.photoId, { productId, x: 1, y: 1 })),
  ).rejects.toMatchObject({ code: 'social.photo_not_found' });
  await expect(
    inTransaction(db, (tx) => putPhotos(tx, ada.memberId, shared.id, [secret.photoId])),
  ).rejects.toMatchObject({ code: 'posts.photo_taken' });
});

test('a post holds ten photos and no more, in the order in which they were put', async ({ deps, db }) => {
  const ada = await aPerson(deps);
  const id = randomUUID();
  const photos = await inTransaction(db, async (tx) => {
    const made = [];
    for (let n = 0; n < 11; n++) made.push(await aPhoto(tx, ada.memberId, `Photo ${n}`, NOW));
    return made;
  });
  const words = { caption: 'Many', isShared: true, visibility: 'public' } as const;
  const draft = (photoIds: string[]) =>
    inTransaction(db, (tx) => draftPost(tx, ada.memberId, id, { ...words, photoIds }, NOW));
  await expect(draft(photos)).rejects.toMatchObject({ code: 'posts.photos_too_many', data: { max: 10 } });
  const ten = photos.slice(1).toReversed();
  await draft(ten);
  await inTransaction(db, (tx) => publishPost(tx, ada.memberId, id, {}, NOW));
  const shown = await postPage(db, {}, id);
  expect(shown.photos.map((photo) => photo.id)).toEqual(ten);
  await expect(inTransaction(db, (tx) => putPhotos(tx, ada.memberId, id, photos))).rejects.toMatchObject({
    code: 'posts.photos_too_many',
  });
});

test('a deleted post leaves no words, no tags, and no files of its photos', async ({ deps, db }) => {
  const ada = await aPerson(deps);
  const productId = await aProduct(db);
  const { id, photoId } = await aPost(deps, ada.memberId, { caption: '#gone', productIds: [productId] });
  const filesDropped = async () => {
    const { rows } = await sql`
      select from catalog.media where id in (select media_id from social.photo where id = ${photoId})`.execute(
      db,
    );
    return rows.length === 0;
  };
  expect(await filesDropped()).toBe(false);
  await inTransaction(db, (tx) => deletePost(tx, ada.memberId, id));
  expect(await filesDropped()).toBe(true);
  await expect(postPage(db, { memberId: ada.memberId }, id)).rejects.toMatchObject({ status: 404 });
  const { rows } = await sql`
    select caption, (select count(*)::integer from posts.tag where post_id = post.id) as tags,
      (select count(*)::integer from posts.photo where post_id = post.id) as photos,
      (select count(*)::integer from posts.hotspot where post_id = post.id) as spots
    from posts.post where id = ${id}`.execute(db);
  expect(rows).toEqual([{ caption: '', tags: 0, photos: 0, spots: 0 }]);
});
