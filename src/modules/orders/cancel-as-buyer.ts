import { mayEnter, type Viewer } from '#platform/access.ts';
import type { Tx } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import { actorOf } from '../identity/index.ts';
import { cancelUnits, type CancelWish, mayCancel } from './cancel.ts';
import { cancellationErrors } from './errors.ts';
import { isBuyer, orderOf } from './order.ts';
import { stillToCome } from './still-to-come.ts';

const CANCELLING_STAFF = ['staff:operations', 'staff:service'] as const;

/**
 * The buyer's wish to cancel: all before anything is sent, and later what is still to come; staff may cancel what is left
 * at any time. Who may not see the order may not cancel it, either.
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
  const isWhole = isStaff || isRepeat || (await mayCancel(tx, orderId));
  const lines = isWhole ? wish.lines : await awaitedOf(tx, wish);
  await cancelUnits(tx, { ...wish, ...(lines && { lines }), actor: actorOf(viewer) }, now);
}

/** What is still to come of the wish, or of all; refused where some of it is not. */
async function awaitedOf(
  tx: Tx,
  { orderId, lines }: Pick<CancelWish, 'orderId' | 'lines'>,
): Promise<NonNullable<CancelWish['lines']>> {
  const awaited = await stillToCome(tx, orderId);
  if (awaited.length === 0) throw cancellationErrors.has_left({ orderId });
  if (!lines) return awaited;
  return lines.flatMap(({ lineId, quantity }) => {
    let rest = quantity;
    const taken = awaited
      .filter((each) => each.lineId === lineId)
      .map((each) => {
        const units = Math.min(rest, each.quantity);
        rest -= units;
        return { ...each, quantity: units };
      });
    if (rest > 0) throw cancellationErrors.has_left({ orderId });
    return taken.filter((each) => each.quantity > 0);
  });
}
