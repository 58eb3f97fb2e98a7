import { sql } from 'kysely';
import type { Picture } from '#modules/catalog/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { socialErrors } from './errors.ts';
import { mentioned } from './mentions.ts';
import { notify } from './notices.ts';
import { type Person, peopleOf } from './people.ts';
import { photosOf, picturesOf, removePhotos } from './photos.ts';
import { changeState, makePiece, type StateChange, wordsChanged } from './pieces.ts';
import { type Eye, open, type Opened } from './visibility.ts';
import { cleanWords } from './words.ts';

export const COMMENT_LENGTH_MAX = 4000;
export const COMMENT_PHOTOS_MAX = 4;
const PAGE = 30;
const REPLIES_SHOWN = 100;

export interface CommentWish {
  id: string;
  subjectId: string;
  /** A comment on the same subject; an answer to an answer stands beside it. */
  replyTo?: string | undefined;
  body: string;
  photoIds?: readonly string[];
}

export interface Comment {
  id: string;
  /** Null where its author's words are gone and answers stay, or the author shows themselves no more. */
  author: Person | null;
  /** Null of one that was deleted or removed. */
  body: string | null;
  pictures: Picture[];
  replyTo: string | null;
  at: Date;
  editedAt: Date | null;
  isOwn: boolean;
}

/** Says something of a piece that the author may look at. The same id with the same words again is a retry. */
export async function say(
  tx: Tx,
  eye: Eye & { memberId: string },
  wish: CommentWish,
  now: Date,
): Promise<void> {
  const { memberId } = eye;
  const subject = await open(tx, eye, wish.subjectId);
  const body = cleanWords(wish.body, COMMENT_LENGTH_MAX);
  const thread = wish.replyTo === undefined ? undefined : await threadOf(tx, wish.replyTo, subject.id);
  const photoIds = [...(wish.photoIds ?? [])];
  if ((await photosOf(tx, memberId, photoIds)).size < new Set(photoIds).size)
    throw socialErrors.photo_not_found({});
  const isNew = await makePiece(
    tx,
    { id: wish.id, kind: 'comment', ownerId: memberId, withinId: subject.id },
    now,
  );
  if (!isNew) return refuseOther(tx, wish.id, body);
  await sql`
    with said as (
      insert into social.comment (id, subject_id, reply_to, body, photo_ids, said_at)
      values (${wish.id}, ${subject.id}, ${thread?.id ?? null}::uuid, ${body}, ${photoIds}::uuid[], ${now})
    )
    insert into social.tally as known (piece_id, comments) values (${subject.id}, 1)
    on conflict (piece_id) do update set comments = known.comments + 1`.execute(tx);
  await tellOfComment(
    tx,
    { subject, authorId: memberId, commentId: wish.id, body, repliedTo: thread?.ownerId },
    now,
  );
}

async function refuseOther(tx: Tx, id: string, body: string): Promise<void> {
  const { rows } = await sql<{ body: string }>`select body from social.comment where id = ${id}`.execute(tx);
  if (rows[0]?.body !== body) throw socialErrors.piece_differs({ pieceId: id });
}

interface Said {
  subject: Opened;
  authorId: string;
  commentId: string;
  body: string;
  repliedTo: string | null | undefined;
}

/** One notice each: to whom it answers, else to whom it is about, else to whom it names. */
async function tellOfComment(tx: Tx, { subject, authorId, commentId, body, repliedTo }: Said, now: Date) {
  const told = new Map<string, 'replied' | 'commented' | 'mentioned'>();
  for (const memberId of await mentioned(tx, body)) told.set(memberId, 'mentioned');
  if (subject.ownerId) told.set(subject.ownerId, 'commented');
  if (repliedTo) told.set(repliedTo, 'replied');
  for (const [memberId, kind] of told)
    await notify(
      tx,
      { memberId, kind, actorId: authorId, pieceId: commentId, data: { subjectId: subject.id } },
      now,
    );
}

/** The head of the thread that an answer belongs to, and whom it answers. */
async function threadOf(tx: Tx, replyTo: string, subjectId: string) {
  const { rows } = await sql<{ id: string; ownerId: string | null }>`
    select coalesce(comment.reply_to, comment.id) as id, piece.owner_id as "ownerId"
    from social.comment join social.piece on piece.id = comment.id
    where comment.id = ${replyTo} and comment.subject_id = ${subjectId} and piece.state = 'live'`.execute(tx);
  if (!rows[0]) throw socialErrors.piece_not_found({});
  return rows[0];
}

/** Changes what was said; that it was changed is shown. */
export async function editComment(
  tx: Tx,
  memberId: string,
  id: string,
  typed: string,
  now: Date,
): Promise<void> {
  const comment = await open(tx, { memberId }, id);
  if (comment.ownerId !== memberId || comment.kind !== 'comment') throw socialErrors.not_yours({});
  const body = cleanWords(typed, COMMENT_LENGTH_MAX);
  await sql`update social.comment set body = ${body}, edited_at = ${now} where id = ${id} and body <> ${body}`.execute(
    tx,
  );
  await wordsChanged(tx, id);
}

/** Deletes a comment: its author, or the owner of what it is said of. Answers to it stay. Deleting it again changes nothing. */
export async function deleteComment(tx: Tx, memberId: string, id: string): Promise<void> {
  const { rows } = await sql<{ mayDelete: boolean }>`
    select piece.owner_id = ${memberId} or root.owner_id = ${memberId} as "mayDelete"
    from social.piece join social.piece as root on root.id = piece.root_id
    where piece.id = ${id} and piece.kind = 'comment'`.execute(tx);
  if (!rows[0]) throw socialErrors.piece_not_found({});
  if (!rows[0].mayDelete) throw socialErrors.not_yours({});
  await endComments(tx, [id]);
}

