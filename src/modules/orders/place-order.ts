import type { Viewer } from '#platform/access.ts';
import { inTransaction, type Db, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { inventoryErrors, settle } from '../inventory/index.ts';
import { beginCheckout, type Checkout, type OrderWish } from './checkout.ts';
import { ordersErrors } from './errors.ts';
import { isHeldBy } from './held-cart.ts';
import { whileWorkedOn } from './lease.ts';
import { own } from './own.ts';
import type { PaymentAnswer, PaymentProvider } from './payment-provider.ts';
import { recordOrder } from './record-order.ts';
import { testProvider } from './test-provider.ts';

type PlacingDeps = Pick<Deps, 'db' | 'config' | 'now'>;

export interface PlacedOrder {
  orderId: string;
  number: string;
}

/**
 * Turns a cart into an order: stock is held, the money is taken, the order is recorded. Each step is a transaction
 * of its own and the provider is asked between them, so nothing waits for a network while it holds a lock. What is
 * interrupted is finished or undone by `settlePayments`; the same order again is a retry.
 */
export async function placeOrder(
  deps: PlacingDeps,
  viewer: Viewer,
  wish: OrderWish,
  provider: PaymentProvider = testProvider(deps.db),
): Promise<PlacedOrder> {
  const placed = await placedOrder(deps.db, viewer, wish);
  if (placed) return placed;
  const checkout = await beginOrRejoin(deps, viewer, wish, provider);
  if ('number' in checkout) return checkout;
  const { totalMinor: amountMinor, currency } = checkout.draft;
  const payment = { paymentId: checkout.attemptId, amountMinor, currency, token: wish.paymentToken };
  const answer = await whileWorkedOn(deps, checkout.attemptId, () => provider.pay(payment));
  return finishCheckout(deps, checkout, answer, provider);
}

/** What follows from the provider's word: the order, or the cart as it was. */
export async function finishCheckout(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  checkout: Checkout,
  answer: PaymentAnswer,
  provider: PaymentProvider,
): Promise<PlacedOrder> {
  const { orderId, attemptId } = checkout;
  if (answer.state === 'declined') {
    await inTransaction(db, (tx) => giveUp(tx, checkout, 'failed', now()));
    if (answer.reason === 'cancelled') throw ordersErrors.order_given_up({ orderId });
    throw ordersErrors.payment_declined({ reason: answer.reason });
  }
  try {
    return await inTransaction(db, (tx) => recordOrder(tx, checkout, answer.providerRef, now()));
  } catch (error) {
    // The hold ran out while the buyer was paying, and somebody else bought the goods.
    const isTaken = error instanceof AppError && error.code === inventoryErrors.insufficient_stock.code;
    if (!isTaken && !isGivenUp(error)) throw error;
    await inTransaction(db, (tx) => giveUp(tx, checkout, 'cancelled', now()));
    await cancelPayment(db, provider, attemptId, now());
    throw ordersErrors.order_given_up({ orderId });
  }
}

/** Ends an attempt: its stock is free and the cart is the buyer's again. A repeat changes nothing. */
export async function giveUp(
  tx: Tx,
  { cartId, attemptId }: Pick<Checkout, 'cartId' | 'attemptId'>,
  state: 'failed' | 'cancelled',
  now: Date,
): Promise<void> {
  await own(tx).selectFrom('orders.cart').select('id').where('id', '=', cartId).forUpdate().execute();
  const ended = await own(tx)
    .updateTable('orders.payment')
    // What a provider declined needs no more word from it; a payment that we cancel must yet be cancelled there.
    .set({ state, settled_at: state === 'failed' ? now : null })
    .where('id', '=', attemptId)
    .where('state', '=', 'pending')
    .returning('id')
    .executeTakeFirst();
  if (!ended) return;
  await own(tx).deleteFrom('orders.checkout').where('attempt_id', '=', attemptId).execute();
  await settle(tx, attemptId, 'release');
}

/** Has the provider give back what it took, if it took anything, and remembers that it did. */
export async function cancelPayment(
  db: Db,
  provider: PaymentProvider,
  paymentId: string,
  now: Date,
): Promise<void> {
  await provider.cancel(paymentId);
  await inTransaction(db, (tx) =>
    own(tx)
      .updateTable('orders.payment')
      .set({ settled_at: now })
      .where('id', '=', paymentId)
      .where('state', '=', 'cancelled')
      .execute(),
  );
}

const isGivenUp = (error: unknown) =>
  error instanceof AppError && error.code === ordersErrors.order_given_up.code;

/** A second request for an order may come while the first one finishes it: then the order is there. */
async function beginOrRejoin(
  deps: PlacingDeps,
  viewer: Viewer,
  wish: OrderWish,
  provider: PaymentProvider,
): Promise<Checkout | PlacedOrder> {
  try {
    return await beginCheckout(deps, viewer, wish, provider.name);
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
