import type { Viewer } from '#platform/access.ts';
import { type Db, inTransaction, inTransactionEnding, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { inventoryErrors, settle } from '../inventory/index.ts';
import {
  endAttempt,
  find,
  pay,
  type PaymentAnswer,
  type PaymentProvider,
  providerInUse,
  settleAnswer,
} from '../payments/index.ts';
import { beginCheckout, type Checkout, checkoutOf, HOLD_MINUTES, SETTLE_CHECKOUT } from './checkout.ts';
import { type OrderWish } from './draft.ts';
import { giveBackUses } from '../pricing/index.ts';
import { ordersErrors } from './errors.ts';
import { isHeldBy, lockCart } from './held-cart.ts';
import { whileWorkedOn } from './lease.ts';
import { own } from './own.ts';
import { recording } from './record-order.ts';

type PlacingDeps = Pick<Deps, 'db' | 'config' | 'now'>;

export interface PlacedOrder {
  orderId: string;
  number: string;
}

/** The buyer has to go there before the order can be placed. */
export interface SentAway {
  orderId: string;
  redirectUrl: string;
}

/**
 * Turns a cart into an order: stock and credit are held, the money is taken or promised, the order is recorded. Each
 * step is a transaction of its own and the provider is asked between them, so nothing waits for a network while it
 * holds a lock. What is interrupted is finished or undone by `settlePayments`; the same order again is a retry.
 */
export async function placeOrder(
  deps: PlacingDeps,
  viewer: Viewer,
  wish: OrderWish,
  provider: PaymentProvider = providerInUse(deps),
): Promise<PlacedOrder | SentAway> {
  const checkout = await beginOrRejoin(deps, viewer, wish, provider);
  if ('number' in checkout) return checkout;
  const { attemptId, draft } = checkout;
  if (toPay(checkout) === 0) return finishCheckout(deps, checkout, undefined);
  const asked = {
    paymentId: attemptId,
    amountMinor: toPay(checkout),
    currency: draft.currency,
    token: wish.paymentToken,
    capture: deps.config.payments.capture === 'order' ? ('now' as const) : ('later' as const),
    returnUrl: returnUrlOf(deps, checkout),
  };
  const answer = await whileWorkedOn(deps, attemptId, () => pay(deps.db, provider, asked));
  return finishCheckout(deps, checkout, answer);
}

/** A draft of before gift cards and credit says nothing of what they leave. */
export const toPay = ({ draft }: Pick<Checkout, 'draft'>): number => draft.toPayMinor ?? draft.totalMinor;

/** The page that a provider sends the buyer back to. */
export const returnUrlOf = ({ config }: Pick<Deps, 'config'>, { orderId, cartId }: Checkout) =>
  `${config.publicUrl}/checkout/return?order=${orderId}&cart=${cartId}`;

/** What follows from the provider's word: the order, a way for the buyer to go, or the cart as it was. */
export async function finishCheckout(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  checkout: Checkout,
  answer: PaymentAnswer | undefined,
): Promise<PlacedOrder | SentAway> {
  const { db, now } = deps;
  const { orderId, attemptId } = checkout;
  if (answer?.state === 'redirect' || answer?.state === 'waiting') {
    await inTransaction(db, (tx) => awaitBuyer(tx, checkout, now()));
    return { orderId, redirectUrl: answer.state === 'redirect' ? answer.url : returnUrlOf(deps, checkout) };
  }
  if (answer?.state === 'declined') {
    await inTransaction(db, async (tx) => {
      await settleAnswer(tx, attemptId, answer, now());
      await giveUp(tx, checkout, now());
    });
    if (answer.reason === 'cancelled') throw ordersErrors.order_given_up({ orderId });
    throw ordersErrors.payment_declined({ reason: answer.reason });
  }
  try {
    return await inTransactionEnding(db, (tx) => recording(tx, checkout, answer, now()));
  } catch (error) {
    // The hold ran out while the buyer was paying, and somebody else bought the goods.
    const isTaken = error instanceof AppError && error.code === inventoryErrors.insufficient_stock.code;
    // What was to come back may be on its way back already.
    const isRefused = checkout.draft.exchange !== undefined && error instanceof AppError;
    if (!isTaken && !isGivenUp(error) && !isRefused) throw error;
    await inTransaction(db, async (tx) => {
      if (answer) await settleAnswer(tx, attemptId, answer, now());
      await giveUp(tx, checkout, now());
    });
    if (isRefused && !isTaken) throw error;
    throw ordersErrors.order_given_up({ orderId });
  }
}

/** Nobody works on the order while its buyer is away; their coming back, or news of the provider, goes on with it. */
async function awaitBuyer(tx: Tx, { orderId, attemptId, startedAt }: Checkout, now: Date): Promise<void> {
  const until = new Date(startedAt.getTime() + HOLD_MINUTES * 60_000);
  await own(tx)
    .updateTable('orders.checkout')
    .set({ awaits_buyer_until: until, worked_on_until: now })
    .where('attempt_id', '=', attemptId)
    .execute();
  await addJob(tx, SETTLE_CHECKOUT, { orderId }, attemptId, { runAt: until });
}

/** Ends an attempt: stock and credit are free, and the cart is the buyer's again. A repeat changes nothing. */
export async function giveUp(
  tx: Tx,
  { cartId, attemptId }: Pick<Checkout, 'cartId' | 'attemptId'>,
  now: Date,
): Promise<void> {
  await own(tx).selectFrom('orders.cart').select('id').where('id', '=', cartId).forUpdate().execute();
  const ended = await own(tx)
    .deleteFrom('orders.checkout')
    .where('attempt_id', '=', attemptId)
    .returning('order_id as orderId')
    .executeTakeFirst();
  if (!ended) return;
  await endAttempt(tx, attemptId, now);
  await giveBackUses(tx, ended.orderId, now);
  await settle(tx, attemptId, 'release');
}

const isGivenUp = (error: unknown) =>
  error instanceof AppError && error.code === ordersErrors.order_given_up.code;

/**
 * The buyer is back from the provider's page: the order is finished, or undone when nothing was paid. Undefined while
 * the provider itself does not know yet.
 */
export async function comeBack(
  deps: PlacingDeps,
  viewer: Viewer,
  { orderId, cartId }: Pick<OrderWish, 'orderId' | 'cartId'>,
  provider: PaymentProvider = providerInUse(deps),
): Promise<PlacedOrder | undefined> {
  const { db, now } = deps;
  const placed = await placedOrder(db, viewer, { orderId, cartId });
  if (placed) return placed;
  const checkout = await inTransaction(db, async (tx) => {
    await lockCart(tx, viewer, cartId);
    const found = await checkoutOf(tx, orderId);
    return found?.cartId === cartId ? found : undefined;
  });
  if (!checkout) throw ordersErrors.order_given_up({ orderId });
  const answer = await find(db, provider, checkout.attemptId);
  if (answer?.state === 'waiting') return undefined;
  if (!answer || answer.state === 'redirect') {
    await inTransaction(db, (tx) => giveUp(tx, checkout, now()));
    throw ordersErrors.payment_declined({ reason: 'abandoned' });
  }
  const finished = await finishCheckout(deps, checkout, answer);
  return 'number' in finished ? finished : undefined;
}

/** An order that is placed is answered as it is, be it placed long ago or by another request while this one waited. */
async function beginOrRejoin(
  deps: PlacingDeps,
  viewer: Viewer,
  wish: OrderWish,
  provider: PaymentProvider,
): Promise<Checkout | PlacedOrder> {
  try {
    return await beginCheckout(deps, viewer, wish, provider);
  } catch (error) {
    const placed = await placedOrder(deps.db, viewer, wish);
    if (placed) return placed;
    throw error;
  }
}

async function placedOrder(
  db: Db,
  viewer: Viewer,
  { orderId, cartId }: Pick<OrderWish, 'orderId' | 'cartId'>,
): Promise<PlacedOrder | undefined> {
  const order = await own(db)
    .selectFrom('orders.order as order')
    .innerJoin('orders.cart as cart', 'cart.id', 'order.cart_id')
    .select(['order.number', 'cart.member_id as memberId'])
    .where('order.id', '=', orderId)
    .where('cart.id', '=', cartId)
    .executeTakeFirst();
  return order && isHeldBy(viewer, order.memberId) ? { orderId, number: order.number } : undefined;
}
