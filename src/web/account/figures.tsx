import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { consentOf, knownCustomerOf } from '#modules/identity/index.ts';
import {
  type CustomerFigures,
  type CustomerTastes,
  figuresOfMember,
  tastesOfMember,
} from '#modules/insight/index.ts';
import { membersAppearing } from '#modules/persons/index.ts';
import type { Deps } from '#platform/module.ts';
import { customerHistory, type HistoryEntry } from '../../customer-reads.ts';
import { Notice } from '../components/Notice.tsx';
import { FiguresPart, History, TastesPart } from '../desk/customer-parts.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';

interface View {
  isAgreed: boolean;
  figures: CustomerFigures[];
  tastes: CustomerTastes;
  entries: HistoryEntry[];
  timeZone: string;
}

/** A member's own copy of what the desk sees of them. */
export const figuresPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, config } = deps;
  app.get('/account/figures', page('member'), async ({ viewer: { memberId = '' } }, reply) => {
    const [agreed, appearing, customerId, figures, tastes] = await Promise.all([
      consentOf(db, { memberId }),
      membersAppearing(db, [memberId], 'analytics'),
      knownCustomerOf(db, memberId),
      figuresOfMember(db, memberId),
      tastesOfMember(db, memberId),
    ]);
    const entries = await customerHistory(deps, { customerId, memberId }, appearing.has(memberId));
    const view = { isAgreed: agreed.analytics, figures, tastes, entries, timeZone: config.timeZone };
    return reply.page((about) => <FiguresPage page={about} view={view} />);
  });
};

function FiguresPage({ page: about, view }: { page: Page; view: View }) {
  const { format } = about;
  return (
    <Layout page={about} title={t('account.figures')} index={false}>
      <div class="wrap account">
        <header class="account-head">
          <h1>{t('account.figures')}</h1>
          <p>{t('account.figures.lead')}</p>
          <a href="/account/privacy">{t('account.figures.privacy')}</a>
        </header>
        {!view.isAgreed && <Notice>{t('account.figures.off')}</Notice>}
        {view.isAgreed && view.figures.length === 0 && <p class="soft">{t('desk.customers.no_figures')}</p>}
        {view.figures.map((each) => (
          <FiguresPart key={each.currency} figures={each} format={format} isOwn />
        ))}
        {view.isAgreed && <TastesPart tastes={view.tastes} isOwn />}
        <History entries={view.entries} format={format} timeZone={view.timeZone} />
      </div>
    </Layout>
  );
}
