import { mayEnter, type Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import { actorOf } from '../identity/index.ts';
import { cancelUnits, type CancelWish, mayCancel } from './cancel.ts';
import { cancellationErrors } from './errors.ts';
import { isBuyer, orderOf } from './order.ts';

const CANCELLING_STAFF = ['staff:operations', 'staff:service'] as const;

/**
 * The buyer's wish to cancel, before anything is sent; staff may cancel what is left at any time. Who may not see the
 * order may not cancel it, either.
 */
export async function cancelAsBuyer(
  tx: Tx,
  viewer: Viewer,
  wish: Pick<CancelWish, 'id' | 'orderId' | 'lines' | 'reason'>,
  cartId: string | undefined,
  now: Date,
): Promise<void> {
  const { orderId } = wish;
  const order = await orderOf(tx, viewer, orderId, cartId);
  const isStaff = mayEnter(viewer, CANCELLING_STAFF);
  if (!isStaff && !(await isBuyer(tx, viewer, orderId, cartId))) throw platformErrors.not_allowed({});
  const isRepeat = order.cancellationIds.includes(wish.id);
  if (!isStaff && !isRepeat && !(await mayCancel(tx, orderId)))
    throw cancellationErrors.has_left({ orderId });
  await cancelUnits(tx, { ...wish, actor: actorOf(viewer) }, now);
}
