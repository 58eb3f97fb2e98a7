import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { record } from './audit.ts';
import { SESSION_COOKIE } from './settings.ts';
import type { Cookies } from './accounts.ts';
import { identityErrors } from './errors.ts';
import { own } from './own.ts';
import type { Deps } from '#platform/module.ts';

export interface Session {
  id: string;
  signedInAt: Date;
  expiresAt: Date;
  userAgent: string;
  address: string;
}

/** Where a member is signed in, the newest first. */
export async function sessionsOf(db: Db, memberId: string, now: Date): Promise<Session[]> {
  const rows = await own(db)
    .selectFrom('identity.session')
    .select(['id', 'created_at', 'expires_at', 'user_agent', 'ip_address'])
    .where('member_id', '=', memberId)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .limit(100)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    signedInAt: row.created_at,
    expiresAt: row.expires_at,
    userAgent: row.user_agent ?? '',
    address: row.ip_address ?? '',
  }));
}

/**
 * Which members lately came with the same browser from the same address: told by a keyed hash, which leads back to neither.
 * Sessions without both say nothing.
 */
export async function devicesSince(
  db: Db,
  { secret }: Pick<Deps['config'], 'secret'>,
  since: Date,
  max: number,
): Promise<{ digest: string; id: string; at: Date }[]> {
  const rows = await own(db)
    .selectFrom('identity.session')
    .select(['member_id', 'ip_address', 'user_agent', 'updated_at'])
    .where('updated_at', '>', since)
    .where('ip_address', 'is not', null)
    .where('ip_address', '<>', '')
    .where('user_agent', '<>', '')
    .orderBy('updated_at', 'desc')
    .limit(max)
    .execute();
  return rows.map((row) => ({
    digest: createHmac('sha256', secret).update(`device:${row.ip_address} ${row.user_agent}`).digest('hex'),
    id: row.member_id,
    at: row.updated_at,
  }));
}

/** Those of the sessions that still hold. */
export async function heldSessions(db: Db, ids: readonly string[], now: Date): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from identity.session
    where id = any((select ${[...ids]}::uuid[])::uuid[]) and expires_at > ${now}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Signs one browser out. Somebody else's session is as unknown as one that never was. */
export async function endSession(tx: Tx, memberId: string, sessionId: string): Promise<void> {
  const ended = await own(tx)
    .deleteFrom('identity.session')
    .where('id', '=', sessionId)
    .where('member_id', '=', memberId)
    .returning('id')
    .executeTakeFirst();
  if (!ended) throw identityErrors.session_unknown({});
  await record(tx, `member:${memberId}`, 'signed_out', `session:${sessionId}`);
}

/** Signs every browser out: the next request of each is a guest's. */
export async function endAllSessions(tx: Tx, memberId: string): Promise<void> {
  await own(tx).deleteFrom('identity.session').where('member_id', '=', memberId).execute();
  await record(tx, `member:${memberId}`, 'signed_out_everywhere', `member:${memberId}`);
}

/** Takes the session out of the caller's browser. The cart's cookie stays. */
export function signedOutCookies({ config }: Deps): Cookies {
  const secure = config.publicUrl.startsWith('https:');
  const name = `${secure ? '__Secure-' : ''}${SESSION_COOKIE}`;
  return [`${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`];
}
