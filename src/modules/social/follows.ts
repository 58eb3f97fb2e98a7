import { sql } from 'kysely';
import { slugsOfIds } from '#modules/catalog/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { socialErrors } from './errors.ts';
import { notify } from './notices.ts';
import { type Person, peopleOf } from './people.ts';
import type { SocialFollowedKind } from './tables.ts';
import { doMeet, open } from './visibility.ts';

const FOLLOWS_MAX = 5000;

export interface Followed {
  kind: SocialFollowedKind;
  targetId: string;
}

/** Follows, once however often. What can't be seen can't be followed. */
export async function follow(tx: Tx, memberId: string, target: Followed, now: Date): Promise<void> {
  await refuseUnknown(tx, memberId, target);
  const { kind, targetId } = target;
  const { rows } = await sql`
    with new as (
      insert into social.follow (follower_id, kind, target_id, since)
      select ${memberId}, ${kind}, ${targetId}, ${now}
      where (select count(*) from social.follow where follower_id = ${memberId}) < ${FOLLOWS_MAX}
      on conflict do nothing returning kind, target_id
    )
    insert into social.followed as known (kind, target_id, followers) select kind, target_id, 1 from new
    on conflict (kind, target_id) do update set followers = known.followers + 1
    returning followers`.execute(tx);
  if (rows.length > 0) {
    if (kind === 'member') await notify(tx, { memberId: targetId, kind: 'followed', actorId: memberId }, now);
    return;
  }
  if (!(await isFollowing(tx, memberId, target))) throw socialErrors.follows_too_many({ max: FOLLOWS_MAX });
}

export async function unfollow(tx: Tx, memberId: string, { kind, targetId }: Followed): Promise<void> {
  await sql`
    with gone as (
      delete from social.follow where follower_id = ${memberId} and kind = ${kind} and target_id = ${targetId}
      returning kind, target_id
    )
    update social.followed set followers = followers - 1 from gone
    where followed.kind = gone.kind and followed.target_id = gone.target_id`.execute(tx);
}

export async function isFollowing(db: Db, memberId: string, { kind, targetId }: Followed): Promise<boolean> {
  const { rows } = await sql`
    select from social.follow where follower_id = ${memberId} and kind = ${kind} and target_id = ${targetId}`.execute(
    db,
  );
  return rows.length > 0;
}

async function refuseUnknown(tx: Tx, memberId: string, { kind, targetId }: Followed): Promise<void> {
  if (kind === 'member') {
    if (targetId === memberId) throw socialErrors.not_oneself({});
    if ((await peopleOf(tx, memberId, [targetId])).size === 0) throw socialErrors.target_not_found({});
    return;
  }
  if (kind === 'board') {
    const board = await open(tx, { memberId }, targetId);
    if (board.kind !== 'board') throw socialErrors.target_not_found({});
    return;
  }
  const found = await slugsOfIds(tx, kind === 'brand' ? 'brand' : 'category', [targetId]);
  if (found.size === 0) throw socialErrors.target_not_found({});
}

interface PeoplePage {
  people: Person[];
  cursor: string | null;
}

const PAGE = 40;

/** Who follows somebody, or whom they follow, the latest first, as `viewer` meets them. */
export async function followPage(
  db: Db,
  viewer: string | undefined,
  {
    memberId,
    side,
    cursor,
  }: { memberId: string; side: 'followers' | 'following'; cursor?: string | undefined },
): Promise<PeoplePage> {
  const self = viewer ?? null;
  const [before, beforeId] = cursor?.split('_') ?? [];
  const [of, shown] =
    side === 'followers'
      ? [sql.ref('target_id'), sql.ref('follower_id')]
      : [sql.ref('follower_id'), sql.ref('target_id')];
  const { rows } = await sql<{ memberId: string; since: Date }>`
    select ${shown} as "memberId", since from social.follow join social.profile on profile.member_id = ${shown}
    where kind = 'member' and ${of} = ${memberId}
      and (${self}::uuid is null or social.meet(${shown}, ${self}::uuid))
      and (${before ?? null}::bigint is null
        or (since, ${shown}) < (to_timestamp(${before ?? null}::bigint / 1000.0), ${beforeId ?? null}::uuid))
    order by since desc, ${shown} desc limit ${PAGE + 1}`.execute(db);
  const page = rows.slice(0, PAGE);
  const people = await peopleOf(
    db,
    viewer,
    page.map((row) => row.memberId),
  );
  const last = page.at(-1);
  return {
    people: page.flatMap((row) => people.get(row.memberId) ?? []),
    cursor: rows.length > PAGE && last ? `${last.since.getTime()}_${last.memberId}` : null,
  };
}

/**
 * Two who meet nowhere from now on: neither follows the other, nor makes a board with them, nor is told of what they did.
 */
export async function block(tx: Tx, blockerId: string, blockedId: string, now: Date): Promise<void> {
  if (blockerId === blockedId) throw socialErrors.not_oneself({});
  await sql`insert into social.block (blocker_id, blocked_id, since)
    select ${blockerId}, member_id, ${now} from social.profile where member_id = ${blockedId}
    on conflict do nothing`.execute(tx);
  for (const [one, other] of [
    [blockerId, blockedId],
    [blockedId, blockerId],
  ] as const) {
    await unfollow(tx, one, { kind: 'member', targetId: other });
    await sql`delete from social.collaborator using social.piece
      where collaborator.piece_id = piece.id and piece.owner_id = ${one} and collaborator.member_id = ${other}`.execute(
      tx,
    );
    await sql`
      with gone as (
        delete from social.follow using social.piece
        where follow.kind = 'board' and follow.target_id = piece.id and piece.owner_id = ${one} and follower_id = ${other}
        returning follow.kind, follow.target_id
      )
      update social.followed set followers = followers - 1 from gone
      where followed.kind = gone.kind and followed.target_id = gone.target_id`.execute(tx);
    await sql`delete from social.notice where member_id = ${one} and actor_id = ${other}`.execute(tx);
  }
}

export async function unblock(tx: Tx, blockerId: string, blockedId: string): Promise<void> {
  await sql`delete from social.block where blocker_id = ${blockerId} and blocked_id = ${blockedId}`.execute(
    tx,
  );
}

/** Those whom a member blocked, or muted, the latest first. */
export async function shunned(db: Db, memberId: string, how: 'block' | 'mute'): Promise<Person[]> {
  const { rows } =
    how === 'block'
      ? await sql<{ id: string }>`select blocked_id as id from social.block where blocker_id = ${memberId}
          order by since desc limit 1000`.execute(db)
      : await sql<{ id: string }>`select muted_id as id from social.mute where member_id = ${memberId}
          order by since desc limit 1000`.execute(db);
  const ids = rows.map(({ id }) => id);
  const people = await peopleOf(db, undefined, ids);
  return ids.flatMap((id) => people.get(id) ?? []);
}

export async function mute(tx: Tx, memberId: string, mutedId: string, now: Date): Promise<void> {
  if (memberId === mutedId) throw socialErrors.not_oneself({});
  if (!(await doMeet(tx, memberId, mutedId))) throw socialErrors.person_not_found({});
  await sql`insert into social.mute (member_id, muted_id, since)
    select ${memberId}, member_id, ${now} from social.profile where member_id = ${mutedId}
    on conflict do nothing`.execute(tx);
}

export async function unmute(tx: Tx, memberId: string, mutedId: string): Promise<void> {
  await sql`delete from social.mute where member_id = ${memberId} and muted_id = ${mutedId}`.execute(tx);
}
