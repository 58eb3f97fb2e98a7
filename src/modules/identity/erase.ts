import { memberErased } from '#events/identity.ts';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { record } from './audit.ts';
import { leaveTeam } from './organizations.ts';
import { own } from './own.ts';

/**
 * Takes everything personal about a member out of this module's tables. The emptied row stays, because the
 * ledgers of other modules point at it; so do consent and the audit trail, which know a number only. Answers the
 * address that was theirs for sure, for those who keep it too; undefined for one who is not there any more.
 */
export async function eraseMember(
  tx: Tx,
  memberId: string,
  now: Date,
): Promise<{ confirmedEmail: string | undefined } | undefined> {
  const member = await own(tx)
    .selectFrom('identity.member')
    .select(['email', 'email_verified', 'erased_at'])
    .where('id', '=', memberId)
    .forUpdate()
    .executeTakeFirst();
  if (!member || member.erased_at) return undefined;
  for (const organizationId of await organizationsOf(tx, memberId)) {
    await leaveTeam(tx, 'system', { organizationId, memberId });
  }
  for (const table of [
    'identity.session',
    'identity.account',
    'identity.passkey',
    'identity.address_change',
    'identity.member_code',
  ] as const) {
    await own(tx).deleteFrom(table).where('member_id', '=', memberId).execute();
  }
  await own(tx).deleteFrom('identity.invitation').where('email', '=', member.email).execute();
  await own(tx).deleteFrom('identity.verification').where('value', 'like', `%${memberId}%`).execute();
  await own(tx)
    .updateTable('identity.member')
    .set({
      name: '',
      email: `${memberId}@erased.invalid`,
      email_verified: false,
      image: null,
      erased_at: now,
    })
    .where('id', '=', memberId)
    .execute();
  await record(tx, 'system', 'member_erased', `member:${memberId}`);
  await emit(tx, memberErased, { memberId });
  return { confirmedEmail: member.email_verified ? member.email : undefined };
}

async function organizationsOf(tx: Tx, memberId: string): Promise<string[]> {
  const rows = await own(tx)
    .selectFrom('identity.organization_member')
    .select('organization_id as id')
    .where('member_id', '=', memberId)
    .orderBy('organization_id')
    .execute();
  return rows.map(({ id }) => id);
}
