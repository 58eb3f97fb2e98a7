import { type Db, inTransaction, inTransactionEnding, type Tx } from './db.ts';
import { addJob } from './events.ts';
import type { Deps } from './module.ts';

/** A worker that claimed a mail and then died is not waited for any longer than this. */
const CLAIM_MINUTES = 10;

interface Claimable {
  claimedAt: Date | null;
  sentAt: Date | null;
}

/** A mail that is written down, and what its job is called. */
interface OnceMail<Found extends Claimable> {
  job: { task: string; payload: object; key: string };
  /** Locks its row; undefined where there is none. */
  find: (tx: Tx) => Promise<Found | undefined>;
  /** One statement; null gives it back. */
  claim: (tx: Tx, at: Date | null) => Promise<unknown>;
  /** What else is written once it is sent, before `noteSent`. */
  tell?: (tx: Tx, at: Date) => Promise<unknown>;
  /** One statement. */
  noteSent: (tx: Tx, at: Date) => Promise<unknown>;
  send: (found: Found) => Promise<void>;
}

/**
 * Sends a mail once, however often its job runs; a failure is tried again. A mail that another worker has claimed is
 * looked at again when the claim is over: that worker may have died before it sent.
 */
export async function mailOnce<Found extends Claimable>(
  { db, now }: { db: Db } & Pick<Deps, 'now'>,
  { job, find, claim, tell, noteSent, send }: OnceMail<Found>,
): Promise<void> {
  const at = now();
  const ours = await inTransactionEnding(db, async (tx) => {
    const found = await find(tx);
    if (!found || found.sentAt) return { answer: undefined };
    const until = found.claimedAt && new Date(found.claimedAt.getTime() + CLAIM_MINUTES * 60_000);
    if (until && until > at) {
      await addJob(tx, job.task, job.payload, job.key, { runAt: until });
      return { answer: undefined };
    }
    return { answer: found, last: (end) => claim(end, at) };
  });
  if (!ours) return;
  try {
    await send(ours);
  } catch (error) {
    await inTransaction(db, (tx) => claim(tx, null));
    throw error;
  }
  await inTransactionEnding(db, async (tx) => {
    await tell?.(tx, at);
    return { answer: undefined, last: (end) => noteSent(end, at) };
  });
}
