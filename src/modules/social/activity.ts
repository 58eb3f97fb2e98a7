import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { TrustLevel } from './abilities.ts';

/** Of a member's things so many are looked at, the latest first. */
const LOOKED_AT_MAX = 1000;

/** What a member did here, and how others took it. */
export interface Activity {
  memberId: string;
  /** Since when they show themselves. */
  knownSince: Date;
  /** Days on which they made something. */
  activeDays: number;
  /** Live ones. */
  pieces: number;
  /** Of others, on their things. */
  reactions: number;
  level: TrustLevel;
  /** Since when a moderator has said how far they are trusted; null where none did. */
  setSince: Date | null;
}

/** Of one member, or of the next ones by their ids. */
export async function activityOf(
  db: Db,
  asked: { memberId: string } | { after: string | null; limit: number },
): Promise<Activity[]> {
  const who =
    'memberId' in asked
      ? sql`select member_id, made_at from social.profile where member_id = ${asked.memberId}`
      : sql`select member_id, made_at from social.profile
          where ${asked.after}::uuid is null or member_id > ${asked.after}::uuid order by member_id limit ${asked.limit}`;
  const { rows } = await sql<Activity>`
    select who.member_id as "memberId", who.made_at as "knownSince", made.days as "activeDays", made.pieces, made.reactions,
      coalesce(trust.level, 0) as level, case when trust.set_by is not null then trust.since end as "setSince"
    from (${who}) as who
    cross join lateral (
      select count(distinct made_at::date)::integer as days, count(*) filter (where state = 'live')::integer as pieces,
        coalesce(sum((select count(*) from social.reaction
          where piece_id = latest.id and reaction.member_id <> who.member_id)), 0)::integer as reactions
      from (select id, made_at, state from social.piece where owner_id = who.member_id
        order by made_at desc limit ${LOOKED_AT_MAX}) as latest
    ) as made
    left join social.trust on trust.member_id = who.member_id
    order by who.member_id`.execute(db);
  return rows;
}
