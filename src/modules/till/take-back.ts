import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { record } from '../identity/index.ts';
import {
  requestReturn,
  returnById,
  returnErrors,
  type ReturnRequest,
  type ReturnWish,
  takeReturnStep,
} from '../orders/index.ts';
import { lockForCashBack, payBackCash } from './drawer.ts';
import { tillErrors } from './errors.ts';
import { own } from './own.ts';
import { registerOf } from './registers.ts';
import { requestHashOf } from './request-hash.ts';

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

/** What is told of goods that were taken in. */
export interface Taken {
  /** What was given out of the register's drawer for them. */
  cashMinor: number;
}

/**
 * Takes goods of any order back at a register, wherever it was bought and sent from: asked for, received, looked at and
 * paid back at once. What was paid in cash comes out of this register's drawer. Nobody approves it first: that is for
 * goods that are to be sent, and would let their money go before anybody has looked.
 */
export async function takeBack(tx: Tx, wish: TakingBack, now: Date): Promise<Taken> {
  const { id, registerId, orderId, refundTo, lines, memberId } = wish;
  const { locationId } = await registerOf(tx, registerId);
  const taking = { requestId: id, registerId, lines, asked: { orderId, refundTo }, memberId };
  const known = await claimTaking(tx, taking, now);
  if (known) return known;
  const actor = `member:${memberId}`;
  await lockForCashBack(tx, { registerId, orderId });
  const asked = { id, orderId, kind: 'return' as const, touchpoint: 'till', refundTo, lines };
  await requestReturn(tx, asked, { actor }, now);
  await receiveAndLook(tx, 'taken_back', { ...taking, locationId }, now);
  await refuseAnother(tx, wish);
  return noteTaken(tx, { ...taking, orderId, refundTo }, now);
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
 * for, at once. What they did not bring can be asked for again. A return is taken in once: the same again is a retry.
 */
export async function takeIn(tx: Tx, wish: TakingIn, now: Date): Promise<Taken> {
  const { requestId, registerId, lines } = wish;
  const { locationId } = await registerOf(tx, registerId);
  const { orderId } = await returnById(tx, requestId);
  const known = await claimTaking(tx, { ...wish, asked: 'announced' }, now);
  if (known) return known;
  await lockForCashBack(tx, { registerId, orderId });
  const { state, refundTo, locationId: lies } = await returnById(tx, requestId);
  if (state === 'received' && lies !== locationId)
    throw returnErrors.return_step_not_open({ requestId, state, wanted: 'inspected' });
  const isHere = state === 'received';
  await receiveAndLook(tx, 'taken_in', { ...wish, ...(!isHere && { locationId }) }, now);
  const found = await returnById(tx, requestId);
  if (!isFound(found, lines)) throw tillErrors.taken_differs({ requestId });
  return noteTaken(tx, { ...wish, orderId, refundTo }, now);
}

interface Taking extends TakingIn {
  /** What else was asked for. */
  asked: unknown;
}

/**
 * Answers what was answered before; undefined when the goods are ours to take. Of several at once the others wait here,
 * before any of them holds a drawer or an order.
 */
async function claimTaking(
  tx: Tx,
  { requestId, registerId, lines, asked, memberId }: Taking,
  now: Date,
): Promise<Taken | undefined> {
  const inOrder = lines.toSorted((one, other) => (one.lineId < other.lineId ? -1 : 1));
  const requestHash = requestHashOf({ registerId, lines: inOrder, asked });
  const facts = { register_id: registerId, associate_id: memberId, taken_at: now, request_hash: requestHash };
  const isOurs = await own(tx)
    .insertInto('till.taken')
    .values({ request_id: requestId, ...facts })
    .onConflict((conflict) => conflict.doNothing())
    .returning('request_id')
    .executeTakeFirst();
  if (isOurs) return undefined;
  const known = await own(tx)
    .selectFrom('till.taken')
    .select(['request_hash as requestHash', 'cash_minor as cashMinor'])
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  if (!known || known.cashMinor === null || !requestHash.equals(known.requestHash))
    throw tillErrors.taken_differs({ requestId });
  return { cashMinor: Number(known.cashMinor) };
}

/** Without a location the goods lie here already. */
async function receiveAndLook(
  tx: Tx,
  how: 'taken_back' | 'taken_in',
  { requestId, lines, memberId, locationId }: Omit<TakingIn, 'registerId'> & { locationId?: string },
  now: Date,
): Promise<void> {
  const step = (to: 'received' | 'inspected' | 'closed') => ({
    id: idOf(`till:${how}_${to}`, requestId),
    requestId,
    to,
    actor: `member:${memberId}`,
  });
  if (locationId !== undefined) await takeReturnStep(tx, { ...step('received'), locationId }, now);
  const found = lines.map((line) => ({ lineId: line.lineId, ...unitsOf(line) }));
  await takeReturnStep(tx, { ...step('inspected'), lines: found }, now);
  // It closes itself unless the buyer keeps some, who stands here and has them already.
  if (found.some(({ refuse }) => refuse > 0)) await takeReturnStep(tx, step('closed'), now);
}

/** Pays what was paid in cash, and writes down what a retry is answered with. */
async function noteTaken(
  tx: Tx,
  {
    requestId,
    registerId,
    orderId,
    refundTo,
    memberId,
  }: Omit<TakingIn, 'lines'> & Pick<TakingBack, 'orderId' | 'refundTo'>,
  now: Date,
): Promise<Taken> {
  const paid =
    refundTo === 'original'
      ? await payBackCash(tx, { registerId, orderId, actorId: memberId }, now)
      : { amountMinor: 0 };
  const cashMinor = paid.amountMinor;
  await own(tx)
    .updateTable('till.taken')
    .set({ cash_minor: cashMinor })
    .where('request_id', '=', requestId)
    .execute();
  const facts = { registerId, orderId, refundTo, cashMinor };
  await record(tx, `member:${memberId}`, 'goods_taken_in', `return:${requestId}`, facts);
  return { cashMinor };
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
    isFound(known, lines) &&
    lines.every((line) => {
      const of = known.lines.find(({ lineId }) => lineId === line.lineId);
      return of?.quantity === line.quantity && of.reason === line.reason;
    });
  if (!isSame) throw returnErrors.return_differs({ requestId: id });
}

/** Whether just these units were found in it, and nothing of its other lines. */
const isFound = (known: ReturnRequest, lines: TakingIn['lines']): boolean =>
  known.lines.every(({ lineId, restocked, damaged, refused }) => {
    const line = lines.find((each) => each.lineId === lineId);
    const units = line ? unitsOf(line) : { restock: 0, damage: 0, refuse: 0 };
    return restocked === units.restock && damaged === units.damage && refused === units.refuse;
  });
