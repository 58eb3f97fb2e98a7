import { sql } from 'kysely';
import { slugsOfIds } from '#modules/catalog/index.ts';
import { photosOf, readdressPhotos, removePhotos, socialErrors } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { postErrors } from './errors.ts';

export const POST_PHOTOS_MAX = 10;
const HOTSPOTS_MAX = 20;

/** The photos of posts, those of each in their order. */
export async function photoIdsOf(db: Db, postIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select photo_id as id from posts.photo where post_id = any(${[...postIds]}::uuid[])
    order by post_id, position`.execute(db);
  return rows.map(({ id }) => id);
}

/** Which photos a post has, in their order. Those that it has no more are deleted with their files. */
export async function putPhotos(
  tx: Tx,
  memberId: string,
  postId: string,
  photoIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(photoIds)];
  if (ids.length > POST_PHOTOS_MAX) throw postErrors.photos_too_many({ max: POST_PHOTOS_MAX });
  if ((await photosOf(tx, memberId, ids)).size < ids.length) throw socialErrors.photo_not_found({});
  const before = await photoIdsOf(tx, [postId]);
  await dropPhotos(
    tx,
    memberId,
    before.filter((id) => !ids.includes(id)),
  );
  const { numAffectedRows } = await sql`
    insert into posts.photo as known (photo_id, post_id, position)
    select id, ${postId}, place - 1 from unnest(${ids}::uuid[]) with ordinality as t (id, place) order by id
    on conflict (photo_id) do update set position = excluded.position where known.post_id = excluded.post_id`.execute(
    tx,
  );
  if (numAffectedRows !== BigInt(ids.length)) throw postErrors.photo_taken({});
}

export async function dropPhotos(tx: Tx, memberId: string, photoIds: readonly string[]): Promise<void> {
  const ids = [...photoIds];
  await sql`delete from posts.hotspot where photo_id = any(${ids}::uuid[])`.execute(tx);
  await sql`delete from posts.photo where photo_id = any(${ids}::uuid[])`.execute(tx);
  if (ids.length > 0) await removePhotos(tx, memberId, ids);
}

export interface Hotspot {
  productId: string;
  /** In thousandths of the photo's width and height, from its upper left. */
  x: number;
  y: number;
}

/** Says where on a photo a product is to be seen: once for each, so again moves it. */
export async function putHotspot(
  tx: Tx,
  postId: string,
  photoId: string,
  { productId, x, y }: Hotspot,
): Promise<void> {
  if ((await slugsOfIds(tx, 'product', [productId])).size === 0) throw postErrors.product_not_found({});
  await refuseOtherPhoto(tx, postId, photoId);
  const { numAffectedRows } = await sql`
    insert into posts.hotspot (post_id, photo_id, product_id, x, y)
    select ${postId}, ${photoId}, ${productId}::uuid, ${x}::integer, ${y}::integer
    where (select count(*) from posts.hotspot where photo_id = ${photoId} and product_id <> ${productId}) < ${HOTSPOTS_MAX}
    on conflict (photo_id, product_id) do update set x = excluded.x, y = excluded.y`.execute(tx);
  if (numAffectedRows !== 1n) throw postErrors.hotspots_too_many({ max: HOTSPOTS_MAX });
}

export async function removeHotspot(
  tx: Tx,
  postId: string,
  photoId: string,
  productId: string,
): Promise<void> {
  await sql`delete from posts.hotspot
    where post_id = ${postId} and photo_id = ${photoId} and product_id = ${productId}`.execute(tx);
}

async function refuseOtherPhoto(tx: Tx, postId: string, photoId: string): Promise<void> {
  const { rows } = await sql`
    select from posts.photo where photo_id = ${photoId} and post_id = ${postId}`.execute(tx);
  if (rows.length === 0) throw socialErrors.photo_not_found({});
}

/** What a post shows stands elsewhere once fewer may see it. */
export async function readdressOf(tx: Tx, { rootId }: { rootId: string }): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select photo_id as id from posts.photo where post_id = ${rootId}`.execute(tx);
  await readdressPhotos(
    tx,
    rows.map(({ id }) => id),
  );
}
