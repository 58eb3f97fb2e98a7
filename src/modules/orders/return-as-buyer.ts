import { mayEnter, type Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import { actorOf } from '../identity/index.ts';
import { isBuyer, orderOf } from './order.ts';
import { own } from './own.ts';
import { returnErrors } from './return-errors.ts';
import { requestReturn, type ReturnWish } from './return-request.ts';
import { type ReturnStep, takeReturnStep } from './return-step.ts';

/** Who works on everybody's returns. */
export const RETURN_WORKERS = ['staff:operations', 'staff:service', 'scope:orders:write'] as const;

/** A buyer's wish within so many days of delivery; those who work on returns may ask for them at any time. */
export async function returnAs(
  tx: Tx,
  viewer: Viewer,
  wish: ReturnWish,
  { cartId, days }: { cartId: string | undefined; days: number },
  now: Date,
): Promise<void> {
  const isWorker = mayEnter(viewer, RETURN_WORKERS);
  if (!isWorker) {
    await orderOf(tx, viewer, wish.orderId, cartId);
    if (!(await isBuyer(tx, viewer, wish.orderId, cartId))) throw platformErrors.not_allowed({});
  }
  await requestReturn(tx, wish, { actor: actorOf(viewer), ...(!isWorker && { withinDays: days }) }, now);
}

/** A buyer may think better of it; every other step is for those who work on returns. */
export async function takeStepAs(
  tx: Tx,
  viewer: Viewer,
  step: Omit<ReturnStep, 'actor'>,
  cartId: string | undefined,
  now: Date,
): Promise<void> {
  if (!mayEnter(viewer, RETURN_WORKERS)) {
    await checkMaySee(tx, viewer, step.requestId, cartId);
    const orderId = await orderIdOf(tx, step.requestId);
    if (step.to !== 'cancelled' || !(await isBuyer(tx, viewer, orderId, cartId)))
      throw platformErrors.not_allowed({});
  }
  await takeReturnStep(tx, { ...step, actor: actorOf(viewer) }, now);
}

/** To whom the order is not shown, its returns are not either. */
export async function checkMaySee(
  db: Db,
  viewer: Viewer,
  requestId: string,
  cartId: string | undefined,
): Promise<void> {
  const orderId = await orderIdOf(db, requestId);
  if (!mayEnter(viewer, RETURN_WORKERS))
    await orderOf(db, viewer, orderId, cartId).catch(() => {
      throw returnErrors.return_not_found({ requestId });
    });
}

async function orderIdOf(db: Db, requestId: string): Promise<string> {
  const found = await own(db)
    .selectFrom('orders.return_request')
    .select('order_id as orderId')
    .where('id', '=', requestId)
    .executeTakeFirst();
  if (!found) throw returnErrors.return_not_found({ requestId });
  return found.orderId;
}
