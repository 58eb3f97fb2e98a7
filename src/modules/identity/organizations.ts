import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { StaffRole } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { type Actor, record } from './audit.ts';
import { identityErrors } from './errors.ts';
import { own } from './own.ts';

export const ORGANIZATION_ROLES = ['retailer', 'maker', 'supplier', 'carrier', 'entrepreneur'] as const;
export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];

export interface Organization {
  id: string;
  name: string;
  roles: OrganizationRole[];
  runsMarketplace: boolean;
}

export interface TeamMember {
  memberId: string;
  name: string;
  email: string;
  roles: StaffRole[];
  joinedAt: Date;
}

/** The same id with the same facts is a retry. */
export async function addOrganization(
  tx: Tx,
  actor: Actor,
  { id, name, roles }: { id: string; name: string; roles: OrganizationRole[] },
): Promise<void> {
  const added = await own(tx)
    .insertInto('identity.organization')
    .values({ id, name, roles })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added) return record(tx, actor, 'organization_added', `organization:${id}`, { roles });
  const here = await organization(tx, id);
  if (!isDeepStrictEqual({ name: here.name, roles: here.roles }, { name, roles })) {
    throw identityErrors.organization_differs({ organizationId: id });
  }
}

export async function organizations(db: Db): Promise<Organization[]> {
  const rows = await organizationRows(db).orderBy('name').limit(1000).execute();
  return rows.map(organizationFrom);
}

/** Changes to a team wait for one another: two admins who remove each other cannot both succeed. */
export async function lockOrganization(tx: Tx, id: string): Promise<void> {
  const row = await own(tx)
    .selectFrom('identity.organization')
    .select('id')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw identityErrors.organization_unknown({});
}

async function organization(db: Db, id: string): Promise<Organization> {
  const row = await organizationRows(db).where('id', '=', id).executeTakeFirst();
  if (!row) throw identityErrors.organization_unknown({});
  return organizationFrom(row);
}

/** Calls the retailer what the configuration does. */
export async function nameMarketplace(tx: Tx, name: string): Promise<void> {
  const { id } = await marketplaceOrganization(tx);
  await own(tx)
    .updateTable('identity.organization')
    .set({ name })
    .where('id', '=', id)
    .where('name', '!=', name)
    .execute();
}

/** The retailer whose marketplace this is, made at the first question: its members are the staff. */
export async function marketplaceOrganization(tx: Tx): Promise<Organization> {
  await own(tx)
    .insertInto('identity.organization')
    .values({ id: newId(), name: 'Stoa', roles: ['retailer'], runs_marketplace: true })
    // Written out: a kept plan does not know what a parameter is, and then finds no index for it.
    .onConflict((conflict) =>
      conflict
        .column('runs_marketplace')
        .where(sql<boolean>`runs_marketplace`)
        .doNothing(),
    )
    .execute();
  const row = await organizationRows(tx).where('runs_marketplace', '=', true).executeTakeFirstOrThrow();
  return organizationFrom(row);
}

const organizationRows = (db: Db) =>
  own(db).selectFrom('identity.organization').select(['id', 'name', 'roles', 'runs_marketplace']);

const organizationFrom = (row: { id: string; name: string; roles: string[]; runs_marketplace: boolean }) => ({
  id: row.id,
  name: row.name,
  roles: row.roles.filter(isOrganizationRole),
  runsMarketplace: row.runs_marketplace,
});

const isOrganizationRole = (role: string): role is OrganizationRole =>
  ORGANIZATION_ROLES.some((known) => known === role);

export async function teamOf(db: Db, organizationId: string): Promise<TeamMember[]> {
  const rows = await own(db)
    .selectFrom('identity.organization_member as t')
    .innerJoin('identity.member as m', 'm.id', 't.member_id')
    .select(['m.id as memberId', 'm.name', 'm.email', 't.roles', 't.joined_at as joinedAt'])
    .where('t.organization_id', '=', organizationId)
    .orderBy('t.joined_at')
    .limit(1000)
    .execute();
  return rows.map((row) => ({ ...row, roles: row.roles as StaffRole[] }));
}

/** What somebody may do at the retailer's: nothing for who is no staff. */
export async function staffRolesOf(db: Db, memberId: string): Promise<StaffRole[]> {
  const row = await own(db)
    .selectFrom('identity.organization_member as t')
    .innerJoin('identity.organization as o', 'o.id', 't.organization_id')
    .select('t.roles')
    .where('t.member_id', '=', memberId)
    .where('o.runs_marketplace', '=', true)
    .executeTakeFirst();
  return (row?.roles ?? []) as StaffRole[];
}

/** Whose team a member is in, by name: the retailer's own too. */
export async function organizationsOf(db: Db, memberId: string): Promise<Organization[]> {
  const rows = await organizationRows(db)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('identity.organization_member')
        .select('organization_id')
        .where('member_id', '=', memberId),
    )
    .orderBy('name')
    .execute();
  return rows.map(organizationFrom);
}

/** Puts a member into a team, or gives them these roles there in place of those they had. */
export async function joinTeam(
  tx: Tx,
  actor: Actor,
  { organizationId, memberId, roles }: { organizationId: string; memberId: string; roles: StaffRole[] },
): Promise<void> {
  await own(tx)
    .insertInto('identity.organization_member')
    .values({ organization_id: organizationId, member_id: memberId, roles })
    .onConflict((conflict) => conflict.columns(['organization_id', 'member_id']).doUpdateSet({ roles }))
    .execute();
  await record(tx, actor, 'team_joined', `member:${memberId}`, { organizationId, roles });
}

export async function changeRoles(
  tx: Tx,
  actor: Actor,
  { organizationId, memberId, roles }: { organizationId: string; memberId: string; roles: StaffRole[] },
): Promise<void> {
  await lockOrganization(tx, organizationId);
  if (!roles.includes('admin')) await keepAnAdmin(tx, organizationId, memberId);
  const changed = await own(tx)
    .updateTable('identity.organization_member')
    .set({ roles })
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .returning('member_id')
    .executeTakeFirst();
  if (!changed) throw identityErrors.not_in_team({});
  await record(tx, actor, 'roles_changed', `member:${memberId}`, { organizationId, roles });
}

export async function leaveTeam(
  tx: Tx,
  actor: Actor,
  { organizationId, memberId }: { organizationId: string; memberId: string },
): Promise<void> {
  await lockOrganization(tx, organizationId);
  await keepAnAdmin(tx, organizationId, memberId);
  const left = await own(tx)
    .deleteFrom('identity.organization_member')
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .returning('member_id')
    .executeTakeFirst();
  if (!left) throw identityErrors.not_in_team({});
  await record(tx, actor, 'team_left', `member:${memberId}`, { organizationId });
}

async function keepAnAdmin(tx: Tx, organizationId: string, leaving: string): Promise<void> {
  const admins = await own(tx)
    .selectFrom('identity.organization_member')
    .select('member_id')
    .where('organization_id', '=', organizationId)
    .where((eb) => eb(eb.val('admin'), '=', eb.fn.any('roles')))
    .execute();
  if (admins.length === 1 && admins[0]?.member_id === leaving) throw identityErrors.last_admin({});
}
