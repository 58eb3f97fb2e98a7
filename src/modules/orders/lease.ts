import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { own } from './own.ts';

/**
 * Whoever places an order says so for this long ahead, again and again while a provider thinks. When nobody says it
 * any more, their process has died, and the order is finished or undone without them.
 */
const LEASE_SECONDS = 10;
const RENEW_MS = (LEASE_SECONDS * 1000) / 3;

export const leaseEnd = (now: Date): Date => new Date(now.getTime() + LEASE_SECONDS * 1000);

export async function renewLease(tx: Tx, attemptId: string, now: Date): Promise<void> {
  await own(tx)
    .updateTable('orders.checkout')
    .set({ worked_on_until: leaseEnd(now) })
    .where('attempt_id', '=', attemptId)
    .execute();
}

/** Nothing is wrong when a lease ends too soon: an attempt that is settled by another ends as they found it. */
export async function whileWorkedOn<T>(
  { db, now }: { db: Db } & Pick<Deps, 'now'>,
  attemptId: string,
  work: () => Promise<T>,
): Promise<T> {
  const renew = () => inTransaction(db, (tx) => renewLease(tx, attemptId, now()));
  const timer = setInterval(() => void renew().catch(() => {}), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
