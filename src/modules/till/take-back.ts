import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { requestReturn, returnById, returnErrors, type ReturnWish, takeReturnStep } from '../orders/index.ts';
import { lockForCashBack, payBackCash } from './drawer.ts';
import { registerOf } from './registers.ts';

/** What becomes of units over the counter: sold again, damaged, or the buyer takes them home again. */
export const FOUND = ['restock', 'damage', 'refuse'] as const;

export interface TakenLine {
  lineId: string;
  quantity: number;
  reason: ReturnWish['lines'][number]['reason'];
  found: (typeof FOUND)[number];
}

export interface TakingBack {
  /** Made by the caller, so that a retry is the same return. */
  id: string;
  registerId: string;
  orderId: string;
  refundTo: ReturnWish['refundTo'];
  lines: readonly TakenLine[];
  memberId: string;
}

/**
 * Takes goods of any order back at a register, wherever it was bought and sent from: asked for, received, looked at and
 * paid back at once. What was paid in cash comes out of this register's drawer. Nobody approves it first: that is for
 * goods that are to be sent, and would let their money go before anybody has looked.
 */
export async function takeBack(tx: Tx, wish: TakingBack, now: Date): Promise<void> {
  const { id, registerId, orderId, refundTo, lines, memberId } = wish;
  const { locationId } = await registerOf(tx, registerId);
  const actor = `member:${memberId}`;
  await lockForCashBack(tx, { registerId, orderId });
  const asked = { id, orderId, kind: 'return' as const, touchpoint: 'till', refundTo, lines };
  await requestReturn(tx, asked, { actor }, now);
  const step = (to: 'received' | 'inspected' | 'closed') => ({
    id: idOf(`till:taken_back_${to}`, id),
    requestId: id,
    to,
    actor,
  });
  await takeReturnStep(tx, { ...step('received'), locationId }, now);
  const found = lines.map((line) => ({ lineId: line.lineId, ...unitsOf(line) }));
  await takeReturnStep(tx, { ...step('inspected'), lines: found }, now);
  // It closes itself unless the buyer keeps some, who stands here and has them already.
  if (found.some(({ refuse }) => refuse > 0)) await takeReturnStep(tx, step('closed'), now);
  await refuseAnother(tx, wish);
  if (refundTo === 'original') await payBackCash(tx, { registerId, orderId, actorId: memberId }, now);
}

/** What a buyer who announced a return brings of it. */
export interface TakingIn {
  requestId: string;
  registerId: string;
  lines: readonly Pick<TakenLine, 'lineId' | 'quantity' | 'found'>[];
  memberId: string;
}

/**
 * Takes in what its buyer announced before they came: received here, looked at and paid back the way that they asked
 * for, at once. What they did not bring can be asked for again. A return is taken in once, so a repeat changes nothing.
 */
export async function takeIn(tx: Tx, wish: TakingIn, now: Date): Promise<void> {
  const { requestId, registerId, lines, memberId } = wish;
  const { locationId } = await registerOf(tx, registerId);
  const { orderId } = await returnById(tx, requestId);
  await lockForCashBack(tx, { registerId, orderId });
  const { state, refundTo, locationId: lies } = await returnById(tx, requestId);
  if (state === 'received' && lies !== locationId)
    throw returnErrors.return_step_not_open({ requestId, state, wanted: 'inspected' });
  const step = (to: 'received' | 'inspected' | 'closed') => ({
    id: idOf(`till:taken_in_${to}`, requestId),
    requestId,
    to,
    actor: `member:${memberId}`,
  });
  if (state !== 'received') await takeReturnStep(tx, { ...step('received'), locationId }, now);
  const found = lines.map((line) => ({ lineId: line.lineId, ...unitsOf(line) }));
  await takeReturnStep(tx, { ...step('inspected'), lines: found }, now);
  if (found.some(({ refuse }) => refuse > 0)) await takeReturnStep(tx, step('closed'), now);
  if (refundTo === 'original') await payBackCash(tx, { registerId, orderId, actorId: memberId }, now);
}

export const unitsOf = ({ quantity, found }: Pick<TakenLine, 'quantity' | 'found'>) => ({
  restock: found === 'restock' ? quantity : 0,
  damage: found === 'damage' ? quantity : 0,
  refuse: found === 'refuse' ? quantity : 0,
});

/** A return by this id may have been made before: then it must be this one. */
async function refuseAnother(tx: Tx, { id, refundTo, lines }: TakingBack): Promise<void> {
  const known = await returnById(tx, id);
  const isSame =
    known.refundTo === refundTo &&
    known.lines.length === lines.length &&
    lines.every((line) => {
      const units = unitsOf(line);
      const of = known.lines.find(({ lineId }) => lineId === line.lineId);
      return (
        of?.quantity === line.quantity &&
        of.reason === line.reason &&
        of.restocked === units.restock &&
        of.damaged === units.damage &&
        of.refused === units.refuse
      );
    });
  if (!isSame) throw returnErrors.return_differs({ requestId: id });
}
