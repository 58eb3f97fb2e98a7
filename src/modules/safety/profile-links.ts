import type { Config } from '#platform/config.ts';
import type { Db } from '#platform/db.ts';
import { blockedAmong, levelOf } from './judge.ts';
import { addressesIn, domainsOf, faultsOf } from './links.ts';

/**
 * Whether the addresses in what a member says of themselves are links. They are judged as those in pieces are, when the
 * profile is read: so a host that is blocked later leads nowhere at once, and a member who is trusted later needs do nothing.
 */
export async function profileLinksLead(
  db: Db,
  config: Pick<Config, 'publicUrl'>,
  { memberId, bio }: { memberId: string; bio: string },
): Promise<boolean> {
  const urls = addressesIn([bio], [], new URL(config.publicUrl).hostname);
  if (urls.length === 0) return true;
  const [level, blocked] = await Promise.all([
    levelOf(db, memberId),
    blockedAmong(db, urls.flatMap(domainsOf)),
  ]);
  return faultsOf(urls, { level, blocked }).length === 0;
}
