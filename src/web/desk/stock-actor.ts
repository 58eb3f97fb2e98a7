import type { Viewer } from '#platform/access.ts';

/** Who the ledger names for what the viewer does. */
export const actorOf = ({ memberId }: Viewer): { actorId?: string } =>
  memberId === undefined ? {} : { actorId: memberId };
