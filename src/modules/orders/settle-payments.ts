import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { addJob } from '#platform/events.ts';
import { followUntil, pause } from '#platform/following.ts';
import type { Deps } from '#platform/module.ts';
import { find, type PaymentProvider, providerInUse } from '../payments/index.ts';
import { type Checkout, checkoutOf, SETTLE_CHECKOUT } from './checkout.ts';
import { own } from './own.ts';
import { finishCheckout, giveUp, toPay } from './place-order.ts';

type SettlingDeps = Pick<Deps, 'db' | 'config' | 'now'>;

const SETTLED_MAX = 500;
const LOOK_MS = 3_000;
/** What was left longer ago is the minute's job's. */
const LATELY_MS = 60_000;

const Payload = Type.Object({ orderId: Type.String() });

/**
 * A crash may have come between any two steps of placing an order: what its process left is finished or undone soon after
 * the lease has ended, by each process that follows. A job for each checkout would cost each order what few need.
 */
export async function followCheckouts(
  deps: SettlingDeps,
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
): Promise<void> {
  await followUntil(signal, onFault, async (onMove) => {
    await settleLeft(deps, providerInUse(deps), new Date(deps.now().getTime() - LATELY_MS));
    onMove();
    await pause(LOOK_MS, signal);
  });
}

/** Job, for when the lease of a checkout ends of which there is news. As long as somebody renews that, it waits on. */
export async function settleCheckout(
  deps: SettlingDeps,
  payload: unknown,
  provider: PaymentProvider = providerInUse(deps),
): Promise<void> {
  const { db, now } = deps;
  const { orderId } = Value.Parse(Payload, payload);
  const checkout = await checkoutOf(db, orderId);
  if (!checkout) return;
  const { attemptId, workedOnUntil: runAt } = checkout;
  if (runAt <= now()) await settle(deps, provider, checkout);
  else await inTransaction(db, (tx) => addJob(tx, SETTLE_CHECKOUT, { orderId }, attemptId, { runAt }));
}

/** Subscriber. The provider has news: whoever works on the order at this moment is let finish first. */
export async function lookAgain(tx: Tx, orderId: string): Promise<void> {
  const checkout = await checkoutOf(tx, orderId);
  if (!checkout) return;
  const { attemptId, workedOnUntil: runAt } = checkout;
  await addJob(tx, SETTLE_CHECKOUT, { orderId }, attemptId, { runAt });
}

/**
 * Job. Each checkout on which nobody works any more: taken money becomes the order it was for, or goes back; what was
 * never asked for is cancelled.
 */
export const settlePayments = (
  deps: SettlingDeps,
  provider: PaymentProvider = providerInUse(deps),
): Promise<void> => settleLeft(deps, provider, new Date(0));

async function settleLeft(deps: SettlingDeps, provider: PaymentProvider, since: Date): Promise<void> {
  const { db, now } = deps;
  const left = await own(db)
    .selectFrom('orders.checkout')
    .select('order_id as orderId')
    .where('worked_on_until', '<', now())
    .where('worked_on_until', '>', since)
    .where((eb) => eb.or([eb('awaits_buyer_until', 'is', null), eb('awaits_buyer_until', '<', now())]))
    .orderBy('worked_on_until')
    .limit(SETTLED_MAX)
    .execute();
  const faults: unknown[] = [];
  for (const { orderId } of left) {
    try {
      const checkout = await checkoutOf(db, orderId);
      if (checkout) await settle(deps, provider, checkout);
    } catch (error) {
      faults.push(error); // one that can't be settled keeps none of the others waiting
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} payments could not be settled`);
}

async function settle(deps: SettlingDeps, provider: PaymentProvider, checkout: Checkout): Promise<void> {
  const { db, now } = deps;
  const isPaidFor = toPay(checkout) === 0;
  const answer = isPaidFor ? undefined : await find(db, provider, checkout.attemptId);
  const isOpen = answer?.state === 'redirect' || answer?.state === 'waiting';
  if (isOpen && checkout.awaitsBuyerUntil && checkout.awaitsBuyerUntil > now()) return;
  if (isOpen || (!answer && !isPaidFor)) {
    await inTransaction(db, (tx) => giveUp(tx, checkout, now()));
    return;
  }
  try {
    await finishCheckout(deps, checkout, answer);
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // a refusal is an end too
  }
}
