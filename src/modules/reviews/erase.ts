import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { endAnswers, endQuestions } from './answers.ts';
import { endReviews } from './review.ts';
import { endVotes } from './votes.ts';

type Kind = 'review' | 'question' | 'answer';

/** All that a member said of products, and how they voted. Of what others said to it, their words stay theirs. */
export async function eraseReviews(
  tx: Tx,
  { memberId, customerId }: { memberId: string; customerId?: string },
): Promise<void> {
  const { rows } = await sql<{ id: string; kind: Kind }>`
    select id, kind from social.piece
    where owner_id = ${memberId} and kind in ('review', 'question', 'answer') and state <> 'deleted' order by id`.execute(
    tx,
  );
  const of = (kind: Kind) => rows.flatMap((row) => (row.kind === kind ? [row.id] : []));
  const { rows: bought } = await sql<{ id: string }>`
    select id from reviews.review where customer_id = ${customerId ?? null}::uuid`.execute(tx);
  await endReviews(tx, [...new Set([...of('review'), ...bought.map(({ id }) => id)])]);
  await endAnswers(tx, of('answer'));
  await endQuestions(tx, of('question'));
  await endVotes(tx, memberId);
  await sql`delete from reviews.question_follow where member_id = ${memberId}`.execute(tx);
  await sql`delete from reviews.member_trait where member_id = ${memberId}`.execute(tx);
}
