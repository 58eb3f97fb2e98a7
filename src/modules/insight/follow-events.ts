import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import { followUntil, inRounds, noticesOf, ownConnection, pause } from '#platform/following.ts';
import { moveCredits } from './credit-entries.ts';
import { moveGoodsCosts } from './goods-cost-entries.ts';
import { moveContacts, moveOpinions } from './satisfaction-entries.ts';
import { moveServeCosts, moveSpend } from './cost-entries.ts';
import { moveService } from './service-entries.ts';
import { type Marketplace, moveStock } from './stock-entries.ts';
import { lockFollower, moveBatch } from './sale-entries.ts';

/** Where another process follows, how often it is asked whether it still does. */
const POLL_MS = 500;

export interface FollowerDeps {
  /** A connection of its own, for the lock, the notices and COPY: no pool in between. */
  databaseUrl: string;
  clickhouse: ClickHouseClient;
  /** Stock, service, opinions, contacts and what goods, serving and marketing cost are followed where it is said whose days and money they are in. */
  config?: Marketplace;
  /** Hears of a database or ClickHouse out of reach. The follower goes on by itself. */
  onFault?: (fault: unknown) => void;
}

/** Follows the event table until `signal`, in whichever process holds the lock. Never rejects. */
export async function followEvents(deps: FollowerDeps, signal: AbortSignal): Promise<void> {
  const onFault = (fault: unknown) => deps.onFault?.(fault);
  await followUntil(signal, onFault, (onMove) => followOnOneConnection(deps, signal, onMove));
}

/** Sends all that is due now, and returns. For a command that ends, and for tests. */
export async function catchUp(
  { databaseUrl, clickhouse, config }: FollowerDeps,
  signal: AbortSignal,
): Promise<void> {
  await using follower = await ownConnection(databaseUrl);
  while (!signal.aborted && !(await lockFollower(follower.connection))) await pause(POLL_MS, signal);
  while (!signal.aborted && (await moveNext(follower.connection, clickhouse, config)));
}

/**
 * A batch of each, so that none waits for another that never ends. Sales first: whoever compares credits with them finds
 * nothing credited that was not sold.
 */
async function moveNext(
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  marketplace: Marketplace | undefined,
): Promise<boolean> {
  const sales = await moveBatch(connection, clickhouse);
  const credits = await moveCredits(connection, clickhouse);
  const stock = marketplace !== undefined && (await moveStock(connection, clickhouse, marketplace));
  const service = marketplace !== undefined && (await moveService(connection, clickhouse, marketplace));
  const opinions = marketplace !== undefined && (await moveOpinions(connection, clickhouse, marketplace));
  const costs = marketplace !== undefined && (await moveGoodsCosts(connection, clickhouse, marketplace));
  const serving = marketplace !== undefined && (await moveServeCosts(connection, clickhouse, marketplace));
  const spending = marketplace !== undefined && (await moveSpend(connection, clickhouse, marketplace));
  const contacts = marketplace !== undefined && (await moveContacts(connection, clickhouse, marketplace));
  return sales || credits || stock || service || opinions || costs || serving || spending || contacts;
}

async function followOnOneConnection(
  { databaseUrl, clickhouse, config }: FollowerDeps,
  signal: AbortSignal,
  onMove: () => void,
): Promise<void> {
  await using follower = await ownConnection(databaseUrl);
  const { connection } = follower;
  while (!signal.aborted && !(await lockFollower(connection))) await pause(POLL_MS, signal);
  if (signal.aborted) return;
  const notices = await noticesOf(connection, 'stoa_event');
  while (!signal.aborted) {
    notices.forget();
    await inRounds(signal, async () => {
      const moved = await moveNext(connection, clickhouse, config);
      if (moved) onMove();
      return moved;
    });
    await notices.next(signal);
  }
}
