import type { Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { own } from './own.ts';

/** Who did it, as the audit trail writes it. */
export type Actor = 'system' | 'guest' | `member:${string}` | `machine:${string}`;

export interface AuditEntry {
  id: number;
  at: Date;
  actor: string;
  action: string;
  subject: string | null;
  data: unknown;
}

export function actorOf({ kind, memberId, keyId }: Viewer): Actor {
  if (kind === 'member' && memberId) return `member:${memberId}`;
  if (kind === 'machine' && keyId) return `machine:${keyId}`;
  return 'guest';
}

/** Writes what happened beside the change itself. `data` holds ids and facts, never a name or an address. */
export async function record(
  tx: Tx,
  actor: Actor,
  action: string,
  subject: string | undefined,
  data: Record<string, string | number | boolean | string[]> = {},
): Promise<void> {
  await own(tx)
    .insertInto('identity.audit')
    .values({ actor, action, subject: subject ?? null, data: JSON.stringify(data) })
    .execute();
}

/** The newest first, from before the entry `before`. */
export async function auditTrail(
  db: Db,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<AuditEntry[]> {
  return own(db)
    .selectFrom('identity.audit')
    .select(['id', 'at', 'actor', 'action', 'subject', 'data'])
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
