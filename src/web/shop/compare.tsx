import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Deps } from '#platform/module.ts';
import { comparedProducts } from '#read/product-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page } from '../page.ts';
import { Comparison } from './comparison.tsx';

const COMPARED_MAX = 4;
const SLUG = /^[a-z0-9-]{1,120}$/;

export const comparePage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get('/compare', page('public'), async ({ query }, reply) => {
    const { p } = query as { p?: string | string[] };
    const slugs = [...new Set([p ?? []].flat().filter((slug) => SLUG.test(slug)))].slice(0, COMPARED_MAX);
    const products = await comparedProducts(reads, slugs);
    return reply.page((about) => (
      <Layout page={about} title={t('compare.title')} canonical="/compare" index={false}>
        <div class="wrap">
          <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: t('compare.title') }]} />
          <h1>{t('compare.title')}</h1>
          {products.length === 0 ? (
            <EmptyState title={t('compare.empty.title')} text={t('compare.empty.text')}>
              <ButtonLink href="/search">{t('home.action')}</ButtonLink>
            </EmptyState>
          ) : (
            <>
              <p class="lead">{t('compare.marked')}</p>
              <Comparison products={products} format={about.format} />
            </>
          )}
        </div>
      </Layout>
    ));
  });
};
