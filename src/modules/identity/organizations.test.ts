import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { auditTrail } from './audit.ts';
import { aMember, aSignedInMember } from './factory.ts';
import { acceptInvitation, inviteToTeam, openInvitations } from './invitations.ts';
import {
  addOrganization,
  changeRoles,
  joinTeam,
  leaveTeam,
  marketplaceOrganization,
  teamOf,
} from './organizations.ts';
import { viewerOf } from './viewer.ts';

async function aTeam(db: Parameters<typeof inTransaction>[0], admins: string[]) {
  const id = randomUUID();
  await inTransaction(db, async (tx) => {
    await addOrganization(tx, 'system', { id, name: 'Atelier', roles: ['maker', 'supplier'] });
    for (const memberId of admins) {
      await joinTeam(tx, 'system', { organizationId: id, memberId, roles: ['admin'] });
    }
  });
  return id;
}

test('two admins who remove each other at once: one stays', async ({ deps, db }) => {
  const [ada, bea] = [await aMember(deps), await aMember(deps)];
  for (let round = 0; round < 5; round++) {
    const organizationId = await aTeam(db, [ada.memberId, bea.memberId]);
    const removals = [ada, bea].map(({ memberId }) =>
      inTransaction(db, (tx) => leaveTeam(tx, 'system', { organizationId, memberId })),
    );
    const outcomes = await Promise.allSettled(removals);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(['identity.last_admin']);
    expect(await teamOf(db, organizationId)).toHaveLength(1);
  }
});

test('the last admin can neither leave nor become less', async ({ deps, db }) => {
  const { memberId } = await aMember(deps);
  const organizationId = await aTeam(db, [memberId]);
  const less = inTransaction(db, (tx) =>
    changeRoles(tx, 'system', { organizationId, memberId, roles: ['service'] }),
  );
  await expect(less).rejects.toMatchObject({ code: 'identity.last_admin' });
  expect(await teamOf(db, organizationId)).toMatchObject([{ memberId, roles: ['admin'] }]);
});

test('a team of a maker makes nobody staff of the desk', async ({ deps, db }) => {
  const { memberId, cookie } = await aSignedInMember(deps);
  await aTeam(db, [memberId]);
  await inTransaction(db, (tx) => marketplaceOrganization(tx));
  expect(await viewerOf(deps, { cookie })).toMatchObject({ kind: 'member', staffRoles: [] });
});

test('asked by twenty at once, there is one organization that runs the marketplace', async ({ db }) => {
  const asked = Array.from({ length: 20 }, () => inTransaction(db, (tx) => marketplaceOrganization(tx)));
  expect(new Set((await Promise.all(asked)).map(({ id }) => id)).size).toBe(1);
});

test('an invitation is mailed, accepted by its own address once, and makes staff', async ({
  deps,
  db,
  work,
  outbox,
}) => {
  const [admin, invited, other] = [
    await aMember(deps, ['admin']),
    await aSignedInMember(deps),
    await aSignedInMember(deps),
  ];
  const { id: organizationId } = await inTransaction(db, (tx) => marketplaceOrganization(tx));
  const now = new Date();
  const by = { actor: `member:${admin.memberId}` as const, memberId: admin.memberId, now };
  const wish = { organizationId, email: invited.email, roles: ['merchant' as const] };
  const replaced = await inTransaction(db, (tx) => inviteToTeam(tx, by, wish));
  const id = await inTransaction(db, (tx) => inviteToTeam(tx, by, wish));
  await work();

  const mails = outbox.filter(({ to }) => to === invited.email);
  expect(mails.map(({ text }) => text.match(/http\S+/)?.[0])).toEqual([
    `${deps.config.publicUrl}/invitations/${id}`,
  ]);
  const accept = (memberId: string, invitation: string, at = now) =>
    inTransaction(db, (tx) => acceptInvitation(tx, memberId, invitation, at));
  const unknown = { code: 'identity.invitation_unknown' };
  await expect(accept(other.memberId, id)).rejects.toMatchObject(unknown);
  await expect(accept(invited.memberId, replaced)).rejects.toMatchObject(unknown);
  const later = new Date(now.getTime() + 15 * 86_400_000);
  await expect(accept(invited.memberId, id, later)).rejects.toMatchObject(unknown);
  await accept(invited.memberId, id);
  await expect(accept(invited.memberId, id)).rejects.toMatchObject(unknown);

  expect(await viewerOf(deps, { cookie: invited.cookie })).toMatchObject({ staffRoles: ['merchant'] });
  expect(await openInvitations(db, organizationId, now)).toEqual([]);
  const trail = await auditTrail(db, { limit: 50 });
  expect(trail.find(({ action }) => action === 'team_joined')).toMatchObject({
    actor: `member:${invited.memberId}`,
    subject: `member:${invited.memberId}`,
    data: { organizationId, roles: ['merchant'] },
  });
});

test('the same organization again is a retry, with other facts a refusal', async ({ db }) => {
  const id = randomUUID();
  const add = (name: string) =>
    inTransaction(db, (tx) => addOrganization(tx, 'system', { id, name, roles: ['carrier'] }));
  await add('Kurier');
  await add('Kurier');
  await expect(add('Bote')).rejects.toMatchObject({ code: 'identity.organization_differs' });
});
