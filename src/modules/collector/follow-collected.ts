import type pg from 'pg';
import { followUntil, inRounds, ownConnection, pause } from '#platform/following.ts';
import type { Deps } from '#platform/module.ts';
import { lockFollower, moveLedgers } from './follow-ledgers.ts';
import { sendOldest } from './waiting.ts';

const POLL_MS = 500;

type FollowerDeps = Pick<Deps, 'db' | 'databaseUrl' | 'clickhouse'>;

/**
 * Brings into the stream what waits in PostgreSQL, in its order, and what our own ledgers say, until `signal`, in
 * whichever process holds the lock. Never rejects.
 */
export async function followCollected(
  deps: FollowerDeps,
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
): Promise<void> {
  await followUntil(signal, onFault, (onMove) => follow(deps, signal, onMove));
}

/** Sends all that is due now, and returns. For a command that ends, and for tests. */
export async function catchUpCollected(deps: FollowerDeps, signal: AbortSignal): Promise<void> {
  await using follower = await ownConnection(deps.databaseUrl);
  while (!signal.aborted && !(await lockFollower(follower.connection))) await pause(POLL_MS, signal);
  while (!signal.aborted && (await sendSome(deps, follower.connection)));
}

async function follow(deps: FollowerDeps, signal: AbortSignal, onMove: () => void): Promise<void> {
  await using follower = await ownConnection(deps.databaseUrl);
  const { connection } = follower;
  let locked = false;
  while (!signal.aborted) {
    locked ||= await lockFollower(connection);
    if (locked) {
      await inRounds(signal, async () => {
        const sent = await sendSome(deps, connection);
        if (sent) onMove();
        return sent;
      });
    }
    await pause(POLL_MS, signal);
  }
}

/** False when nothing was due. What clients wait for no longer goes first. */
async function sendSome({ db, clickhouse }: FollowerDeps, connection: pg.Client): Promise<boolean> {
  const sent = await sendOldest(db, clickhouse);
  return (await moveLedgers(connection, clickhouse)) || sent;
}
