import { sql } from 'kysely';
import {
  changeState,
  cleanWords,
  makePiece,
  mentioned,
  notify,
  open,
  type Opened,
  photosOf,
  setVisibility,
  socialErrors,
  wordsChanged,
} from '#modules/social/index.ts';
import type { Tx } from '#platform/db.ts';
import { postErrors } from './errors.ts';
import { dropPhotos, photoIdsOf, putPhotos } from './photos.ts';
import { putTags, tagsIn } from './tags.ts';

export const CAPTION_LENGTH_MAX = 10_000;

export interface PostWords {
  caption: string;
  /** Its owner lets it stand on the pages of the products that it shows. */
  isShared: boolean;
  visibility: Opened['visibility'];
}

/** A post that only its owner sees, until it is published. The same id with the same again is a retry. */
export async function draftPost(
  tx: Tx,
  memberId: string,
  id: string,
  wish: PostWords & { photoIds: readonly string[] },
  now: Date,
): Promise<void> {
  const caption = captionFrom(wish.caption);
  const piece = { id, kind: 'post', ownerId: memberId, visibility: wish.visibility, state: 'draft' } as const;
  if (!(await makePiece(tx, piece, now))) return refuseOther(tx, id, caption, wish.photoIds);
  await sql`insert into posts.post (id, caption, is_shared) values (${id}, ${caption}, ${wish.isShared})`.execute(
    tx,
  );
  await putTags(tx, id, tagsIn(caption));
  await putPhotos(tx, memberId, id, wish.photoIds);
}

async function refuseOther(tx: Tx, id: string, caption: string, photoIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ caption: string }>`select caption from posts.post where id = ${id}`.execute(
    tx,
  );
  const known = await photoIdsOf(tx, [id]);
  if (rows[0]?.caption !== caption || known.join() !== photoIds.join())
    throw socialErrors.piece_differs({ pieceId: id });
}

/** What a post says, to whom, and whether products' pages may show it. Of one that is out it is shown that it changed. */
export async function changePost(
  tx: Tx,
  memberId: string,
  id: string,
  wish: PostWords,
  now: Date,
): Promise<{ linkKey: string | null | undefined }> {
  const post = await postFor(tx, memberId, id);
  const caption = captionFrom(wish.caption);
  const isOut = post.state === 'live';
  await sql`update posts.post set caption = ${caption}, is_shared = ${wish.isShared},
      edited_at = case when ${isOut} and caption <> ${caption} then ${now} else edited_at end
    where id = ${id}`.execute(tx);
  await putTags(tx, id, tagsIn(caption));
  if (isOut) await tellMentioned(tx, memberId, id, caption, now);
  await wordsChanged(tx, id);
  if (wish.visibility === post.visibility) return { linkKey: undefined };
  return setVisibility(tx, id, wish.visibility);
}

/** Puts a draft out. Photos that say nothing to those who can't see them are asked about once. */
export async function publishPost(
  tx: Tx,
  memberId: string,
  id: string,
  { withoutWords = false }: { withoutWords?: boolean },
  now: Date,
): Promise<void> {
  const post = await postFor(tx, memberId, id);
  if (post.state !== 'draft') return;
  const photos = await photosOf(tx, memberId, await photoIdsOf(tx, [id]));
  if (photos.size === 0) throw postErrors.photos_missing({});
  const broken = [...photos.values()].filter(({ state }) => state === 'refused');
  if (broken.length > 0) throw postErrors.photo_broken({ photoIds: broken.map((photo) => photo.id) });
  const mute = [...photos.values()].filter(({ alt }) => alt === '');
  if (mute.length > 0 && !withoutWords)
    throw postErrors.photo_undescribed({ photoIds: mute.map((photo) => photo.id) });
  await changeState(tx, [id], { from: ['draft'], to: 'live' });
  const { rows } = await sql<{ caption: string }>`select caption from posts.post where id = ${id}`.execute(
    tx,
  );
  await tellMentioned(tx, memberId, id, rows[0]?.caption ?? '', now);
}

async function tellMentioned(tx: Tx, actorId: string, id: string, caption: string, now: Date): Promise<void> {
  for (const memberId of await mentioned(tx, caption))
    await notify(tx, { memberId, kind: 'mentioned', actorId, pieceId: id }, now);
}

/** Takes a post away with its words, and its photos with their files. */
export async function deletePost(tx: Tx, memberId: string, id: string): Promise<void> {
  await postFor(tx, memberId, id);
  await endPosts(tx, memberId, [id]);
}

export async function endPosts(tx: Tx, ownerId: string, ids: readonly string[]): Promise<void> {
  const all = [...ids];
  await changeState(tx, all, { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' });
  await dropPhotos(tx, ownerId, await photoIdsOf(tx, all));
  await sql`delete from posts.tag where post_id = any(${all}::uuid[])`.execute(tx);
  await sql`update posts.post set caption = '' where id = any(${all}::uuid[])`.execute(tx);
}

/** A post of the member's own, its row locked; whoever may not even see it learns nothing. */
export async function postFor(tx: Tx, memberId: string, id: string): Promise<Opened> {
  const post = await open(tx, { memberId }, id);
  if (post.kind !== 'post') throw socialErrors.piece_not_found({});
  if (post.ownerId !== memberId) throw socialErrors.not_yours({});
  await sql`select from posts.post where id = ${id} for update`.execute(tx);
  return post;
}

const captionFrom = (typed: string): string =>
  typed.trim() === '' ? '' : cleanWords(typed, CAPTION_LENGTH_MAX);
