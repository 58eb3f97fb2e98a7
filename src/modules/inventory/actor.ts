import type { Viewer } from '#platform/access.ts';

/** Who the ledger names for a movement: the member or the machine's key. */
export function actorOf({ memberId, keyId }: Viewer): { actorId?: string } {
  const actorId = memberId ?? keyId;
  return actorId === undefined ? {} : { actorId };
}
