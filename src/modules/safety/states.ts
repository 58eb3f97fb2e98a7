import { changePinStates } from '#modules/boards/index.ts';
import { changeAnswerStates, changeReviewStates } from '#modules/reviews/index.ts';
import { changeCommentStates, changeState, type StateChange } from '#modules/social/index.ts';
import type { Tx } from '#platform/db.ts';

/** Moves a piece by its own module's hand, so that what is counted beside it follows. False where it is in no state for it. */
export async function moveOne(
  tx: Tx,
  { id, kind }: { id: string; kind: string },
  change: StateChange,
  now: Date,
): Promise<boolean> {
  const ids = [id];
  if (kind === 'comment') return (await changeCommentStates(tx, ids, change)).length > 0;
  if (kind === 'pin') return (await changePinStates(tx, ids, change, now)).length > 0;
  if (kind === 'review') return (await changeReviewStates(tx, ids, change)).length > 0;
  if (kind === 'answer') return (await changeAnswerStates(tx, ids, change)).length > 0;
  return (await changeState(tx, ids, change)).length > 0;
}
