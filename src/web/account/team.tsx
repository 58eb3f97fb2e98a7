import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { marketplaceOrganization } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { DeskShell } from '../desk/shell.tsx';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { withFault } from './door.tsx';
import { readTeam, teamForms, TeamParts, type TeamTyped } from './team-forms.tsx';

const PATH = '/desk/team';

/** The retailer's own people: who works at the desk, and as what. */
export const teamPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now } = deps;
  const organizationIn = async () => (await inTransaction(db, marketplaceOrganization)).id;
  const show = async (reply: Parameters<typeof withFault>[0], id: string, typed: TeamTyped) => {
    const team = await readTeam(db, id, now());
    withFault(reply, typed.fault);
    return reply.page((about) => (
      <DeskShell page={about} title={t('account.team')}>
        <header class="desk-head">
          <h1>{t('account.team')}</h1>
          <p class="soft">{t('account.team.lead')}</p>
        </header>
        <TeamParts page={about} at={PATH} team={team} {...typed} />
      </DeskShell>
    ));
  };
  app.get(PATH, page('staff:admin'), async (_request, reply) => show(reply, await organizationIn(), {}));
  await app.register(teamForms, { ...deps, path: PATH, organizationIn, show });
};
