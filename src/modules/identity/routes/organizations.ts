import { Type } from 'typebox';
import { STAFF_ROLES } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Id, exactly } from '#platform/schema.ts';
import { actorOf } from '../audit.ts';
import { identityErrors } from '../errors.ts';
import { acceptInvitation, inviteToTeam, openInvitations, withdrawInvitation } from '../invitations.ts';
import { countAttempt } from '../limits.ts';
import {
  ORGANIZATION_ROLES,
  addOrganization,
  changeRoles,
  leaveTeam,
  organizations,
  teamOf,
} from '../organizations.ts';

const Time = Type.String({ format: 'date-time' });
const Name = Type.String({ minLength: 1, maxLength: 120 });
const OrganizationRoles = Type.Array(Type.Enum([...ORGANIZATION_ROLES]), { minItems: 1, uniqueItems: true });
const TeamRoles = Type.Array(Type.Enum([...STAFF_ROLES]), { minItems: 1, uniqueItems: true });
const Organization = Type.Object({
  id: Id,
  name: Name,
  roles: OrganizationRoles,
  runsMarketplace: Type.Boolean({ description: 'Its members are the staff of the desk' }),
});
const TeamMember = Type.Object({
  memberId: Id,
  name: Type.String(),
  email: Type.String(),
  roles: TeamRoles,
  joinedAt: Time,
});
const Invitation = Type.Object({ id: Id, email: Type.String(), roles: TeamRoles, expiresAt: Time });
const OneId = Type.Object({ id: Id });
const Gone = Type.Null();

const restricted = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const {
  email_invalid,
  invitation_unknown,
  last_admin,
  not_in_team,
  organization_differs,
  too_many_attempts,
} = identityErrors;

export const organizationRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;
  app.get(
    '/organizations',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'listOrganizations',
        tags: ['identity'],
        response: {
          200: Type.Object({ organizations: Type.Array(Organization) }),
          ...problems(...restricted),
        },
      },
    },
    async () => ({ organizations: await organizations(db) }),
  );

  app.put(
    '/organizations/:id',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'addOrganization',
        tags: ['identity'],
        params: OneId,
        body: exactly({ name: Name, roles: OrganizationRoles }),
        response: { 200: OneId, ...problems(...restricted, organization_differs) },
      },
    },
    async ({ viewer, params: { id }, body: { name, roles } }) => {
      await inTransaction(db, (tx) => addOrganization(tx, actorOf(viewer), { id, name, roles }));
      return { id };
    },
  );

  await app.register(teamRoutes, deps);
  await app.register(invitationRoutes, deps);
};

const teamRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  const Both = Type.Object({ id: Id, memberId: Id });
  app.get(
    '/organizations/:id/members',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'listTeam',
        tags: ['identity'],
        params: OneId,
        response: { 200: Type.Object({ members: Type.Array(TeamMember) }), ...problems(...restricted) },
      },
    },
    async ({ params: { id } }) => {
      const members = await teamOf(db, id);
      return { members: members.map((each) => ({ ...each, joinedAt: each.joinedAt.toISOString() })) };
    },
  );

  app.put(
    '/organizations/:id/members/:memberId',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'changeRoles',
        tags: ['identity'],
        params: Both,
        body: exactly({ roles: TeamRoles }),
        response: { 204: Gone, ...problems(...restricted, not_in_team, last_admin) },
      },
    },
    async ({ viewer, params: { id, memberId }, body: { roles } }, reply) => {
      await inTransaction(db, (tx) =>
        changeRoles(tx, actorOf(viewer), { organizationId: id, memberId, roles }),
      );
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/organizations/:id/members/:memberId',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'removeFromTeam',
        tags: ['identity'],
        params: Both,
        response: { 204: Gone, ...problems(...restricted, not_in_team, last_admin) },
      },
    },
    async ({ viewer, params: { id, memberId } }, reply) => {
      await inTransaction(db, (tx) => leaveTeam(tx, actorOf(viewer), { organizationId: id, memberId }));
      return reply.code(204).send(null);
    },
  );
};

const invitationRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  app.get(
    '/organizations/:id/invitations',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'listInvitations',
        tags: ['identity'],
        params: OneId,
        response: { 200: Type.Object({ invitations: Type.Array(Invitation) }), ...problems(...restricted) },
      },
    },
    async ({ params: { id } }) => {
      const invitations = await openInvitations(db, id, now());
      return {
        invitations: invitations.map((each) => ({ ...each, expiresAt: each.expiresAt.toISOString() })),
      };
    },
  );

  app.post(
    '/organizations/:id/invitations',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'inviteToTeam',
        summary: 'Invites an e-mail address to a team, by mail',
        tags: ['identity'],
        params: OneId,
        body: exactly({ email: Type.String({ maxLength: 254 }), roles: TeamRoles }),
        response: {
          201: OneId,
          ...problems(...restricted, email_invalid, identityErrors.organization_unknown, too_many_attempts),
        },
      },
    },
    async ({ viewer, params, body: { email, roles } }, reply) => {
      await countAttempt(deps, 'invite_account', actorOf(viewer));
      const by = { actor: actorOf(viewer), memberId: viewer.memberId, now: now() };
      const wish = { organizationId: params.id, email, roles };
      const id = await inTransaction(db, (tx) => inviteToTeam(tx, by, wish));
      return reply.code(201).send({ id });
    },
  );

  await app.register(openInvitationRoutes, deps);
};

const openInvitationRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.delete(
    '/invitations/:id',
    {
      config: { access: 'staff:admin' },
      schema: {
        operationId: 'withdrawInvitation',
        tags: ['identity'],
        params: OneId,
        response: { 204: Gone, ...problems(...restricted, invitation_unknown) },
      },
    },
    async ({ viewer, params: { id } }, reply) => {
      await inTransaction(db, (tx) => withdrawInvitation(tx, actorOf(viewer), id, now()));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/invitations/:id/acceptance',
    {
      config: { access: 'member' },
      schema: {
        operationId: 'acceptInvitation',
        tags: ['identity'],
        params: OneId,
        response: { 204: Gone, ...problems(...restricted, invitation_unknown) },
      },
    },
    async ({ viewer: { memberId = '' }, params: { id } }, reply) => {
      await inTransaction(db, (tx) => acceptInvitation(tx, memberId, id, now()));
      return reply.code(204).send(null);
    },
  );
};
