import { sql } from 'kysely';
import type { BulkTx } from '#platform/bulk.ts';
import { idOf } from '#platform/ids.ts';
import type { SocialPieceKind, SocialReactionKind } from './tables.ts';

/** Somebody of the demo or an import as they show themselves; `mediaId` holds the picture's files. */
export interface RecordedPerson {
  memberId: string;
  handle: string;
  name: string;
  bio: string;
  mediaId?: string;
  madeAt: Date;
}

/** Enters people who show themselves, and whom of each other they follow. Who is there already stays as they are. */
export async function recordPeople(
  { tx }: BulkTx,
  people: readonly RecordedPerson[],
  follows: readonly { followerId: string; targetId: string; since: Date }[],
): Promise<void> {
  for (const { memberId, handle, name, bio, mediaId = null, madeAt } of people) {
    const photoId = mediaId === null ? null : idOf('social:recorded-photo', memberId, madeAt.getTime());
    if (photoId !== null)
      await sql`insert into social.photo (id, owner_id, media_id, alt, made_at)
        values (${photoId}, ${memberId}, ${mediaId}, ${name}, ${madeAt}) on conflict do nothing`.execute(tx);
    await sql`insert into social.profile (member_id, handle, name, bio, photo_id, made_at)
      values (${memberId}, ${handle}, ${name}, ${bio}, ${photoId}, ${madeAt}) on conflict do nothing`.execute(
      tx,
    );
  }
  await sql`
    with new as (
      insert into social.follow (follower_id, kind, target_id, since)
      select follower, 'member', target, since
      from unnest(${follows.map((each) => each.followerId)}::uuid[], ${follows.map((each) => each.targetId)}::uuid[],
        ${follows.map((each) => each.since)}::timestamptz[]) as t (follower, target, since)
      on conflict do nothing returning kind, target_id
    )
    insert into social.followed as known (kind, target_id, followers)
    select kind, target_id, count(*) from new group by kind, target_id order by target_id
    on conflict (kind, target_id) do update set followers = known.followers + excluded.followers`.execute(tx);
}

export interface RecordedPiece {
  id: string;
  kind: SocialPieceKind;
  /** None where who wrote it has no account. */
  ownerId: string | null;
  withinId?: string;
  rootId: string;
  madeAt: Date;
}

/** Enters live, public pieces in bulk; nobody is told, and whoever keeps something of them looks by itself. */
export async function recordPieces(bulk: BulkTx, pieces: Iterable<RecordedPiece>): Promise<void> {
  await bulk.copy(
    'social.piece',
    ['id', 'kind', 'owner_id', 'root_id', 'within_id', 'visibility', 'state', 'made_at'],
    Iterator.from(pieces).map(({ id, kind, ownerId, rootId, withinId, madeAt }) => [
      id,
      kind,
      ownerId,
      rootId,
      withinId ?? null,
      withinId === undefined ? 'public' : null,
      'live',
      madeAt,
    ]),
  );
}

export interface RecordedTalk {
  comments: readonly {
    id: string;
    subjectId: string;
    rootId: string;
    authorId: string;
    body: string;
    at: Date;
  }[];
  reactions: readonly { pieceId: string; memberId: string; kind: SocialReactionKind; at: Date }[];
}

/** What was said and felt of pieces that are there, with its counts. */
export async function recordTalk(bulk: BulkTx, { comments, reactions }: RecordedTalk): Promise<void> {
  await recordPieces(
    bulk,
    comments.map(({ id, subjectId, rootId, authorId, at }) => ({
      id,
      kind: 'comment' as const,
      ownerId: authorId,
      withinId: subjectId,
      rootId,
      madeAt: at,
    })),
  );
  await bulk.copy(
    'social.comment',
    ['id', 'subject_id', 'body', 'said_at'],
    comments.map(({ id, subjectId, body, at }) => [id, subjectId, body, at]),
  );
  await bulk.copy(
    'social.reaction',
    ['piece_id', 'member_id', 'kind', 'at'],
    reactions.map(({ pieceId, memberId, kind, at }) => [pieceId, memberId, kind, at]),
  );
  const said = comments.map(({ subjectId }) => ({ id: subjectId, what: 'comments' }));
  const felt = reactions.map(({ pieceId, kind }) => ({ id: pieceId, what: kind }));
  const all = [...said, ...felt];
  await sql`
    insert into social.tally as known (piece_id, comments, heart, clap, wow, idea)
    select id, count(*) filter (where what = 'comments'), count(*) filter (where what = 'heart'),
      count(*) filter (where what = 'clap'), count(*) filter (where what = 'wow'), count(*) filter (where what = 'idea')
    from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(({ what }) => what)}::text[]) as t (id, what)
    group by id order by id
    on conflict (piece_id) do update set comments = known.comments + excluded.comments,
      heart = known.heart + excluded.heart, clap = known.clap + excluded.clap, wow = known.wow + excluded.wow,
      idea = known.idea + excluded.idea`.execute(bulk.tx);
}
