import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { hasCode } from '#platform/start-fault.ts';
import { cancelWanted, release, settleExchange } from './exchange-end.ts';
import { inspect, type InspectedLine } from './inspect-return.ts';
import { own } from './own.ts';
import { recordReturn } from './record-return.ts';
import { returnErrors } from './return-errors.ts';
import { queueReturnMail } from './return-mail.ts';
import { type LockedReturn, lockReturn } from './locked-return.ts';
import { earlyRefund, feeOf } from './return-rules.ts';
import type { OrdersReturnState as State } from './tables.ts';

export const RETURN_STEPS = [
  'approved',
  'refused',
  'received',
  'inspected',
  'closed',
  'cancelled',
] as const satisfies readonly State[];

export interface ReturnStep {
  /** Made by the caller, so that a retry is the same step. */
  id: string;
  requestId: string;
  to: (typeof RETURN_STEPS)[number];
  actor: string;
  /** Our words to the buyer, with an approval or a refusal. */
  answer?: string;
  /** Kept of the refund, in place of what the rules say. */
  feeMinor?: number;
  /** Of a claim: who lost or broke it. */
  carrier?: string;
  /** Where it was received; with an approval, where it is to be sent. */
  locationId?: string;
  /** What became of the units. */
  lines?: readonly InspectedLine[];
}

/** From where each state is entered. Goods may come before anybody has approved it. */
const FROM: Record<ReturnStep['to'], readonly State[]> = {
  approved: ['requested'],
  refused: ['requested'],
  received: ['requested', 'approved'],
  inspected: ['received'],
  closed: ['inspected'],
  cancelled: ['requested', 'approved'],
};

/** Moves a return on, with what follows from it. The same step again is a retry and changes nothing. */
export async function takeReturnStep(tx: Tx, step: ReturnStep, now: Date): Promise<void> {
  const { id, requestId, to } = step;
  const request = await lockReturn(tx, requestId);
  if (await isTaken(tx, step)) return;
  const isOpen = FROM[to].includes(request.state) || isOverdueEnd(request, to);
  const isClaimsWay = request.kind !== 'claim' || (to !== 'received' && to !== 'inspected');
  // What was paid for is not taken back by a word.
  const isUnpaid = to !== 'cancelled' || request.returnId === null;
  if (!isOpen || !isClaimsWay || !isUnpaid)
    throw returnErrors.return_step_not_open({ requestId, state: request.state, wanted: to });
  await enter(tx, step, now);
  if (to === 'approved') await approve(tx, request, step, now);
  if (to === 'refused') {
    await change(tx, requestId, { answer: step.answer ?? '' });
    await queueReturnMail(tx, requestId, 'refused');
  }
  if (to === 'cancelled' && request.exchange) await cancelWanted(tx, request.exchange, step, now);
  if (to === 'received') await receive(tx, request, step);
  if (to === 'inspected') {
    const isOver = await inspect(tx, request, step.lines ?? [], step.actor, now);
    await settleExchange(tx, requestId, now);
    if (isOver) await close(tx, request, id, now);
  }
}

/** Money or other goods went first and nothing came: somebody ends the waiting. */
const isOverdueEnd = ({ state, kind, returnId, exchange }: LockedReturn, to: State): boolean =>
  to === 'closed' &&
  state === 'approved' &&
  kind === 'return' &&
  (returnId !== null || (exchange?.releasedAt ?? null) !== null);

