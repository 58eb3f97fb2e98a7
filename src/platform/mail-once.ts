import { type Db, inTransaction, type Tx } from './db.ts';
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
  /** Null gives it back. */
  claim: (tx: Tx, at: Date | null) => Promise<unknown>;
  noteSent: (tx: Tx, at: Date) => Promise<unknown>;
  send: (found: Found) => Promise<void>;
}

/**
 * Sends a mail once, however often its job runs; a failure is tried again. A mail that another worker has claimed is
 * looked at again when the claim is over: that worker may have died before it sent.
 */
export async function mailOnce<Found extends Claimable>(
  { db, now }: { db: Db } & Pick<Deps, 'now'>,
  { job, find, claim, noteSent, send }: OnceMail<Found>,
): Promise<void> {
  const at = now();
  const ours = await inTransaction(db, async (tx) => {
    const found = await find(tx);
    if (!found || found.sentAt) return undefined;
    const until = found.claimedAt && new Date(found.claimedAt.getTime() + CLAIM_MINUTES * 60_000);
    if (until && until > at) {
      await addJob(tx, job.task, job.payload, job.key, { runAt: until });
      return undefined;
    }
    await claim(tx, at);
    return found;
  });
  if (!ours) return;
  try {
    await send(ours);
  } catch (error) {
    await inTransaction(db, (tx) => claim(tx, null));
    throw error;
  }
  await inTransaction(db, (tx) => noteSent(tx, at));
}
