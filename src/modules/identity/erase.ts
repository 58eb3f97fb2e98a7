import { memberErased } from '#events/identity.ts';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { record } from './audit.ts';
import { own } from './own.ts';

/**
 * Takes everything personal about a member out of this module's tables. The emptied row stays, because the
 * ledgers of other modules point at it; so do consent and the audit trail, which know a number only.
 */
export async function eraseMember(tx: Tx, memberId: string, now: Date): Promise<void> {
  const member = await own(tx)
    .selectFrom('identity.member')
    .select(['email', 'erased_at'])
    .where('id', '=', memberId)
    .forUpdate()
    .executeTakeFirst();
  if (!member || member.erased_at) return;
  for (const table of ['identity.session', 'identity.account', 'identity.passkey'] as const) {
    await own(tx).deleteFrom(table).where('member_id', '=', memberId).execute();
  }
  await own(tx).deleteFrom('identity.organization_member').where('member_id', '=', memberId).execute();
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
}
