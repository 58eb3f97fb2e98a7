import { sql } from 'kysely';
import {
  changeState,
  cleanWords,
  type Eye,
  isFollowing,
  makePiece,
  notify,
  open,
  type Opened,
} from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { boardErrors } from './errors.ts';
import { addPin, type PinnedThing, refuseUnknown } from './pins.ts';
import type { BoardsSuggesters, BoardsSuggestionAnswer } from './tables.ts';

export const REASON_MAX = 500;
export const SUGGESTERS = ['nobody', 'followed', 'anyone'] as const satisfies readonly BoardsSuggesters[];
export type Suggesters = BoardsSuggesters;
export type SuggestionAnswer = BoardsSuggestionAnswer;
export type SuggestedThing = Exclude<PinnedThing, { kind: 'photo' }>;

type MemberEye = Eye & { memberId: string };

export interface SuggestionWish {
  id: string;
  boardId: string;
  reason: string;
  thing: SuggestedThing;
}

/** Proposes a pin for another's board that takes suggestions from its maker. The same id again is a retry. */
export async function suggest(tx: Tx, eye: MemberEye, wish: SuggestionWish, now: Date): Promise<void> {
  const { id, boardId, thing } = wish;
  const board = await open(tx, eye, boardId);
  if (!(await maySuggest(tx, eye.memberId, board))) throw boardErrors.suggestions_closed({});
  const reason = cleanWords(wish.reason, REASON_MAX);
  await refuseUnknown(tx, eye, thing);
  if (!(await makePiece(tx, { id, kind: 'suggestion', ownerId: eye.memberId, withinId: boardId }, now)))
    return;
  await sql`
    insert into boards.suggestion (id, board_id, kind, product_id, piece_id, url, reason)
    values (${id}, ${boardId}, ${thing.kind}, ${thing.kind === 'product' ? thing.productId : null}::uuid,
      ${thing.kind === 'piece' ? thing.pieceId : null}::uuid, ${thing.kind === 'link' ? thing.url : null}, ${reason})`.execute(
    tx,
  );
  if (board.ownerId)
    await notify(
      tx,
      { memberId: board.ownerId, kind: 'suggested', actorId: eye.memberId, pieceId: id, data: { boardId } },
      now,
    );
}

/** Whether a board that a member opened takes suggestions from them. Who makes it may pin by themselves. */
export async function maySuggest(db: Db, memberId: string, board: Opened): Promise<boolean> {
  if (
    board.kind !== 'board' ||
    board.standing === 'owner' ||
    board.state !== 'live' ||
    board.ownerId === null
  )
    return false;
  const { rows } = await sql<{ suggesters: Suggesters }>`
    select suggesters from boards.board where id = ${board.id}`.execute(db);
  const suggesters = rows[0]?.suggesters;
  if (suggesters === 'followed')
    return isFollowing(db, board.ownerId, { kind: 'member', targetId: memberId });
  return suggesters === 'anyone';
}

export interface AnswerWish {
  answer: SuggestionAnswer;
  /** Of an accepted one: the pin that it becomes. The caller makes it. */
  pinId: string;
  sectionId?: string | null;
}

const TOLD = {
  accepted: 'suggestion_accepted',
  declined: 'suggestion_declined',
  thanked: 'suggestion_thanked',
} as const;

/**
 * As the board's owner. A suggestion is answered once: whoever comes second with the same answer gets the first one's
 * pin, with another they are refused.
 */
export async function answerSuggestion(
  tx: Tx,
  memberId: string,
  id: string,
  { answer, pinId, sectionId = null }: AnswerWish,
  now: Date,
): Promise<{ boardId: string; pinId: string | null }> {
  const piece = await open(tx, { memberId }, id);
  if (piece.kind !== 'suggestion' || piece.standing !== 'owner') throw boardErrors.board_not_yours({});
  const { boardId, thing, answer: given, pinId: pinned } = await lockSuggestion(tx, id);
  if (given === answer) return { boardId, pinId: pinned };
  if (given !== null) throw boardErrors.suggestion_answered({ answer: given });
  if (answer === 'accepted')
    await addPin(tx, { memberId }, { id: pinId, boardId, sectionId, note: '', thing }, now);
  const becomes = answer === 'accepted' ? pinId : null;
  await sql`update boards.suggestion set answer = ${answer}, answered_at = ${now}, pin_id = ${becomes}::uuid
    where id = ${id}`.execute(tx);
  if (piece.ownerId)
    await notify(
      tx,
      { memberId: piece.ownerId, kind: TOLD[answer], actorId: memberId, pieceId: id, data: { boardId } },
      now,
    );
  return { boardId, pinId: becomes };
}

interface Locked {
  boardId: string;
  thing: SuggestedThing;
  answer: SuggestionAnswer | null;
  pinId: string | null;
}

async function lockSuggestion(tx: Tx, id: string): Promise<Locked> {
  const { rows } = await sql<Locked>`
    select board_id as "boardId", answer, pin_id as "pinId", json_strip_nulls(json_build_object(
      'kind', kind, 'productId', product_id, 'pieceId', piece_id, 'url', url)) as thing
    from boards.suggestion where id = ${id} for update`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error(`a piece says that ${id} is a suggestion`);
  return row;
}

/** Takes one's own suggestion back. What it became stays with the board. */
export async function withdrawSuggestion(tx: Tx, eye: MemberEye, id: string): Promise<{ boardId: string }> {
  const piece = await open(tx, eye, id);
  if (piece.kind !== 'suggestion' || piece.ownerId !== eye.memberId) throw boardErrors.board_not_yours({});
  await endSuggestions(tx, [id]);
  return { boardId: piece.rootId };
}

export async function endSuggestions(tx: Tx, ids: readonly string[]): Promise<void> {
  await changeState(tx, ids, { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' });
  await sql`update boards.suggestion set reason = '', url = case when url is not null then '' end
    where id = any(${[...ids]}::uuid[])`.execute(tx);
}

/** Says from whom the owner's board takes suggestions. */
export async function takeSuggestions(
  tx: Tx,
  memberId: string,
  boardId: string,
  suggesters: Suggesters,
): Promise<void> {
  const board = await open(tx, { memberId }, boardId);
  if (board.kind !== 'board' || board.standing !== 'owner') throw boardErrors.board_not_yours({});
  await sql`update boards.board set suggesters = ${suggesters} where id = ${boardId}`.execute(tx);
}
