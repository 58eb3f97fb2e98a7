import type { Deps } from '#platform/module.ts';
import { collect } from './collect.ts';
import { SHOP_SOURCE_ID, sourceOf } from './sources.ts';
import { openStore } from './store.ts';

/** What somebody did on our own pages, as their browser would have told it. */
export interface PastVisits {
  memberId: string;
  events: readonly ({
    type: 'track' | 'page';
    messageId: string;
    anonymousId: string;
    timestamp: string;
  } & Record<string, unknown>)[];
}

/** Takes in what members did before there was anybody to tell of it: for the demo. A message that is there stays once. */
export async function collectPast(
  deps: Pick<Deps, 'db' | 'clickhouse' | 'now'>,
  visits: readonly PastVisits[],
): Promise<{ taken: number; setAside: number }> {
  const source = await sourceOf(deps.db, SHOP_SOURCE_ID);
  const store = openStore(deps);
  const receivedAt = deps.now();
  const told = await Promise.all(
    visits.map(({ memberId, events }) =>
      collect(deps, store, {
        source,
        events: [...events],
        call: undefined,
        sentAt: receivedAt.toISOString(),
        receivedAt,
        memberId,
        userAgent: '',
      }),
    ),
  );
  return {
    taken: told.reduce((sum, { taken }) => sum + taken, 0),
    setAside: told.reduce((sum, { setAside }) => sum + setAside, 0),
  };
}
