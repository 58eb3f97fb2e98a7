import { sql } from 'kysely';
import { slugsOfIds } from '#modules/catalog/index.ts';
import { cleanWords, makePiece, notify, open } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { lookErrors } from './errors.ts';
import { lookFor, type MemberEye } from './look.ts';
import type { LooksSwapState } from './tables.ts';

export const REASON_MAX = 500;

export interface SwapWish {
  id: string;
  lookId: string;
  outId: string;
  inId: string;
  reason: string;
}

/** Proposes another product in place of one of a look. The same id again is a retry. */
export async function suggestSwap(tx: Tx, eye: MemberEye, wish: SwapWish, now: Date): Promise<void> {
  const { id, lookId, outId, inId } = wish;
  const look = await open(tx, eye, lookId);
  if (look.kind !== 'look' || look.state !== 'live') throw lookErrors.look_not_yours({});
  const { rows: has } = await sql`
    select from looks.item where look_id = ${lookId} and product_id = ${outId} limit 1`.execute(tx);
  if (has.length === 0 || outId === inId) throw lookErrors.product_not_found({ productId: outId });
  if (!(await slugsOfIds(tx, 'product', [inId])).has(inId))
    throw lookErrors.product_not_found({ productId: inId });
  const reason = wish.reason.trim() && cleanWords(wish.reason, REASON_MAX);
  if (!(await makePiece(tx, { id, kind: 'suggestion', ownerId: eye.memberId, withinId: lookId }, now)))
    return;
  await sql`insert into looks.swap (id, look_id, out_id, in_id, reason)
    values (${id}, ${lookId}, ${outId}, ${inId}, ${reason})`.execute(tx);
  if (look.ownerId)
    await notify(
      tx,
      { memberId: look.ownerId, kind: 'suggested', actorId: eye.memberId, pieceId: id, data: { lookId } },
      now,
    );
}

/** The maker's word on a suggestion. Accepted, the product takes the other's place in the picture. */
export async function answerSwap(
  tx: Tx,
  memberId: string,
  id: string,
  answer: Exclude<LooksSwapState, 'open'>,
  now: Date,
): Promise<{ lookId: string }> {
  const swap = await open(tx, { memberId }, id);
  if (swap.kind !== 'suggestion') throw lookErrors.look_not_yours({});
  await lookFor(tx, memberId, swap.rootId);
  const { rows } = await sql<{ outId: string; inId: string }>`
    update looks.swap set state = ${answer}, answered_at = ${now} where id = ${id} and state = 'open'
    returning out_id as "outId", in_id as "inId"`.execute(tx);
  const lookId = swap.rootId;
  const [open_] = rows;
  if (!open_) {
    const { rows: known } = await sql`select from looks.swap where id = ${id} and state = ${answer}`.execute(
      tx,
    );
    if (known.length > 0) return { lookId };
    throw lookErrors.swap_answered({});
  }
  if (answer === 'accepted') {
    await sql`update looks.item set product_id = ${open_.inId}, variant_id = null
      where look_id = ${lookId} and product_id = ${open_.outId}`.execute(tx);
    await sql`update looks.look set version = version + 1, changed_at = ${now} where id = ${lookId}`.execute(
      tx,
    );
    await addJob(tx, 'looks.render', { lookId }, lookId, { isSlow: true });
  }
  if (swap.ownerId)
    await notify(
      tx,
      {
        memberId: swap.ownerId,
        kind: `suggestion_${answer}`,
        actorId: memberId,
        pieceId: id,
        data: { lookId },
      },
      now,
    );
  return { lookId };
}

export interface Swap {
  id: string;
  outId: string;
  inId: string;
  reason: string;
  state: LooksSwapState;
  byId: string | null;
}

const SWAPS_SHOWN = 50;

/** Suggestions for a look: to its maker all, to others their own. */
export async function swapsOf(db: Db, memberId: string, lookId: string): Promise<Swap[]> {
  const { rows } = await sql<Swap>`
    select swap.id, out_id as "outId", in_id as "inId", reason, swap.state, piece.owner_id as "byId"
    from looks.swap join social.piece on piece.id = swap.id
    join social.listed(${memberId}::uuid) as seen on seen.id = swap.id
    join social.piece as look on look.id = swap.look_id
    where look_id = ${lookId} and ${memberId}::uuid in (piece.owner_id, look.owner_id)
    order by (swap.state = 'open') desc, swap.id desc limit ${SWAPS_SHOWN}`.execute(db);
  return rows;
}

/** Takes away what a member suggested, with its words. */
export async function endSwaps(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`update looks.swap set reason = '' where id = any(${[...ids]}::uuid[])`.execute(tx);
}