/** Takes the words of comments away, and their photos with the files; keeps the counts true. */
export async function endComments(tx: Tx, ids: readonly string[]): Promise<void> {
  const ended = await changeState(tx, ids, { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' });
  const { rows: shown } = await sql<{ ownerId: string; photoIds: string[] }>`
    select piece.owner_id as "ownerId", photo_ids as "photoIds" from social.comment join social.piece on piece.id = comment.id
    where comment.id = any(${[...ids]}::uuid[]) and photo_ids <> '{}' and piece.owner_id is not null order by comment.id`.execute(
    tx,
  );
  for (const { ownerId, photoIds } of shown) await removePhotos(tx, ownerId, photoIds);
  await sql`update social.comment set body = '', photo_ids = '{}' where id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  await uncount(
    tx,
    ended.flatMap(({ was, withinId }) => (was === 'live' && withinId ? [withinId] : [])),
  );
}

/** Takes comments out of sight, or puts them back; the counts follow. Answers those that were moved. */
export async function changeCommentStates(
  tx: Tx,
  ids: readonly string[],
  change: StateChange,
): Promise<string[]> {
  const moved = await changeState(tx, ids, change);
  const wentFrom = (isLive: boolean) =>
    moved.flatMap(({ was, withinId }) => (withinId && (was === 'live') === isLive ? [withinId] : []));
  if (change.to !== 'live') await uncount(tx, wentFrom(true));
  else await uncount(tx, wentFrom(false), -1);
  return moved.map(({ id }) => id);
}

/** Each subject as often as a comment of it went; or came, by -1. */
async function uncount(tx: Tx, subjectIds: readonly string[], by: 1 | -1 = 1): Promise<void> {
  await sql`
    with gone as (
      select id, count(*)::integer as count from unnest(${[...subjectIds]}::uuid[]) as t (id) group by id
    ), locked as (
      select piece_id, count from social.tally join gone on gone.id = piece_id order by piece_id for update of tally
    )
    update social.tally set comments = comments - ${by} * count from locked where tally.piece_id = locked.piece_id`.execute(
    tx,
  );
}

interface CommentRow {
  id: string;
  ownerId: string | null;
  isSeen: boolean;
  body: string;
  photoIds: string[];
  replyTo: string | null;
  at: Date;
  editedAt: Date | null;
}

export interface CommentPage {
  /** Threads, the latest first, each followed by its answers, the first first. */
  comments: Comment[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

/** What was said of a piece, as somebody sees it who opened it. Deleted words that were answered leave their place. */
export async function commentsOf(db: Db, eye: Eye, subjectId: string, cursor?: string): Promise<CommentPage> {
  const viewer = eye.memberId ?? null;
  const seen = sql`exists (select from social.opened(${viewer}::uuid, ${eye.key ?? null}) as seen where seen.id = comment.id)`;
  const columns = sql`comment.id, piece.owner_id as "ownerId", ${seen} as "isSeen", comment.body, photo_ids as "photoIds",
    reply_to as "replyTo", said_at as at, edited_at as "editedAt"`;
  const [before, beforeId] = cursor?.split('_') ?? [];
  const { rows: heads } = await sql<CommentRow>`
    select ${columns} from social.comment join social.piece on piece.id = comment.id
    where subject_id = ${subjectId} and reply_to is null
      and (${before ?? null}::bigint is null or (said_at, comment.id)
        < (to_timestamp(${before ?? null}::bigint / 1000.0), ${beforeId ?? null}::uuid))
      and (${seen} or exists (select from social.comment as reply where reply.reply_to = comment.id))
    order by said_at desc, comment.id desc limit ${PAGE + 1}`.execute(db);
  const page = heads.slice(0, PAGE);
  const last = page.at(-1);
  const { rows: replies } = await sql<CommentRow>`
    select reply.* from unnest(${page.map(({ id }) => id)}::uuid[]) as head (id)
    cross join lateral (
      select ${columns} from social.comment join social.piece on piece.id = comment.id
      where reply_to = head.id and ${seen} order by said_at, comment.id limit ${REPLIES_SHOWN}
    ) as reply`.execute(db);
  const answered = new Set(replies.map(({ replyTo }) => replyTo));
  const shown = page
    .filter(({ id, isSeen }) => isSeen || answered.has(id))
    .flatMap((head) => [head, ...replies.filter(({ replyTo }) => replyTo === head.id)]);
  return {
    comments: await withAuthors(db, eye.memberId, shown),
    cursor: heads.length > PAGE && last ? `${last.at.getTime()}_${last.id}` : null,
  };
}

async function withAuthors(
  db: Db,
  viewer: string | undefined,
  rows: readonly CommentRow[],
): Promise<Comment[]> {
  const seen = rows.filter(({ isSeen }) => isSeen);
  const [people, pictures] = await Promise.all([
    peopleOf(db, viewer, [...new Set(seen.flatMap(({ ownerId }) => ownerId ?? []))]),
    picturesOf(
      db,
      seen.flatMap(({ photoIds }) => photoIds),
    ),
  ]);
  return rows.map(({ id, ownerId, isSeen, body, photoIds, replyTo, at, editedAt }) => ({
    id,
    author: isSeen && ownerId ? (people.get(ownerId) ?? null) : null,
    body: isSeen ? body : null,
    pictures: isSeen ? photoIds.flatMap((photoId) => pictures.get(photoId) ?? []) : [],
    replyTo,
    at,
    editedAt,
    isOwn: ownerId !== null && ownerId === viewer,
  }));
}
