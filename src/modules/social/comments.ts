import { sql } from 'kysely';
import type { Picture } from '#modules/catalog/index.ts';
import { completed, type Db, type Ending, type Tx } from '#platform/db.ts';
import { socialErrors } from './errors.ts';
import { mentioned, namedIn } from './mentions.ts';
import { notify, type Told } from './notices.ts';
import { type Person, personOf } from './people.ts';
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
  /** Handles of people who are there for the viewer, of all that are named on the same page. */
  named: ReadonlySet<string>;
}

/** Says something of a piece that the author may look at. The same id with the same words again is a retry. */
export const say = async (tx: Tx, ...of: Saying): Promise<void> => completed(tx, await saying(tx, ...of));

type Saying = [eye: Eye & { memberId: string }, wish: CommentWish, now: Date];

/** The same, for a transaction that ends with it. */
export async function saying(tx: Tx, ...[eye, wish, now]: Saying): Promise<Ending<void>> {
  const { memberId } = eye;
  const subject = await open(tx, eye, wish.subjectId);
  const body = cleanWords(wish.body, COMMENT_LENGTH_MAX);
  const thread = wish.replyTo === undefined ? undefined : await threadOf(tx, wish.replyTo, subject.id);
  const photoIds = [...(wish.photoIds ?? [])];
  if (photoIds.length > 0 && (await photosOf(tx, memberId, photoIds)).size < new Set(photoIds).size)
    throw socialErrors.photo_not_found({});
  const piece = { id: wish.id, kind: 'comment' as const, ownerId: memberId, withinId: subject.id };
  const changes = [
    sql`social_comment as (
      insert into social.comment (id, subject_id, reply_to, body, photo_ids, said_at)
      select id, ${subject.id}::uuid, ${thread?.id ?? null}::uuid, ${body}, ${photoIds}::uuid[], ${now}::timestamptz
      from social_piece)`,
    sql`social_tally as (
      insert into social.tally as known (piece_id, comments) select ${subject.id}::uuid, 1 from social_piece where state = 'live'
      on conflict (piece_id) do update set comments = known.comments + 1)`,
  ];
  if (!(await makePiece(tx, piece, now, { changes })))
    return { answer: await refuseOther(tx, wish.id, body) };
  const said = { subject, authorId: memberId, commentId: wish.id, body, repliedTo: thread?.ownerId };
  const notices = await noticesOf(tx, said);
  const lastOne = notices.pop();
  for (const notice of notices) await notify(tx, notice, now);
  return { answer: undefined, ...(lastOne && { last: (end) => notify(end, lastOne, now) }) };
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
async function noticesOf(tx: Tx, { subject, authorId, commentId, body, repliedTo }: Said): Promise<Told[]> {
  const told = new Map<string, 'replied' | 'commented' | 'mentioned'>();
  for (const memberId of await mentioned(tx, body)) told.set(memberId, 'mentioned');
  if (subject.ownerId) told.set(subject.ownerId, 'commented');
  if (repliedTo) told.set(repliedTo, 'replied');
  const about = { actorId: authorId, pieceId: commentId, data: { subjectId: subject.id } };
  return [...told].map(([memberId, kind]) => ({ memberId, kind, ...about }));
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

interface CommentRow extends Omit<Comment, 'pictures' | 'isOwn'> {
  ownerId: string | null;
  isSeen: boolean;
  photoIds: string[];
  /** Of the thread, from 1. */
  place: number;
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
  // `offset 0` keeps the decision a lookup for each comment: joined into the rest, it takes longer to plan than to run.
  const seen = sql`cross join lateral (select exists (
    select from social.opened(${viewer}::uuid, ${eye.key ?? null}) as opened where opened.id = comment.id offset 0
  ) as is_seen offset 0) as seen`;
  const columns = sql`comment.id, piece.owner_id, is_seen, comment.body, photo_ids, reply_to, said_at, edited_at`;
  const [before, beforeId] = cursor?.split('_') ?? [];
  const earlier =
    before === undefined
      ? sql``
      : sql`and (said_at, comment.id) < (to_timestamp(${before}::bigint / 1000.0), ${beforeId}::uuid)`;
  const { rows } = await sql<CommentRow>`
    with head as materialized (
      select ${columns} from social.comment join social.piece on piece.id = comment.id ${seen}
      where subject_id = ${subjectId} and reply_to is null ${earlier}
        and (is_seen or exists (select from social.comment as reply where reply.reply_to = comment.id))
      order by said_at desc, comment.id desc limit ${PAGE + 1}
    ), placed as (
      select *, row_number() over (order by said_at desc, id desc)::integer as place from head
    ), shown as (
      select * from placed
      union all
      select reply.*, place from placed cross join lateral (
        select ${columns} from social.comment join social.piece on piece.id = comment.id ${seen}
        where reply_to = placed.id and is_seen order by said_at, comment.id limit ${REPLIES_SHOWN}
      ) as reply where place <= ${PAGE}
    )
    select id, owner_id as "ownerId", is_seen as "isSeen", case when is_seen then body end as body, photo_ids as "photoIds",
      reply_to as "replyTo", said_at as at, edited_at as "editedAt", place,
      case when is_seen then ${personOf(sql`owner_id`, eye.memberId)} end as author
    from shown order by place, reply_to is not null, said_at, id`.execute(db);
  const last = rows.findLast(({ replyTo, place }) => replyTo === null && place === PAGE);
  const isMore = rows.some(({ place }) => place > PAGE);
  const answered = new Set(rows.map(({ replyTo }) => replyTo));
  const page = rows.filter(({ id, isSeen, place }) => place <= PAGE && (isSeen || answered.has(id)));
  return {
    comments: await withPictures(db, eye.memberId, page),
    cursor: isMore && last ? `${last.at.getTime()}_${last.id}` : null,
  };
}

async function withPictures(
  db: Db,
  viewer: string | undefined,
  rows: readonly CommentRow[],
): Promise<Comment[]> {
  const seen = rows.filter(({ isSeen }) => isSeen);
  const [pictures, named] = await Promise.all([
    picturesOf(
      db,
      seen.flatMap(({ photoIds }) => photoIds),
    ),
    namedIn(
      db,
      viewer,
      seen.flatMap(({ body }) => body ?? []),
    ),
  ]);
  return rows.map(({ ownerId, isSeen, photoIds, place: _place, ...comment }) => ({
    ...comment,
    pictures: isSeen ? photoIds.flatMap((photoId) => pictures.get(photoId) ?? []) : [],
    isOwn: ownerId !== null && ownerId === viewer,
    named,
  }));
}