async function approve(tx: Tx, request: LockedReturn, step: ReturnStep, now: Date): Promise<void> {
  const { requestId } = step;
  const isClaim = request.kind === 'claim';
  const feeMinor = isClaim ? 0 : (step.feeMinor ?? (await feeOf(tx, request)));
  await change(tx, requestId, {
    answer: step.answer ?? '',
    carrier: step.carrier ?? '',
    fee_minor: feeMinor,
    ...(!isClaim && { location_id: step.locationId ?? (await senderOf(tx, requestId)) }),
  });
  await queueReturnMail(tx, requestId, 'approved');
  const approved = { ...request, feeMinor };
  const all = new Map(request.lines.map(({ lineId, quantity }) => [lineId, quantity]));
  if (isClaim) {
    await recordReturn(tx, approved, all, step.actor, now);
    await settleExchange(tx, requestId, now);
    return close(tx, request, step.id, now);
  }
  const dueOn = await earlyRefund(tx, approved, all, now);
  if (dueOn === undefined) return;
  await change(tx, requestId, { due_on: dueOn });
  // Nothing is booked for goods that have not come: what is sent for them is owed until then.
  if (request.exchange) return release(tx, request.exchange.orderId, now);
  await recordReturn(tx, approved, all, step.actor, now);
}

/** It goes back to where it came from, unless somebody says otherwise. */
async function senderOf(tx: Tx, requestId: string): Promise<string> {
  const { locationId } = await own(tx)
    .selectFrom('orders.shipped_line as sent')
    .innerJoin('orders.return_request_line as asked', 'asked.order_line_id', 'sent.order_line_id')
    .select('location_id as locationId')
    .where('request_id', '=', requestId)
    .orderBy('shipped_at', 'desc')
    .orderBy('shipment_id')
    .limit(1)
    .executeTakeFirstOrThrow();
  return locationId;
}

async function receive(tx: Tx, request: LockedReturn, step: ReturnStep): Promise<void> {
  const { requestId, locationId = '' } = step;
  const isUnasked = request.state === 'requested';
  const feeMinor = step.feeMinor ?? (await feeOf(tx, request));
  // It came to where its buyer was told to send it: so they did.
  const byParcel = request.state === 'approved' && request.locationId === locationId;
  await change(tx, requestId, {
    location_id: locationId,
    by_parcel: byParcel,
    ...(isUnasked && { fee_minor: feeMinor }),
  });
}

const close = (tx: Tx, { id: requestId }: LockedReturn, cause: string, now: Date) =>
  enter(tx, { id: idOf('orders:return_closed', cause), requestId, to: 'closed', actor: 'system' }, now);

async function enter(
  tx: Tx,
  { id, requestId, to, actor }: Pick<ReturnStep, 'id' | 'requestId' | 'to' | 'actor'>,
  now: Date,
): Promise<void> {
  await change(tx, requestId, { state: to, moved_at: now });
  await own(tx)
    .insertInto('orders.return_step')
    .values((eb) => ({
      id,
      request_id: requestId,
      position: eb
        .selectFrom('orders.return_step')
        .select((of) => of(of.fn.max('position'), '+', 1).as('next'))
        .where('request_id', '=', requestId),
      state: to,
      actor,
      taken_at: now,
    }))
    .execute();
}

type Changes = Partial<{
  state: State;
  moved_at: Date;
  answer: string;
  carrier: string;
  fee_minor: number;
  location_id: string;
  by_parcel: boolean;
  due_on: string;
}>;

async function change(tx: Tx, requestId: string, values: Changes): Promise<void> {
  try {
    await own(tx).updateTable('orders.return_request').set(values).where('id', '=', requestId).execute();
  } catch (error) {
    if (hasCode(error, FOREIGN_KEY_VIOLATION))
      throw returnErrors.return_location_unknown({ locationId: values.location_id ?? '' });
    throw error;
  }
}

const FOREIGN_KEY_VIOLATION = '23503';

/** True for a retry of the step. */
export async function isTaken(
  tx: Tx,
  { id, requestId, to }: Pick<ReturnStep, 'id' | 'requestId' | 'to'>,
): Promise<boolean> {
  const known = await own(tx)
    .selectFrom('orders.return_step')
    .select(['request_id as of', 'state'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (known && (known.of !== requestId || known.state !== to))
    throw returnErrors.return_step_differs({ stepId: id });
  return known !== undefined;
}
