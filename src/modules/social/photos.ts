import { type RawBuilder, sql } from 'kysely';
import {
  addReceived,
  dropMedia,
  mediaStates,
  type Picture,
  readdressMedia,
  receiveMedia,
} from '#modules/catalog/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { socialErrors } from './errors.ts';
import { cleanWords } from './words.ts';

export const ALT_LENGTH_MAX = 500;

/** A picture that a member uploaded. */
export interface Photo {
  id: string;
  alt: string;
  /** A picture that turned out broken when it was decoded is refused, and shown nowhere. */
  state: 'pending' | 'ready' | 'refused';
  /** Null until its first files are made. */
  picture: Picture | null;
}

/** A photo as pages show it, by an expression for its id: null while it is being made, and where it is none. */
export const pictureOf = (photoId: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select catalog.picture(photo.media_id, photo.alt) from social.photo where photo.id = ${photoId})`;

/** Keeps an upload as a photo of a member; the id is the caller's, so the same again is a retry. */
export async function addPhoto(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  wish: { id: string; ownerId: string; alt: string },
  bytes: Uint8Array,
): Promise<Photo> {
  const { id, ownerId } = wish;
  const alt = wish.alt.trim() === '' ? '' : cleanWords(wish.alt, ALT_LENGTH_MAX);
  const known = await photosOf(deps.db, ownerId, [id]);
  if (known.size === 0) {
    const media = await receiveMedia(deps, bytes);
    await inTransaction(deps.db, async (tx) => {
      await addReceived(tx, media);
      const { rows } = await sql`
        insert into social.photo (id, owner_id, media_id, alt, made_at)
        values (${id}, ${ownerId}, ${media.id}, ${alt}, ${deps.now()}) on conflict (id) do nothing returning id`.execute(
        tx,
      );
      if (rows.length === 0) await dropMedia(tx, [media.id]);
    });
  }
  return photoOf(deps.db, ownerId, id);
}

/** A photo of a picture that is prepared already, for the demo: one that is there stays as it is. */
export async function seedPhoto(
  tx: Tx,
  { id, ownerId, alt }: { id: string; ownerId: string; alt: string },
  mediaId: string,
  now: Date,
): Promise<void> {
  await sql`insert into social.photo (id, owner_id, media_id, alt, made_at)
    values (${id}, ${ownerId}, ${mediaId}, ${alt}, ${now}) on conflict (id) do nothing`.execute(tx);
}

export async function photoOf(db: Db, ownerId: string, id: string): Promise<Photo> {
  const photo = (await photosOf(db, ownerId, [id])).get(id);
  if (!photo) throw socialErrors.photo_not_found({});
  return photo;
}

/** Those of the photos that are a member's own and still there. */
export async function photosOf(db: Db, ownerId: string, ids: readonly string[]): Promise<Map<string, Photo>> {
  const { rows } = await sql<Omit<Photo, 'state'> & { mediaId: string }>`
    select id, alt, media_id as "mediaId", catalog.picture(media_id, alt) as picture from social.photo
    where id = any(${[...ids]}::uuid[]) and owner_id = ${ownerId} and media_id is not null`.execute(db);
  const states = await mediaStates(
    db,
    rows.map(({ mediaId }) => mediaId),
  );
  return new Map(
    rows.map(({ id, alt, picture, mediaId }) => [
      id,
      { id, alt, state: states.get(mediaId) ?? 'refused', picture },
    ]),
  );
}

/** Pictures by their photos' ids, those that are ready, whoever's they are: of a piece that was opened. */
export async function picturesOf(db: Db, ids: readonly string[]): Promise<Map<string, Picture>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; picture: Picture | null }>`
    select id, catalog.picture(media_id, alt) as picture from social.photo where id = any((select ${[...ids]}::uuid[])::uuid[])`.execute(
    db,
  );
  return new Map(rows.flatMap(({ id, picture }) => (picture ? [[id, picture] as const] : [])));
}

/** What photos look like, of those that are known: the same picture again is nearly the same number. */
export async function photoLooks(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ looks: string }>`
    select distinct media.looks::text as looks from social.photo join catalog.media on media.id = photo.media_id
    where photo.id = any(${[...ids]}::uuid[]) and media.looks is not null order by 1`.execute(db);
  return rows.map(({ looks }) => looks);
}

/** Enough to tell what is to be seen, and no more. */
/** The pictures that photos are kept as, in the same order; those that are gone are left out. */
export async function mediaOfPhotos(
  db: Db,
  ids: readonly string[],
): Promise<{ photoId: string; mediaId: string }[]> {
  const { rows } = await sql<{ photoId: string; mediaId: string }>`
    select id as "photoId", media_id as "mediaId" from social.photo
    where id = any(${[...ids]}::uuid[]) and media_id is not null
    order by array_position(${[...ids]}::uuid[], id)`.execute(db);
  return rows;
}

/** The photo by which a member shows themselves. */
export async function profilePhotoOf(db: Db, memberId: string): Promise<string | null> {
  const { rows } = await sql<{ photoId: string | null }>`
    select photo_id as "photoId" from social.profile where member_id = ${memberId}`.execute(db);
  return rows[0]?.photoId ?? null;
}

export async function describePhoto(tx: Tx, ownerId: string, id: string, alt: string): Promise<void> {
  const words = alt.trim() === '' ? '' : cleanWords(alt, ALT_LENGTH_MAX);
  const { numAffectedRows } = await sql`
    update social.photo set alt = ${words} where id = ${id} and owner_id = ${ownerId} and media_id is not null`.execute(
    tx,
  );
  if (numAffectedRows !== 1n) throw socialErrors.photo_not_found({});
}

/** Deletes a member's photos with their files; what showed them shows the place of a picture that is gone. */
export async function removePhotos(tx: Tx, ownerId: string, ids?: readonly string[]): Promise<void> {
  const chosen = ids ? sql`and photo.id = any(${[...ids]}::uuid[])` : sql``;
  const { rows } = await sql<{ media_id: string }>`
    with gone as (
      select id, media_id from social.photo
      where owner_id = ${ownerId} and media_id is not null ${chosen} order by id for update
    )
    update social.photo set media_id = null, alt = '' from gone where photo.id = gone.id
    returning gone.media_id`.execute(tx);
  await sql`update social.profile set photo_id = null where member_id = ${ownerId} and photo_id in (
    select id from social.photo where owner_id = ${ownerId} and media_id is null)`.execute(tx);
  await dropMedia(
    tx,
    rows.map(({ media_id }) => media_id),
  );
}

/** Photos that fewer may see than before get other addresses. */
export async function readdressPhotos(tx: Tx, photoIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ mediaId: string }>`
    select media_id as "mediaId" from social.photo where id = any(${[...photoIds]}::uuid[]) and media_id is not null
    order by media_id`.execute(tx);
  await readdressMedia(
    tx,
    rows.map(({ mediaId }) => mediaId),
  );
}

/** Those that stand in what was said within a root. */
export async function readdressSaid(tx: Tx, { rootId }: { rootId: string }): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select unnest(photo_ids) as id from social.piece join social.comment on comment.id = piece.id
    where root_id = ${rootId} and root_id <> piece.id`.execute(tx);
  await readdressPhotos(
    tx,
    rows.map(({ id }) => id),
  );
}
