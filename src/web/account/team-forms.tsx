import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  actorOf,
  changeRoles,
  countAttempt,
  type Invitation,
  inviteToTeam,
  leaveTeam,
  openInvitations,
  type TeamMember,
  teamOf,
  withdrawInvitation,
} from '#modules/identity/index.ts';
import { STAFF_ROLES, type StaffRole } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import type { withFault } from './door.tsx';
import { type Fault, faultIn } from './fault.ts';
import { EmailField } from './fields.tsx';
import { roleName } from './invitation.tsx';

const Roles = Type.Array(Type.Enum([...STAFF_ROLES]), { maxItems: STAFF_ROLES.length, default: [] });
const noRole = (): Fault => ({ status: 422, text: t('account.team.no_role') });

export interface Team {
  members: TeamMember[];
  invitations: Invitation[];
}

export async function readTeam(db: Db, organizationId: string, now: Date): Promise<Team> {
  const [members, invitations] = await Promise.all([
    teamOf(db, organizationId),
    openInvitations(db, organizationId, now),
  ]);
  return { members, invitations };
}

/** What was typed, shown again beside what is wrong with it. */
export interface TeamTyped {
  fault?: Fault | undefined;
  email?: string | undefined;
}

interface TeamPlace {
  /** Where its forms are sent below: with `:id` where the address names the organization. */
  path: string;
  organizationIn: (id: string | undefined) => Promise<string>;
  show: (reply: Parameters<typeof withFault>[0], organizationId: string, typed: TeamTyped) => Promise<Buffer>;
}

/** The forms that change a team, wherever it is shown: as the API, for admins of the marketplace. */
export const teamForms: FastifyPluginAsyncTypebox<Deps & TeamPlace> = async (app, deps) => {
  const { db, now, path, organizationIn, show } = deps;
  const params = Type.Object({ id: Type.Optional(Id) });
  const at = (id: string | undefined) => path.replace(':id', id ?? '');

  app.post(
    `${path}/roles`,
    page('staff:admin', { params, body: exactly({ memberId: Id, roles: Roles }) }),
    async ({ viewer, params: { id }, body: { memberId, roles } }, reply) => {
      const organizationId = await organizationIn(id);
      if (roles.length === 0) return show(reply, organizationId, { fault: noRole() });
      const change = { organizationId, memberId, roles };
      const fault = await faultIn(() => inTransaction(db, (tx) => changeRoles(tx, actorOf(viewer), change)));
      return fault ? show(reply, organizationId, { fault }) : sendOn(reply, at(id), 'account.team.changed');
    },
  );

  app.post(
    `${path}/remove`,
    page('staff:admin', { params, body: exactly({ memberId: Id }) }),
    async ({ viewer, params: { id }, body: { memberId } }, reply) => {
      const organizationId = await organizationIn(id);
      const leaving = { organizationId, memberId };
      const fault = await faultIn(() => inTransaction(db, (tx) => leaveTeam(tx, actorOf(viewer), leaving)));
      return fault ? show(reply, organizationId, { fault }) : sendOn(reply, at(id), 'account.team.removed');
    },
  );

  app.post(
    `${path}/invite`,
    page('staff:admin', { params, body: exactly({ email: Text(254), roles: Roles }) }),
    async ({ viewer, params: { id }, body: { email, roles } }, reply) => {
      const organizationId = await organizationIn(id);
      if (roles.length === 0) return show(reply, organizationId, { fault: noRole(), email });
      const by = { actor: actorOf(viewer), memberId: viewer.memberId, now: now() };
      const fault = await faultIn(async () => {
        await countAttempt(deps, 'invite_account', by.actor);
        await inTransaction(db, (tx) => inviteToTeam(tx, by, { organizationId, email, roles }));
      });
      return fault
        ? show(reply, organizationId, { fault, email })
        : sendOn(reply, at(id), 'account.team.invited');
    },
  );

  app.post(
    `${path}/withdraw`,
    page('staff:admin', { params, body: exactly({ id: Id }) }),
    async ({ viewer, params: { id }, body }, reply) => {
      await inTransaction(db, (tx) => withdrawInvitation(tx, actorOf(viewer), body.id, now()));
      return sendOn(reply, at(id), 'account.team.withdrawn');
    },
  );
};

interface Props extends TeamTyped {
  page: Page;
  /** Where its forms are sent below. */
  at: string;
  team: Team;
}

/** A team's people with what each may do, whom it waits for, and the form that invites. */
export function TeamParts({ page: about, at, team, fault, email }: Props) {
  return (
    <>
      {fault && !fault.field && <Notice kind="error">{fault.text}</Notice>}
      <ul class="rows">
        {team.members.map((member) => (
          <MemberRow key={member.memberId} at={at} {...member} />
        ))}
      </ul>
      {team.invitations.length > 0 && <Invitations page={about} at={at} invitations={team.invitations} />}
      <section class="admin-form" aria-labelledby="invite">
        <h2 id="invite">{t('account.team.invite')}</h2>
        <form method="post" action={`${at}/invite`} class="form">
          <EmailField value={email} fault={fault} autocomplete="off" />
          <RoleChoice legend={t('account.team.invite.roles')} chosen={[]} />
          <div class="actions">
            <Button>{t('account.team.invite.button')}</Button>
          </div>
        </form>
      </section>
    </>
  );
}

function MemberRow({ at, memberId, name, email, roles }: TeamMember & { at: string }) {
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <span class="soft">{email}</span>
      </div>
      <form method="post" action={`${at}/roles`} class="row-form">
        <input type="hidden" name="memberId" value={memberId} />
        <RoleChoice legend={t('account.team.roles', { name })} chosen={roles} isQuiet />
        <button type="submit" class="text-button">
          {t('account.save')}
        </button>
      </form>
      <form method="post" action={`${at}/remove`}>
        <input type="hidden" name="memberId" value={memberId} />
        <button type="submit" class="text-button" aria-label={`${t('account.team.remove')}: ${name}`}>
          {t('account.team.remove')}
        </button>
      </form>
    </li>
  );
}

function RoleChoice({
  legend,
  chosen,
  isQuiet,
}: {
  legend: string;
  chosen: readonly StaffRole[];
  isQuiet?: boolean;
}) {
  return (
    <fieldset class="choices">
      <legend class={isQuiet ? 'visually-hidden' : undefined}>{legend}</legend>
      {STAFF_ROLES.map((role) => (
        <label class="check" key={role}>
          <input type="checkbox" name="roles" value={role} checked={chosen.includes(role)} />
          <span>{roleName(role)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface InvitationsProps {
  page: Page;
  at: string;
  invitations: readonly Invitation[];
}

function Invitations({ page: { format }, at, invitations }: InvitationsProps) {
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">{t('account.team.invitations')}</h2>
      <ul class="rows">
        {invitations.map(({ id, email, roles, expiresAt }) => (
          <li key={id}>
            <div>
              <strong>{email}</strong>
              <span class="soft">
                {format.list(roles.map(roleName))},{' '}
                {t('account.team.open_until', { date: format.date(expiresAt) })}
              </span>
            </div>
            <form method="post" action={`${at}/withdraw`}>
              <input type="hidden" name="id" value={id} />
              <button
                type="submit"
                class="text-button"
                aria-label={`${t('account.team.withdraw')}: ${email}`}
              >
                {t('account.team.withdraw')}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
