import { STAFF_ROLES, type StaffRole } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { emailOf } from './accounts.ts';
import { type Actor, record } from './audit.ts';
import { identityErrors } from './errors.ts';
import { queueMail } from './mails.ts';
import { joinTeam, lockOrganization } from './organizations.ts';
import { own } from './own.ts';

export interface Invitation {
  id: string;
  email: string;
  roles: StaffRole[];
  expiresAt: Date;
}

const DAYS_OPEN = 14;

/** Invites an address to a team by mail. An open invitation of the same address is replaced. */
export async function inviteToTeam(
  tx: Tx,
  { actor, memberId, now }: { actor: Actor; memberId: string | undefined; now: Date },
  { organizationId, email, roles }: { organizationId: string; email: string; roles: StaffRole[] },
): Promise<string> {
  const id = newId();
  const address = emailOf(email);
  await lockOrganization(tx, organizationId);
  await own(tx)
    .updateTable('identity.invitation')
    .set({ revoked_at: now })
    .where('organization_id', '=', organizationId)
    .where('email', '=', address)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
  await own(tx)
    .insertInto('identity.invitation')
    .values({
      id,
      organization_id: organizationId,
      email: address,
      roles,
      invited_by: memberId ?? null,
      expires_at: new Date(now.getTime() + DAYS_OPEN * 24 * 60 * 60 * 1000),
    })
    .execute();
  await record(tx, actor, 'team_invited', `invitation:${id}`, { organizationId, roles });
  await queueMail(tx, { kind: 'invitation', invitationId: id });
  return id;
}

export async function openInvitations(db: Db, organizationId: string, now: Date): Promise<Invitation[]> {
  const rows = await open(db, now)
    .select(['id', 'email', 'roles', 'expires_at as expiresAt'])
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .limit(1000)
    .execute();
  return rows.map((row) => ({ ...row, roles: row.roles.filter(isRole) }));
}

export async function withdrawInvitation(tx: Tx, actor: Actor, id: string, now: Date): Promise<void> {
  const withdrawn = await own(tx)
    .updateTable('identity.invitation')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!withdrawn) throw identityErrors.invitation_unknown({});
  await record(tx, actor, 'invitation_withdrawn', `invitation:${id}`);
}

/** What an invited member may accept: theirs by an address that they have confirmed, and nobody else's. */
export async function invitationFor(
  db: Db,
  memberId: string,
  id: string,
  now: Date,
): Promise<{ organization: string; roles: StaffRole[] } | undefined> {
  const row = await own(db)
    .selectFrom('identity.invitation as i')
    .innerJoin('identity.organization as o', 'o.id', 'i.organization_id')
    .innerJoin('identity.member as m', 'm.email', 'i.email')
    .select(['o.name as organization', 'i.roles'])
    .where('i.id', '=', id)
    .where('m.id', '=', memberId)
    .where('m.email_verified', '=', true)
    .where('i.accepted_at', 'is', null)
    .where('i.revoked_at', 'is', null)
    .where('i.expires_at', '>', now)
    .executeTakeFirst();
  return row && { ...row, roles: row.roles.filter(isRole) };
}

/** Accepted once: the guard is in the update. */
export async function acceptInvitation(tx: Tx, memberId: string, id: string, now: Date): Promise<void> {
  const accepted = await own(tx)
    .updateTable('identity.invitation as i')
    .from('identity.member as m')
    .set({ accepted_at: now })
    .whereRef('m.email', '=', 'i.email')
    .where('i.id', '=', id)
    .where('m.id', '=', memberId)
    .where('m.email_verified', '=', true)
    .where('i.accepted_at', 'is', null)
    .where('i.revoked_at', 'is', null)
    .where('i.expires_at', '>', now)
    .returning(['i.organization_id as organizationId', 'i.roles'])
    .executeTakeFirst();
  if (!accepted) throw identityErrors.invitation_unknown({});
  const { organizationId, roles } = accepted;
  await joinTeam(tx, `member:${memberId}`, { organizationId, memberId, roles: roles.filter(isRole) });
}

const open = (db: Db, now: Date) =>
  own(db)
    .selectFrom('identity.invitation')
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now);

const isRole = (role: string): role is StaffRole => STAFF_ROLES.some((known) => known === role);
