import { setTimeout } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import pg from 'pg';
import { lockFollower, moveBatch } from './sale-entries.ts';

/** A notice wakes the follower at once; this is for the notice that came before its transaction could be read. */
const POLL_MS = 500;
/** After a fault: soon at first, then seldom enough to leave a database that is starting alone. */
const RETRY_MS = { first: 250, most: 5_000 };

export interface FollowerDeps {
  /** A connection of its own, for the lock, the notices and COPY: no pool in between. */
  databaseUrl: string;
  clickhouse: ClickHouseClient;
  /** Hears of a database or ClickHouse out of reach. The follower goes on by itself. */
  onFault?: (fault: unknown) => void;
}

/** Follows the event table until `signal`, in whichever process holds the lock. Never rejects. */
export async function followEvents(deps: FollowerDeps, signal: AbortSignal): Promise<void> {
  let retryMs = RETRY_MS.first;
  while (!signal.aborted) {
    try {
      await followOnOneConnection(deps, signal, () => (retryMs = RETRY_MS.first));
    } catch (fault) {
      if (signal.aborted) return;
      deps.onFault?.(fault);
      await pause(retryMs, signal);
      retryMs = Math.min(retryMs * 2, RETRY_MS.most);
    }
  }
}

/** Sends all that is due now, and returns. For a command that ends, and for tests. */
export async function catchUp({ databaseUrl, clickhouse }: FollowerDeps, signal: AbortSignal): Promise<void> {
  await using follower = await connect(databaseUrl);
  while (!signal.aborted && !(await lockFollower(follower.connection))) await pause(POLL_MS, signal);
  while (!signal.aborted && (await moveBatch(follower.connection, clickhouse)));
}

async function followOnOneConnection(
  { databaseUrl, clickhouse }: FollowerDeps,
  signal: AbortSignal,
  onMove: () => void,
): Promise<void> {
  await using follower = await connect(databaseUrl);
  const { connection } = follower;
  let locked = false;
  let noticed = false;
  connection.on('notification', () => (noticed = true));
  while (!signal.aborted) {
    noticed = false;
    if (!locked) {
      locked = await lockFollower(connection);
      if (locked) await connection.query('listen stoa_event');
    }
    while (locked && !signal.aborted && (await moveBatch(connection, clickhouse))) onMove();
    if (!noticed) await nextNotice(connection, signal);
  }
}

async function connect(databaseUrl: string) {
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

/** Until a notice comes, some time has passed, or it is time to stop. */
async function nextNotice(connection: pg.Client, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const wake = () => woken.abort();
  connection.once('notification', wake);
  signal.addEventListener('abort', wake);
  await pause(POLL_MS, woken.signal);
  connection.off('notification', wake);
  signal.removeEventListener('abort', wake);
}

const pause = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }).catch(() => {});
