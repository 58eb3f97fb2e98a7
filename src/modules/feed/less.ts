import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import type { FeedLessKind } from './tables.ts';

export const LESS_KINDS = ['product', 'member', 'brand', 'topic', 'piece'] as const satisfies FeedLessKind[];
/** Beyond, the oldest is forgotten: a feed that leaves out everything shows nothing. */
const LESS_MAX = 500;

export interface Less {
  kind: FeedLessKind;
  targetId: string;
}

/** Leaves something out of a member's feed from now on. */
export async function seeLess(tx: Tx, memberId: string, { kind, targetId }: Less, now: Date): Promise<void> {
  await sql`insert into feed.less (member_id, kind, target_id, since)
    values (${memberId}, ${kind}, ${targetId}, ${now}) on conflict do nothing`.execute(tx);
  await sql`delete from feed.less where member_id = ${memberId} and (kind, target_id) in (
    select kind, target_id from feed.less where member_id = ${memberId}
    order by since desc, kind, target_id offset ${LESS_MAX})`.execute(tx);
}

/** Lets it in again; with nothing named, everything. */
export async function seeAgain(tx: Tx, memberId: string, less?: Less): Promise<void> {
  const which = less ? sql`and kind = ${less.kind} and target_id = ${less.targetId}` : sql``;
  await sql`delete from feed.less where member_id = ${memberId} ${which}`.execute(tx);
}

/** What a member left out, the latest first. */
export async function lessOf(db: Db, memberId: string): Promise<Less[]> {
  const { rows } = await sql<Less>`
    select kind, target_id as "targetId" from feed.less where member_id = ${memberId}
    order by since desc, kind, target_id`.execute(db);
  return rows;
}

/** Everything of a member that this module keeps, and that others keep of not seeing them. */
export async function eraseFeed(tx: Tx, memberId: string): Promise<void> {
  await sql`delete from feed.less where member_id = ${memberId}`.execute(tx);
  await sql`delete from feed.digest where member_id = ${memberId}`.execute(tx);
}
