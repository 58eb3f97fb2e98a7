import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import type { Actor } from '../identity/index.ts';
import { type Resolve, resolveHost } from '#platform/outside.ts';
import { checkUrl } from './addresses.ts';
import { type EndpointWish, putEndpoint } from './endpoints.ts';

/** Checks where it leads, outside any transaction, and writes the endpoint down. */
export async function setEndpoint(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  actor: Actor,
  wish: EndpointWish,
  resolve: Resolve = resolveHost,
): Promise<{ secret: string | null }> {
  await checkUrl(wish.url, config.webhooks, resolve);
  return inTransaction(db, (tx) => putEndpoint(tx, actor, wish, config.secret, now()));
}
