import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { checkoutOf } from './checkout.ts';
import { own } from './own.ts';
import type { PaymentProvider } from './payment-provider.ts';
import { cancelPayment, finishCheckout, giveUp } from './place-order.ts';
import { testProvider } from './test-provider.ts';

/** A payment is left to its own request for this long; its goods are held for longer. */
const UNDER_WAY_MINUTES = 2;
const SETTLED_MAX = 500;

/**
 * Job. A crash may have come between any two steps of placing an order. Each payment whose end we do not know is
 * asked for: taken money becomes the order it was for, or goes back; what was never asked for is cancelled.
 */
export async function settlePayments(
  deps: Pick<Deps, 'db' | 'now'>,
  provider: PaymentProvider = testProvider(deps.db),
): Promise<void> {
  const { db, now } = deps;
  const open = await own(db)
    .selectFrom('orders.payment')
    .select(['id', 'order_id as orderId', 'state'])
    .where('settled_at', 'is', null)
    .where('provider', '=', provider.name)
    .where('created_at', '<', new Date(now().getTime() - UNDER_WAY_MINUTES * 60_000))
    .orderBy('created_at')
    .limit(SETTLED_MAX)
    .execute();
  const faults: unknown[] = [];
  for (const { id, orderId, state } of open) {
    try {
      if (state === 'cancelled') await cancelPayment(db, provider, id, now());
      else await settleOne(deps, provider, id, orderId);
    } catch (error) {
      faults.push(error); // one that can't be settled keeps none of the others waiting
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} payments could not be settled`);
}

async function settleOne(
  deps: Pick<Deps, 'db' | 'now'>,
  provider: PaymentProvider,
  paymentId: string,
  orderId: string,
): Promise<void> {
  const { db, now } = deps;
  const checkout = await inTransaction(db, (tx) => checkoutOf(tx, orderId));
  if (checkout?.attemptId !== paymentId) return; // its own request ended it a moment ago
  const answer = await provider.find(paymentId);
  if (!answer) {
    await inTransaction(db, (tx) => giveUp(tx, checkout, 'cancelled', now()));
    await cancelPayment(db, provider, paymentId, now());
    return;
  }
  try {
    await finishCheckout(deps, checkout, answer, provider);
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // a refusal is an end too
  }
}
