import { type RawBuilder, sql } from 'kysely';
import type { Picture } from '#modules/catalog/index.ts';
import { type Opened, peopleOf, type Person, picturesOf, selfOf } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** A post as it stands in lists: its first picture and the beginning of its caption. */
export interface PostCard {
  id: string;
  caption: string;
  visibility: Opened['visibility'];
  /** Of an unlisted one, for its owner. */
  linkKey: string | null;
  madeAt: Date;
  owner: Person | null;
  photoCount: number;
  /** Null until it is made. */
  picture: Picture | null;
}

export interface PostCards {
  posts: PostCard[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

/** Whose posts, or those in which a product is shown with their owners' consent, or those with a tag. */
export type PostsOf = { memberId: string } | { productId: string } | { tag: string };

const PAGE = 24;
const CAPTION_SHOWN = 280;

/** Posts that the viewer may find, the newest first. */
export async function postList(
  db: Db,
  viewer: string | undefined,
  of: PostsOf,
  { cursor, max = PAGE }: { cursor?: string | undefined; max?: number } = {},
): Promise<PostCards> {
  const { rows } = await sql<{ id: string }>`
    select found.id from (${candidates(of, cursor)}) as found
    join social.listed(${selfOf(viewer)}) as seen on seen.id = found.id
    order by found.id desc limit ${sql.lit(max + 1)}`.execute(db);
  const ids = rows.slice(0, max).map(({ id }) => id);
  const posts = await postCards(db, viewer, ids);
  return { posts, cursor: rows.length > max ? (ids.at(-1) ?? null) : null };
}

function candidates(of: PostsOf, cursor: string | undefined): RawBuilder<unknown> {
  const before = (id: RawBuilder<unknown>) =>
    cursor === undefined ? sql`` : sql`and ${id} < ${cursor}::uuid`;
  if ('memberId' in of)
    return sql`select id from social.piece
      where owner_id = ${of.memberId} and kind = 'post' ${before(sql`id`)} order by id desc`;
  if ('tag' in of)
    return sql`select post_id as id from posts.tag where tag = ${of.tag} ${before(sql`post_id`)}
      order by post_id desc`;
  return sql`select distinct hotspot.post_id as id from posts.hotspot join posts.post on post.id = hotspot.post_id
    where product_id = ${of.productId} and post.is_shared ${before(sql`hotspot.post_id`)}
    order by hotspot.post_id desc`;
}

interface CardRow extends Omit<PostCard, 'owner' | 'picture'> {
  ownerId: string;
  photoId: string | null;
}

const cardColumns = sql`post.id, left(post.caption, ${sql.lit(CAPTION_SHOWN)}) as caption, piece.visibility,
  piece.owner_id as "ownerId", piece.made_at as "madeAt",
  (select count(*)::integer from posts.photo where photo.post_id = post.id) as "photoCount",
  (select photo_id from posts.photo where photo.post_id = post.id order by position limit 1) as "photoId"`;

/** Those of the posts that the viewer may find, in the order asked for. */
export async function postCards(
  db: Db,
  viewer: string | undefined,
  ids: readonly string[],
): Promise<PostCard[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<CardRow>`
    select ${cardColumns}, case when piece.owner_id = ${selfOf(viewer)} then link_key end as "linkKey"
    from unnest((select ${[...ids]}::uuid[])) with ordinality as asked (id, place)
    join posts.post on post.id = asked.id
    join social.listed(${selfOf(viewer)}) as seen on seen.id = post.id
    join social.piece on piece.id = post.id
    order by asked.place`.execute(db);
  return withOwners(db, viewer, rows);
}

/** A member's posts that are not out yet, for themselves; the newest first. */
export async function draftsOf(db: Db, memberId: string, max = 20): Promise<PostCard[]> {
  const { rows } = await sql<CardRow>`
    select ${cardColumns}, link_key as "linkKey"
    from social.piece join posts.post on post.id = piece.id
    where piece.owner_id = ${memberId} and piece.kind = 'post' and piece.state = 'draft'
    order by piece.id desc limit ${max}`.execute(db);
  return withOwners(db, memberId, rows);
}

async function withOwners(db: Db, viewer: string | undefined, rows: readonly CardRow[]): Promise<PostCard[]> {
  const [people, pictures] = await Promise.all([
    peopleOf(db, viewer, [...new Set(rows.map(({ ownerId }) => ownerId))]),
    picturesOf(
      db,
      rows.flatMap(({ photoId }) => photoId ?? []),
    ),
  ]);
  return rows.map(({ ownerId, photoId, ...card }) => ({
    ...card,
    owner: people.get(ownerId) ?? null,
    picture: (photoId && pictures.get(photoId)) || null,
  }));
}
