import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

/** After a fault: soon at first, then seldom enough to leave a database that is starting alone. */
const RETRY_MS = { first: 250, most: 5_000 };

/**
 * Does the work again and again until `signal`; after each fault it waits longer, until the work says that it moved.
 * Never rejects.
 */
export async function followUntil(
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
  work: (onMove: () => void) => Promise<void>,
): Promise<void> {
  let retryMs = RETRY_MS.first;
  while (!signal.aborted) {
    try {
      await work(() => (retryMs = RETRY_MS.first));
    } catch (fault) {
      if (signal.aborted) return;
      onFault(fault);
      await pause(retryMs, signal);
      retryMs = Math.min(retryMs * 2, RETRY_MS.most);
    }
  }
}

/** A round takes so long at least: what comes meanwhile goes together, for hardly more than one of it costs. */
const ROUND_MS = 400;

/**
 * Rounds until nothing is due. The first is at once, so that what comes seldom waits for nothing; after a long one
 * there is as long a rest, so that where much comes whoever buys is served before what follows from it.
 */
export async function inRounds(
  signal: AbortSignal,
  round: () => Promise<boolean>,
  roundMs = ROUND_MS,
): Promise<void> {
  for (;;) {
    const began = performance.now();
    if (signal.aborted || !(await round())) return;
    const took = performance.now() - began;
    await pause(Math.max(roundMs - took, took), signal);
  }
}

/** A notice wakes its listener at once; this is for the notice that came before its transaction could be read. */
const POLL_MS = 500;

export interface Notices {
  /** What came up to now is being looked at. */
  forget(): void;
  /** Until one comes or has come, some time has passed, or it is time to stop. */
  next(signal: AbortSignal): Promise<void>;
}

/** Listens on a session of its own. */
export async function noticesOf(connection: pg.Client, channel: 'stoa_event'): Promise<Notices> {
  let hasCome = false;
  connection.on('notification', () => (hasCome = true));
  await connection.query(`listen ${channel}`);
  return {
    forget: () => {
      hasCome = false;
    },
    next: async (signal) => {
      if (hasCome) return;
      const woken = new AbortController();
      const wake = () => woken.abort();
      connection.once('notification', wake);
      signal.addEventListener('abort', wake);
      await pause(POLL_MS, woken.signal);
      connection.off('notification', wake);
      signal.removeEventListener('abort', wake);
    },
  };
}

/** A session of its own: for a lock, notices and COPY. */
export async function ownConnection(databaseUrl: string) {
  const connection = new pg.Client({
    connectionString: databaseUrl,
    options: '-c timezone=UTC',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  });
  connection.on('error', () => {}); // the query under way, or the next one, reports it
  await connection.connect();
  return { connection, [Symbol.asyncDispose]: () => connection.end() };
}

/** So long, or until it is time to stop. */
export const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  setTimeout(ms, undefined, { signal }).catch(() => {});
