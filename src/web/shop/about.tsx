import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page } from '../page.ts';

export const aboutPage: FastifyPluginAsyncTypebox<Deps> = async (app) => {
  app.get('/about', page('public'), async (_request, reply) =>
    reply.page((about) => (
      <Layout
        page={about}
        title={t('about.title', { shop: about.shop })}
        description={t('about.lead', { shop: about.shop })}
        canonical="/about"
      >
        <div class="wrap">
          <Breadcrumbs
            crumbs={[{ name: t('home'), href: '/' }, { name: t('about.title', { shop: about.shop }) }]}
          />
          <h1>{t('about.heading')}</h1>
          <div class="prose about">
            <p class="lead">{t('about.lead', { shop: about.shop })}</p>
            <p>{t('about.market')}</p>
            <h2>{t('about.conversation')}</h2>
            <p>{t('about.conversation.text')}</p>
            <h2>{t('about.ledger')}</h2>
            <p>{t('about.ledger.text')}</p>
            <h2>{t('about.yours')}</h2>
            <p>{t('about.yours.text')}</p>
            <h2>{t('about.open')}</h2>
            <p>
              {t('about.open.text')} <a href="/api">{t('about.api')}</a>
            </p>
          </div>
        </div>
      </Layout>
    )),
  );
};
