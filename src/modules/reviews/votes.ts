import { sql } from 'kysely';
import { type Eye, open } from '#modules/social/index.ts';
import { completed, type Db, type Ending, type Tx } from '#platform/db.ts';
import { reviewErrors } from './errors.ts';

/** Says whether a review or an answer helped; null takes it back. One of each member, none on one's own. */
export const vote = async (tx: Tx, ...of: Vote): Promise<void> => completed(tx, await voting(tx, ...of));

type Vote = [eye: Eye & { memberId: string }, pieceId: string, isHelpful: boolean | null, now: Date];

/** The same, for a transaction that ends with it. */
export async function voting(tx: Tx, ...[eye, pieceId, isHelpful, now]: Vote): Promise<Ending<void>> {
  const { memberId } = eye;
  const piece = await open(tx, eye, pieceId);
  if (piece.kind !== 'review' && piece.kind !== 'answer') throw reviewErrors.not_votable({});
  if (piece.ownerId === memberId) throw reviewErrors.own_words({});
  const table = sql.table(`reviews.${piece.kind}`);
  if (isHelpful === null) {
    const takenBack = sql`
      with gone as (
        delete from reviews.vote where piece_id = ${pieceId} and member_id = ${memberId} returning is_helpful
      )
      update ${table} as target set helpful = helpful - is_helpful::integer, unhelpful = unhelpful - (not is_helpful)::integer
      from gone where target.id = ${pieceId}`;
    return { answer: undefined, last: (end) => takenBack.execute(end) };
  }
  // One that was there and is written is the other one: the same again writes nothing.
  const cast = sql`
    with cast_vote as (
      insert into reviews.vote as known (piece_id, member_id, is_helpful, at)
      values (${pieceId}, ${memberId}, ${isHelpful}, ${now})
      on conflict (piece_id, member_id) do update set is_helpful = excluded.is_helpful, at = excluded.at
      where known.is_helpful <> excluded.is_helpful
      returning is_helpful, xmax <> 0 as was_other
    )
    update ${table} as target set
      helpful = helpful + case when is_helpful then 1 else -was_other::integer end,
      unhelpful = unhelpful + case when is_helpful then -was_other::integer else 1 end
    from cast_vote where target.id = ${pieceId}`;
  return { answer: undefined, last: (end) => cast.execute(end) };
}

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
