import { sql } from 'kysely';
import type { Deps } from '#platform/module.ts';

const DAYS_KEPT = 7;
const REMOVED_MAX = 1000;

/**
 * Of a member `m`: a sign-up that nobody confirmed, on which nothing hangs. One who signed in by a network whose
 * address is not checked has an account of that network: kept.
 */
export const isUnproven = sql<boolean>`
  not m.email_verified and m.erased_at is null
    and not exists (select from identity.account where member_id = m.id and provider_id <> 'credential')
    and not exists (select from identity.session where member_id = m.id)
    and not exists (select from identity.customer where member_id = m.id)
    and not exists (select from identity.consent where member_id = m.id)`;

/** Job: sign-ups that nobody confirmed, and what else has run out. Each row is small; a run has a limit. */
export async function removeUnconfirmed({ db, now }: Deps): Promise<void> {
  const at = now();
  const before = new Date(at.getTime() - DAYS_KEPT * 24 * 60 * 60 * 1000);
  await sql`
    delete from identity.member where id in (
      select id from identity.member as m
      where m.created_at < ${before} and ${isUnproven}
      limit ${REMOVED_MAX}
    )`.execute(db);
  for (const [table, column] of ENDING) {
    await sql`
      delete from ${sql.table(table)} where ctid in (
        select ctid from ${sql.table(table)} where ${sql.ref(column)} < ${at} limit ${REMOVED_MAX}
      )`.execute(db);
  }
}

const ENDING = [
  ['identity.session', 'expires_at'],
  ['identity.verification', 'expires_at'],
  ['identity.address_change', 'expires_at'],
  ['identity.rate_limit', 'window_ends_at'],
] as const;
