import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mayEnter, type Viewer } from '#platform/access.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { actorOf } from '../identity/index.ts';
import { EXCHANGE } from '../payments/index.ts';
import { lookingAgain } from './checkout.ts';
import { holdInExchange } from './exchange.ts';
import { offerFor } from './exchange-offer.ts';
import { lockReturn } from './locked-return.ts';
import { toPay } from './place-order.ts';
import { recordOrder } from './record-order.ts';
import { RETURN_WORKERS } from './return-as-buyer.ts';
import { returnErrors } from './return-errors.ts';
import { returnableOf } from './return-request.ts';
import { isTaken, takeReturnStep } from './return-step.ts';

export interface ResendWish {
  /** Of the approval: made by the caller, so that a retry is the same. */
  id: string;
  requestId: string;
  answer?: string;
  /** Who lost or broke them. */
  carrier?: string;
}

/**
 * Settles a claim with goods in place of money: the same units are sent again, as an order that what was paid for the
 * first ones pays for.
 */
export async function resendClaim(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  viewer: Viewer,
  wish: ResendWish,
): Promise<void> {
  if (!mayEnter(viewer, RETURN_WORKERS)) throw platformErrors.not_allowed({});
  await lookingAgain(() =>
    inTransaction(db, (tx) => resend(tx, wish, actorOf(viewer), now(), config.timeZone)),
  );
}

async function resend(tx: Tx, wish: ResendWish, actor: string, now: Date, timeZone: string): Promise<void> {
  const { requestId } = wish;
  const step = { ...wish, to: 'approved' as const, actor };
  const request = await lockReturn(tx, requestId);
  if (await isTaken(tx, step)) return;
  const { kind, state, exchange, lines, touchpoint, order } = request;
  if (kind !== 'claim' || state !== 'requested')
    throw returnErrors.return_step_not_open({ requestId, state, wanted: 'approved' });
  if (!exchange) {
    const known = new Map(
      (await returnableOf(tx, order.orderId)).map((line) => [line.lineId, line.variantId]),
    );
    const wanted = lines.map(({ lineId, quantity }) => ({ variantId: known.get(lineId) ?? '', quantity }));
    const offered = await offerFor(
      tx,
      { orderId: order.orderId, lines, touchpoint, wanted },
      randomUUID(),
      now,
      timeZone,
    );
    const tied = { id: requestId, orderId: order.orderId };
    const checkout = await holdInExchange(
      tx,
      tied,
      offered,
      { provider: { name: EXCHANGE }, payments: [] },
      now,
    );
    assert.equal(toPay(checkout), 0);
    await recordOrder(tx, checkout, undefined, now);
  }
  await takeReturnStep(tx, step, now);
}
