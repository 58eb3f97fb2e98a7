import assert from 'node:assert/strict';
import { type RawBuilder, sql } from 'kysely';
import {
  type Eye,
  type Leave,
  leaveOf,
  openedPiece,
  refuseWithout,
  socialErrors,
} from '#modules/social/index.ts';
import { alone, type Db, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { reviewErrors } from './errors.ts';

type Voter = Eye & { memberId: string };

/** Says whether a review or an answer helped; null takes it back. One of each member, none on one's own. */
export async function vote(
  tx: Tx,
  voter: Voter,
  pieceId: string,
  isHelpful: boolean | null,
  now: Date,
): Promise<void> {
  const { rows } = await sql<Seen>`
    with ${voting(voter, pieceId, { isHelpful, now, where: sql`true` })}
    select ${SEEN} from (select) as one left join seen on true`.execute(tx);
  judge(rows[0]);
}

/**
 * The same of a member who may be too new for it, paused, or too quick: asked, counted, judged and written by one
 * statement, which is a transaction of its own.
 */
export async function castVote(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  voter: Voter,
  pieceId: string,
  isHelpful: boolean | null,
): Promise<void> {
  const now = deps.now();
  const where = sql`(select "isGiven" from social_leave)`;
  const statement = sql<Leave & Seen>`
    with ${leaveOf(deps, voter.memberId, 'vote')}, ${voting(voter, pieceId, { isHelpful, now, where })}
    select social_leave.*, ${SEEN} from social_leave left join seen on true`;
  const { rows } = await alone(deps.db, (tx) => statement.execute(tx));
  const [row] = rows;
  assert(row);
  refuseWithout(row, 'vote', now);
  judge(row);
}

interface Seen {
  kind: string | null;
  isOwn: boolean | null;
  isVotable: boolean | null;
}

const SEEN = sql`seen.kind, seen."isOwn", seen."isVotable"`;

function judge(seen: Seen | undefined): void {
  assert(seen);
  if (seen.kind === null) throw socialErrors.piece_not_found({});
  if (!seen.isVotable) throw reviewErrors.not_votable({});
  if (seen.isOwn) throw reviewErrors.own_words({});
}

interface Cast {
  isHelpful: boolean | null;
  now: Date;
  /** What else must hold. */
  where: RawBuilder<unknown>;
}

/** Of a statement: what is `seen` of the piece, and the vote on it, with its count, where nothing speaks against it. */
function voting(voter: Voter, pieceId: string, { isHelpful, now, where }: Cast): RawBuilder<unknown> {
  const { memberId } = voter;
  const written =
    isHelpful === null ? takenBack(memberId, pieceId) : given(memberId, pieceId, isHelpful, now);
  const counting = (table: RawBuilder<unknown>) => sql`
    update ${table} as target set helpful = target.helpful + change.helpful, unhelpful = target.unhelpful + change.unhelpful
    from change where target.id = ${pieceId}`;
  return sql`
    seen as (
      select kind, coalesce(owner_id = ${memberId}, false) as "isOwn", kind in ('review', 'answer') as "isVotable"
      from (${openedPiece(voter, pieceId)}) as piece
    ), allowed as (
      select from seen where "isVotable" and not "isOwn" and ${where}
    ), ${written}, of_review as (${counting(sql`reviews.review`)}), of_answer as (${counting(sql`reviews.answer`)})`;
}

const takenBack = (memberId: string, pieceId: string) => sql`
    change as (
      delete from reviews.vote using allowed where piece_id = ${pieceId} and member_id = ${memberId}
      returning -is_helpful::integer as helpful, -(not is_helpful)::integer as unhelpful
    )`;

/** One that was there and is written is the other one: the same again writes nothing. */
const given = (memberId: string, pieceId: string, isHelpful: boolean, now: Date) => sql`
    written as (
      insert into reviews.vote as known (piece_id, member_id, is_helpful, at)
      select ${pieceId}, ${memberId}, ${isHelpful}, ${now}::timestamptz from allowed
      on conflict (piece_id, member_id) do update set is_helpful = excluded.is_helpful, at = excluded.at
      where known.is_helpful <> excluded.is_helpful
      returning is_helpful, xmax <> 0 as was_other
    ), change as (
      select case when is_helpful then 1 else -was_other::integer end as helpful,
        case when is_helpful then -was_other::integer else 1 end as unhelpful
      from written
    )`;

/** How often what members said of products helped others. */
export async function helpfulVotes(db: Db, memberIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ memberId: string; count: number }>`
    select piece.owner_id as "memberId", sum(coalesce(review.helpful, answer.helpful))::integer as count
    from social.piece left join reviews.review on review.id = piece.id left join reviews.answer on answer.id = piece.id
    where piece.owner_id = any(${[...memberIds]}::uuid[]) and piece.kind in ('review', 'answer') and piece.state = 'live'
    group by piece.owner_id`.execute(db);
  return new Map(rows.map(({ memberId, count }) => [memberId, count]));
}

/** Takes all of a member's votes back. */
export async function endVotes(tx: Tx, memberId: string): Promise<void> {
  for (const kind of ['review', 'answer'] as const) {
    const table = sql.table(`reviews.${kind}`);
    await sql`
      with mine as (
        select piece_id, is_helpful from reviews.vote where member_id = ${memberId}
      ), locked as (
        select target.id, is_helpful from ${table} as target join mine on mine.piece_id = target.id
        order by target.id for update of target
      ), gone as (
        delete from reviews.vote using locked where vote.piece_id = locked.id and vote.member_id = ${memberId}
      )
      update ${table} as target set helpful = helpful - locked.is_helpful::integer,
        unhelpful = unhelpful - (not locked.is_helpful)::integer
      from locked where target.id = locked.id`.execute(tx);
  }
}
