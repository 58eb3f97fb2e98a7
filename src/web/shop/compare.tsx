import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Deps } from '#platform/module.ts';
import { exactly, Slug } from '#platform/schema.ts';
import { comparedProducts } from '#read/product-page.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, sendOn } from '../page.ts';
import { withComing } from './coming.ts';
import { Comparison } from './comparison.tsx';

const COMPARED_MAX = 4;
const SLUG = /^[a-z0-9-]{1,120}$/;

export const comparePage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  app.get('/compare', page('public'), async ({ query, cookies, currency: { beside, prices } }, reply) => {
    const { p } = query as { p?: string | string[] };
    const kept = p === undefined;
    const slugs = kept ? keptIn(cookies) : slugsOf([p].flat());
    const products = await withComing(reads, await comparedProducts(reads, slugs, prices), now());
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
              <Comparison products={products} format={about.format} beside={beside} />
              {kept && (
                <form method="post" action="/compare" class="compare-clear">
                  <button class="text-button" name="clear" value="yes">
                    {t('compare.clear')}
                  </button>
                </form>
              )}
            </>
          )}
        </div>
      </Layout>
    ));
  });

  const Kept = exactly({ p: Type.Optional(Slug), clear: Type.Optional(Type.Literal('yes')) });
  app.post('/compare', page('public', { body: Kept }), async ({ body, cookies }, reply) => {
    const slugs = slugsOf(body.clear ? [] : [...keptIn(cookies), body.p ?? '']);
    reply.setCookie(COOKIE, slugs.join('.'), { path: '/compare', httpOnly: true, sameSite: 'lax' });
    return sendOn(reply, '/compare');
  });
};

/** What a browser without script keeps for comparing; one with script keeps it to itself, and asks by the address. */
const COOKIE = 'stoa_compare';
const keptIn = (cookies: Record<string, string | undefined>) => slugsOf((cookies[COOKIE] ?? '').split('.'));

/** Each once, the latest when there are too many. */
const slugsOf = (given: readonly string[]) =>
  [...new Set(given.filter((slug) => SLUG.test(slug)))].slice(-COMPARED_MAX);
