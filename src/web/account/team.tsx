import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  actorOf,
  changeRoles,
  countAttempt,
  type Invitation,
  inviteToTeam,
  leaveTeam,
  marketplaceOrganization,
  openInvitations,
  type TeamMember,
  teamOf,
  withdrawInvitation,
} from '#modules/identity/index.ts';
import { STAFF_ROLES, type StaffRole } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { DeskShell } from '../desk/shell.tsx';
import { t } from '../messages.ts';
import { page, type Page, sendOn, Text } from '../page.ts';
import { withFault } from './door.tsx';
import { type Fault, faultIn } from './fault.ts';
import { EmailField } from './fields.tsx';
import { roleName } from './invitation.tsx';

const Roles = Type.Array(Type.Enum([...STAFF_ROLES]), { maxItems: STAFF_ROLES.length, default: [] });
const noRole = (): Fault => ({ status: 422, text: t('account.team.no_role') });

interface Team {
  members: TeamMember[];
  invitations: Invitation[];
}

/** The retailer's own people: who works at the desk, and as what. */
export const teamPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const organizationId = async () => (await inTransaction(db, marketplaceOrganization)).id;
  const show = async (reply: Parameters<typeof withFault>[0], fault?: Fault, email?: string) => {
    const id = await organizationId();
    const [members, invitations] = await Promise.all([teamOf(db, id), openInvitations(db, id, now())]);
    withFault(reply, fault);
    return reply.page((about) => (
      <TeamPage page={about} team={{ members, invitations }} fault={fault} email={email} />
    ));
  };

  app.get('/desk/team', page('staff:admin'), async (_request, reply) => show(reply));

  app.post(
    '/desk/team/roles',
    page('staff:admin', { body: exactly({ memberId: Id, roles: Roles }) }),
    async ({ viewer, body: { memberId, roles } }, reply) => {
      if (roles.length === 0) return show(reply, noRole());
      const change = { organizationId: await organizationId(), memberId, roles };
      const fault = await faultIn(() => inTransaction(db, (tx) => changeRoles(tx, actorOf(viewer), change)));
      return fault ? show(reply, fault) : sendOn(reply, '/desk/team', 'account.team.changed');
    },
  );

  app.post(
    '/desk/team/remove',
    page('staff:admin', { body: exactly({ memberId: Id }) }),
    async ({ viewer, body: { memberId } }, reply) => {
      const leaving = { organizationId: await organizationId(), memberId };
      const fault = await faultIn(() => inTransaction(db, (tx) => leaveTeam(tx, actorOf(viewer), leaving)));
      return fault ? show(reply, fault) : sendOn(reply, '/desk/team', 'account.team.removed');
    },
  );

  app.post(
    '/desk/team/invite',
    page('staff:admin', { body: exactly({ email: Text(254), roles: Roles }) }),
    async ({ viewer, body: { email, roles } }, reply) => {
      if (roles.length === 0) return show(reply, noRole(), email);
      const wish = { organizationId: await organizationId(), email, roles };
      const by = { actor: actorOf(viewer), memberId: viewer.memberId, now: now() };
      const fault = await faultIn(async () => {
        await countAttempt(deps, 'invite_account', by.actor);
        await inTransaction(db, (tx) => inviteToTeam(tx, by, wish));
      });
      return fault ? show(reply, fault, email) : sendOn(reply, '/desk/team', 'account.team.invited');
    },
  );

  app.post(
    '/desk/team/withdraw',
    page('staff:admin', { body: exactly({ id: Id }) }),
    async ({ viewer, body: { id } }, reply) => {
      await inTransaction(db, (tx) => withdrawInvitation(tx, actorOf(viewer), id, now()));
      return sendOn(reply, '/desk/team', 'account.team.withdrawn');
    },
  );
};

interface Props {
  page: Page;
  team: Team;
  fault: Fault | undefined;
  email: string | undefined;
}

function TeamPage({ page: about, team, fault, email }: Props) {
  return (
    <DeskShell page={about} title={t('account.team')}>
      <header class="desk-head">
        <h1>{t('account.team')}</h1>
        <p class="soft">{t('account.team.lead')}</p>
      </header>
      {fault && !fault.field && <Notice kind="error">{fault.text}</Notice>}
      <ul class="rows">
        {team.members.map((member) => (
          <MemberRow key={member.memberId} {...member} />
        ))}
      </ul>
      {team.invitations.length > 0 && <Invitations page={about} invitations={team.invitations} />}
      <section class="admin-form" aria-labelledby="invite">
        <h2 id="invite">{t('account.team.invite')}</h2>
        <form method="post" action="/desk/team/invite" class="form">
          <EmailField value={email} fault={fault} autocomplete="off" />
          <RoleChoice legend={t('account.team.invite.roles')} chosen={[]} />
          <div class="actions">
            <Button>{t('account.team.invite.button')}</Button>
          </div>
        </form>
      </section>
    </DeskShell>
  );
}

function MemberRow({ memberId, name, email, roles }: TeamMember) {
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <span class="soft">{email}</span>
      </div>
      <form method="post" action="/desk/team/roles" class="row-form">
        <input type="hidden" name="memberId" value={memberId} />
        <RoleChoice legend={t('account.team.roles', { name })} chosen={roles} isQuiet />
        <button type="submit" class="text-button">
          {t('account.save')}
        </button>
      </form>
      <form method="post" action="/desk/team/remove">
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

function Invitations({ page: { format }, invitations }: { page: Page; invitations: readonly Invitation[] }) {
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
            <form method="post" action="/desk/team/withdraw">
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
