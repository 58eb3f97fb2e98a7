import { sql } from 'kysely';
import { type Eye, open } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { reviewErrors } from './errors.ts';

/** Says whether a review or an answer helped; null takes it back. One of each member, none on one's own. */
export async function vote(
  tx: Tx,
  eye: Eye & { memberId: string },
  pieceId: string,
  isHelpful: boolean | null,
  now: Date,
): Promise<void> {
  const { memberId } = eye;
  const piece = await open(tx, eye, pieceId);
  if (piece.kind !== 'review' && piece.kind !== 'answer') throw reviewErrors.not_votable({});
  if (piece.ownerId === memberId) throw reviewErrors.own_words({});
  const table = sql.table(`reviews.${piece.kind}`);
  await sql`select from ${table} where id = ${pieceId} for update`.execute(tx);
  const { rows } = await sql<{ was: boolean }>`
    select is_helpful as was from reviews.vote where piece_id = ${pieceId} and member_id = ${memberId}`.execute(
    tx,
  );
  const was = rows[0]?.was ?? null;
  if (was === isHelpful) return;
  await (
    isHelpful === null
      ? sql`delete from reviews.vote where piece_id = ${pieceId} and member_id = ${memberId}`
      : sql`insert into reviews.vote (piece_id, member_id, is_helpful, at) values (${pieceId}, ${memberId}, ${isHelpful}, ${now})
          on conflict (piece_id, member_id) do update set is_helpful = excluded.is_helpful, at = excluded.at`
  ).execute(tx);
  const of = (side: boolean) => Number(isHelpful === side) - Number(was === side);
  await sql`update ${table} set helpful = helpful + ${of(true)}, unhelpful = unhelpful + ${of(false)}
    where id = ${pieceId}`.execute(tx);
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
