import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export const MADE_KINDS = [
  'board',
  'pin',
  'look',
  'post',
  'review',
  'question',
  'answer',
  'comment',
  'suggestion',
] as const;
export type MadeKind = (typeof MADE_KINDS)[number];

/** A thing that a member made. */
export interface Made {
  id: string;
  kind: MadeKind;
  words: string;
  madeAt: Date;
  state: 'draft' | 'held' | 'live' | 'removed';
  /** Who may see it: it says so itself, or what it stands within says. */
  visibility: 'public' | 'unlisted' | 'secret';
  /** Whether it stands by itself, so that its maker says who sees it. */
  isRoot: boolean;
  /** What it stands on, or is said of: a name that the member may still see. */
  where: string | null;
  productSlug: string | null;
}

export interface MadeFilter {
  kind?: MadeKind | undefined;
  /** Words that it says. */
  words?: string | undefined;
  cursor?: string | undefined;
}

const PAGE = 50;

/** All that a member made, the latest first, whoever may see it. */
export async function madeBy(
  reads: Db,
  memberId: string,
  { kind, words = '', cursor }: MadeFilter,
  limit = PAGE,
): Promise<{ made: Made[]; cursor: string | null }> {
  const [micros, id] = cursor?.split('_') ?? [];
  const { rows } = await sql<Made & { micros: string }>`
    select * from (
      select piece.id, piece.kind, piece.state, piece.made_at as "madeAt", root.visibility, piece.root_id = piece.id as "isRoot",
        (extract(epoch from piece.made_at) * 1000000)::bigint::text as micros,
        coalesce(board.name, nullif(pin.note, ''), link.title, pinned.title, nullif(look.title, ''), look.words, post.caption,
          nullif(review.title, ''), nullif(review.body, ''), question.body, answer.body, comment.body, suggestion.reason,
          swap.reason, '') as words,
        coalesce(about.title, host.name, host_look.title) as "where", about.slug as "productSlug"
      from social.piece join social.piece as root on root.id = piece.root_id
      left join boards.board on board.id = piece.id left join boards.pin on pin.id = piece.id
      left join boards.link on link.pin_id = piece.id left join catalog.product as pinned on pinned.id = pin.product_id
      left join looks.look on look.id = piece.id left join posts.post on post.id = piece.id
      left join reviews.review on review.id = piece.id left join reviews.question on question.id = piece.id
      left join reviews.answer on answer.id = piece.id left join social.comment on comment.id = piece.id
      left join boards.suggestion on suggestion.id = piece.id left join looks.swap on swap.id = piece.id
      left join reviews.question as asked on asked.id = answer.subject_id
      left join catalog.product as about on about.id = coalesce(review.product_id, question.product_id, asked.product_id)
      left join lateral (
        select seen.id from social.opened(${memberId}::uuid, null) as seen
        where piece.root_id <> piece.id and seen.id = piece.root_id
      ) as open on true
      left join boards.board as host on host.id = open.id left join looks.look as host_look on host_look.id = open.id
      where piece.owner_id = ${memberId} and piece.state <> 'deleted'
        and (${kind ?? null}::social.piece_kind is null or piece.kind = ${kind ?? null}::social.piece_kind)
    ) as made
    where (${words} = '' or strpos(lower(words), lower(${words})) > 0)
      and (${micros ?? null}::numeric is null
        or ("madeAt", id) < (to_timestamp(${micros ?? null}::numeric / 1000000), ${id ?? null}::uuid))
    order by "madeAt" desc, id desc limit ${limit + 1}`.execute(reads);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    made: rows.slice(0, limit).map(({ micros: _micros, ...made }) => made),
    cursor: last ? `${last.micros}_${last.id}` : null,
  };
}

/** Of a member's photos those that none of their things shows any more, of these or of all. */
export async function unshownPhotos(db: Db, memberId: string, ids?: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select photo.id from social.photo
    where photo.owner_id = ${memberId} and media_id is not null
      and (${ids === undefined} or photo.id = any(${[...(ids ?? [])]}::uuid[])) and ${unshown}
    order by photo.id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Shown by nothing of its owner's that is there: nobody else can show it. */
const unshown = sql`not exists (select from social.profile where member_id = photo.owner_id and photo_id = photo.id)
  and not exists (select from posts.photo as shown where shown.photo_id = photo.id)
  and not exists (
    select from social.piece
    left join boards.pin on piece.kind = 'pin' and pin.id = piece.id
    left join boards.link on piece.kind = 'pin' and link.pin_id = piece.id
    left join looks.look on piece.kind = 'look' and look.id = piece.id
    left join reviews.review on piece.kind = 'review' and review.id = piece.id
    left join social.comment on piece.kind = 'comment' and comment.id = piece.id
    where piece.owner_id = photo.owner_id and piece.kind in ('pin', 'look', 'review', 'comment') and piece.state <> 'deleted'
      and (photo.id in (pin.photo_id, link.photo_id, look.scene_id) or photo.id = any(review.photo_ids)
        or photo.id = any(comment.photo_ids)))`;

/** What pictures stand in these things of a member's. */
export async function photosIn(db: Db, ids: readonly string[]): Promise<string[]> {
  const all = [...ids];
  const { rows } = await sql<{ id: string }>`
    select photo_id as id from boards.pin where id = any(${all}::uuid[]) and photo_id is not null
    union select pin.photo_id from boards.pin join social.piece on piece.id = pin.id
      where pin.board_id = any(${all}::uuid[]) and pin.photo_id is not null
    union select scene_id from looks.look where id = any(${all}::uuid[]) and scene_id is not null
    union select unnest(photo_ids) from reviews.review where id = any(${all}::uuid[])`.execute(db);
  return rows.map(({ id }) => id);
}

/** Members with photos of more than some hours that nothing shows, a batch of them. */
export async function ownersOfUnshown(reads: Db, before: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ ownerId: string }>`
    select distinct owner_id as "ownerId" from social.photo
    where media_id is not null and made_at < ${before} and ${unshown} limit ${limit}`.execute(reads);
  return rows.map(({ ownerId }) => ownerId);
}
