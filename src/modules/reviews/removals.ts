import { sql } from 'kysely';
import { changeState, cleanWords, notify } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { reviewErrors } from './errors.ts';
import { showReviews } from './review.ts';
import type { ReviewsRemovalReason, ReviewsRemovalState } from './tables.ts';

/** Why words on a product may be taken away. The stars are no reason. */
export const REMOVAL_REASONS = [
  'not_about_product',
  'personal_data',
  'insult',
  'unlawful',
  'spam',
  'not_own_experience',
  'rights_of_others',
] as const satisfies ReviewsRemovalReason[];
export const REMOVAL_STATES = [
  'removed',
  'appealed',
  'upheld',
  'restored',
] as const satisfies ReviewsRemovalState[];
export const APPEAL_MAX = 2000;

export interface Removal {
  id: string;
  pieceId: string;
  kind: string;
  reason: ReviewsRemovalReason;
  /** To the author. */
  note: string;
  state: ReviewsRemovalState;
  removedAt: Date;
  appeal: string | null;
  appealedAt: Date | null;
  decidedAt: Date | null;
  /** What was taken away, as long as its author has not deleted it. */
  body: string;
}

export interface RemovalWish {
  id: string;
  pieceId: string;
  reason: ReviewsRemovalReason;
  note: string;
}

/** Takes a review, a question or an answer away: logged with its reason, told to its author. Again is a retry. */
export async function remove(tx: Tx, by: string, wish: RemovalWish, now: Date): Promise<void> {
  const { id, pieceId, reason, note } = wish;
  const { rows: known } = await sql`
    select from reviews.removal where id = ${id} and piece_id = ${pieceId}`.execute(tx);
  if (known.length > 0) return;
  const piece = await pieceOf(tx, pieceId);
  if (!piece || !(await move(tx, piece, 'removed'))) throw reviewErrors.not_removable({});
  await sql`
    insert into reviews.removal (id, piece_id, reason, note, removed_by, removed_at)
    values (${id}, ${pieceId}, ${reason}, ${note.trim()}, ${by}, ${now})`.execute(tx);
  if (piece.ownerId)
    await notify(
      tx,
      { memberId: piece.ownerId, kind: 'moderated', pieceId, data: { reason, removalId: id } },
      now,
    );
}

interface PieceRow {
  id: string;
  kind: 'review' | 'question' | 'answer';
  ownerId: string | null;
  withinId: string | null;
}

async function pieceOf(db: Db, id: string): Promise<PieceRow | undefined> {
  const { rows } = await sql<PieceRow>`
    select id, kind, owner_id as "ownerId", within_id as "withinId" from social.piece
    where id = ${id} and kind in ('review', 'question', 'answer')`.execute(db);
  return rows[0];
}

/** Out of sight, or back; what is counted beside it follows. False where it is not in the state for it. */
async function move(tx: Tx, { id, kind, withinId }: PieceRow, to: 'removed' | 'live'): Promise<boolean> {
  if (kind === 'review') return (await showReviews(tx, [id], to)).length > 0;
  const moved = await changeState(tx, [id], { from: [to === 'live' ? 'removed' : 'live'], to });
  if (moved.length > 0 && kind === 'answer')
    await sql`update reviews.question set answer_count = answer_count + ${to === 'live' ? 1 : -1}
      where id = ${withinId}`.execute(tx);
  return moved.length > 0;
}

/** The author's word against a removal, once. */
export async function appeal(tx: Tx, memberId: string, id: string, typed: string, now: Date): Promise<void> {
  const words = cleanWords(typed, APPEAL_MAX);
  const { rows } = await sql`
    update reviews.removal set state = 'appealed', appeal = ${words}, appealed_at = ${now}
    from social.piece where removal.id = ${id} and removal.state = 'removed'
      and piece.id = removal.piece_id and piece.owner_id = ${memberId}
    returning removal.id`.execute(tx);
  if (rows.length === 0) throw reviewErrors.removal_not_open({});
}

/** Decides: it stays away, or is put back with its votes and in the counts. By somebody else than who removed it. */
export async function decide(
  tx: Tx,
  by: string,
  id: string,
  outcome: 'upheld' | 'restored',
  now: Date,
): Promise<void> {
  const { rows } = await sql<{ pieceId: string }>`
    update reviews.removal set state = ${outcome}, decided_by = ${by}, decided_at = ${now}
    where id = ${id} and state in ('removed', 'appealed') and (state <> 'appealed' or removed_by <> ${by})
    returning piece_id as "pieceId"`.execute(tx);
  const [row] = rows;
  if (!row) throw reviewErrors.removal_not_open({});
  const piece = await pieceOf(tx, row.pieceId);
  if (outcome === 'restored' && piece) await move(tx, piece, 'live');
}

export interface RemovalsAsked {
  limit: number;
  cursor?: string | undefined;
  state?: ReviewsRemovalState | undefined;
  /** Those of this author's words alone. */
  ownerId?: string | undefined;
}

/** The log of removals, the latest first. */
export async function removals(
  db: Db,
  { limit, cursor, state, ownerId }: RemovalsAsked,
): Promise<{ removals: Removal[]; cursor: string | null }> {
  const [micros = '0', id = ''] = cursor?.split('_') ?? [];
  const parts = [
    sql`true`,
    ...(cursor === undefined
      ? []
      : [sql`(removed_at, removal.id) < (to_timestamp(${micros}::numeric / 1000000), ${id}::uuid)`]),
    ...(state === undefined ? [] : [sql`removal.state = ${state}`]),
    ...(ownerId === undefined ? [] : [sql`piece.owner_id = ${ownerId}`]),
  ];
  const { rows } = await sql<Removal & { micros: string }>`
    select removal.id, piece_id as "pieceId", piece.kind, reason, note, removal.state, removed_at as "removedAt", appeal,
      appealed_at as "appealedAt", decided_at as "decidedAt", (extract(epoch from removed_at) * 1000000)::bigint::text as micros,
      coalesce(review.body, question.body, answer.body, '') as body
    from reviews.removal join social.piece on piece.id = removal.piece_id
    left join reviews.review on review.id = removal.piece_id
    left join reviews.question on question.id = removal.piece_id
    left join reviews.answer on answer.id = removal.piece_id
    where ${sql.join(parts, sql` and `)} order by removed_at desc, removal.id desc limit ${limit + 1}`.execute(
    db,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    removals: rows.slice(0, limit).map(({ micros: _micros, ...removal }) => removal),
    cursor: last ? `${last.micros}_${last.id}` : null,
  };
}
