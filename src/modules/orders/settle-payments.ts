import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { type Checkout, checkoutOf, SETTLE_CHECKOUT } from './checkout.ts';
import { own } from './own.ts';
import type { PaymentProvider } from './payment-provider.ts';
import { cancelPayment, finishCheckout, giveUp } from './place-order.ts';
import { testProvider } from './test-provider.ts';

const SETTLED_MAX = 500;

const Payload = Type.Object({ orderId: Type.String() });

/**
 * Job. A crash may have come between any two steps of placing an order. It is queued with the order's first step for
 * the moment when the lease ends; as long as somebody renews that, it waits on.
 */
export async function settleCheckout(
  deps: Pick<Deps, 'db' | 'now'>,
  payload: unknown,
  provider: PaymentProvider = testProvider(deps.db),
): Promise<void> {
  const { db, now } = deps;
  const { orderId } = Value.Parse(Payload, payload);
  const checkout = await inTransaction(db, async (tx) => {
    const found = await checkoutOf(tx, orderId);
    if (!found || found.workedOnUntil < now()) return found;
    await addJob(tx, SETTLE_CHECKOUT, { orderId }, found.attemptId, { runAt: found.workedOnUntil });
    return undefined;
  });
  if (checkout) await settle(deps, provider, checkout);
}

/**
 * Job. Each payment whose end we do not know, and on which nobody works, is asked for: taken money becomes the order
 * it was for, or goes back; what was never asked for is cancelled.
 */
export async function settlePayments(
  deps: Pick<Deps, 'db' | 'now'>,
  provider: PaymentProvider = testProvider(deps.db),
): Promise<void> {
  const { db, now } = deps;
  const open = await own(db)
    .selectFrom('orders.payment as payment')
    .leftJoin('orders.checkout as checkout', 'checkout.attempt_id', 'payment.id')
    .select(['payment.id', 'payment.order_id as orderId'])
    .where('payment.settled_at', 'is', null)
    .where('payment.provider', '=', provider.name)
    // One without a checkout is cancelled in our books, and not yet in the provider's.
    .where((eb) => eb.or([eb('worked_on_until', 'is', null), eb('worked_on_until', '<', now())]))
    .orderBy('payment.created_at')
    .limit(SETTLED_MAX)
    .execute();
  const faults: unknown[] = [];
  for (const { id, orderId } of open) {
    try {
      const checkout = await inTransaction(db, (tx) => checkoutOf(tx, orderId));
      if (checkout?.attemptId === id) await settle(deps, provider, checkout);
      else await settleCancelled(deps, provider, id);
    } catch (error) {
      faults.push(error); // one that can't be settled keeps none of the others waiting
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} payments could not be settled`);
}

async function settleCancelled(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  provider: PaymentProvider,
  paymentId: string,
): Promise<void> {
  const { state } = await own(db)
    .selectFrom('orders.payment')
    .select('state')
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow();
  // Otherwise its own request ended it a moment ago.
  if (state === 'cancelled') await cancelPayment(db, provider, paymentId, now());
}

async function settle(
  deps: Pick<Deps, 'db' | 'now'>,
  provider: PaymentProvider,
  checkout: Checkout,
): Promise<void> {
  const { db, now } = deps;
  const answer = await provider.find(checkout.attemptId);
  if (!answer) {
    await inTransaction(db, (tx) => giveUp(tx, checkout, 'cancelled', now()));
    await cancelPayment(db, provider, checkout.attemptId, now());
    return;
  }
  try {
    await finishCheckout(deps, checkout, answer, provider);
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // a refusal is an end too
  }
}
