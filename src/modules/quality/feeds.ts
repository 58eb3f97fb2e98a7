import { sources } from '#modules/collector/index.ts';
import { endpoints } from '#modules/webhooks/index.ts';
import type { Db } from '#platform/db.ts';

export const LEDGERS = '00000000-0000-0000-0000-000000000000';
export const FOLLOWERS = ['sales', 'credits', 'stock', 'service', 'opinions'] as const;

export interface Feed {
  /** "source:<id>", "follower:sales", "endpoint:<id>". */
  id: string;
  kind: 'source' | 'follower' | 'endpoint';
  /** As people called it; of our own ledgers and followers empty. */
  name: string;
}

export const sourceFeed = (sourceId: string): string => `source:${sourceId}`;
export const endpointFeed = (endpointId: string): string => `endpoint:${endpointId}`;
export const followerFeed = (name: (typeof FOLLOWERS)[number]): string => `follower:${name}`;

/** Everything that is watched now: who sends events, who follows ours, and to whom they are sent. */
export async function feeds(db: Db): Promise<Feed[]> {
  const [senders, receivers] = [await sources(db), await endpoints(db)];
  return [
    ...senders.flatMap(({ id, name, revokedAt }): Feed[] =>
      revokedAt === null ? [{ id: sourceFeed(id), kind: 'source', name }] : [],
    ),
    { id: sourceFeed(LEDGERS), kind: 'source', name: '' },
    ...FOLLOWERS.map((name): Feed => ({ id: followerFeed(name), kind: 'follower', name: '' })),
    ...receivers.flatMap(({ id, url, isActive }): Feed[] =>
      isActive ? [{ id: endpointFeed(id), kind: 'endpoint', name: url }] : [],
    ),
  ];
}
