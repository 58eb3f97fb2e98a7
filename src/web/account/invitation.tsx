import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { acceptInvitation, invitationFor } from '#modules/identity/index.ts';
import type { StaffRole } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { t } from '../messages.ts';
import { page, sendOn } from '../page.ts';
import { Door } from './door.tsx';

export const roleName = (role: StaffRole) => t(`account.role.${role}`);

/** What an invitation's mail leads to. Who is not signed in comes back here after signing in or up. */
export const invitationPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const One = { params: Type.Object({ id: Id }) };
  app.get('/invitations/:id', page('member', One), async ({ viewer: { memberId = '' }, params }, reply) => {
    const invitation = await invitationFor(db, memberId, params.id, now());
    if (!invitation) {
      return reply.code(404).page((about) => (
        <Door page={about} title={t('account.invitation.none')}>
          <p>{t('account.invitation.none.text')}</p>
        </Door>
      ));
    }
    const { organization, roles } = invitation;
    return reply.page((about) => (
      <Door page={about} title={t('account.invitation', { organization })}>
        <p>{t('account.invitation.text', { organization, roles: about.format.list(roles.map(roleName)) })}</p>
        <form method="post" action={`/invitations/${params.id}`} class="form">
          <Button class="wide">{t('account.invitation.accept')}</Button>
        </form>
      </Door>
    ));
  });

  app.post('/invitations/:id', page('member', One), async ({ viewer: { memberId = '' }, params }, reply) => {
    await inTransaction(db, (tx) => acceptInvitation(tx, memberId, params.id, now()));
    return sendOn(reply, '/account', 'account.invitation.joined');
  });
};
