import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  brandBySlug,
  type BrandPage,
  brandPages,
  type ProductCard,
  searchProducts,
} from '#modules/catalog/index.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Slug } from '#platform/schema.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Picture, sharedPicture } from '../components/Picture.tsx';
import { ProductCards } from '../components/ProductCard.tsx';
import { breadcrumbFacts } from '../json-ld.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { FollowThis } from '../social/following.tsx';
import { type FollowState, followState } from '#read/followed-things.ts';
import { MakerCard } from './home.tsx';
import { countryName } from '../format.ts';
import { withComing } from './coming.ts';

const PRODUCTS_SHOWN = 12;

export const makerPages: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  app.get('/brands', page('public'), async (_request, reply) => {
    const makers = await brandPages(reads);
    return reply.page((about) => (
      <Layout
        page={about}
        title={t('brands.title')}
        description={t('brands.description')}
        canonical="/brands"
      >
        <div class="wrap">
          <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: t('brands.title') }]} />
          <h1>{t('brands.title')}</h1>
          <p class="lead">{t('brands.lead')}</p>
          {makers.length === 0 ? (
            <EmptyState title={t('brands.empty.title')} text={t('brands.empty.text')} />
          ) : (
            <ul class="makers all">
              {makers.map((maker) => (
                <li key={maker.slug}>
                  <MakerCard
                    maker={maker}
                    sizes="(min-width: 82rem) 40rem, (min-width: 44rem) 46vw, 92vw"
                    level="h2"
                  />
                </li>
              ))}
            </ul>
          )}
        </div>
      </Layout>
    ));
  });

  const bySlug = page('public', { params: Type.Object({ slug: Slug }) });
  app.get('/b/:slug', bySlug, async ({ params, currency, viewer }, reply) => {
    const [maker, products, followed] = await Promise.all([
      brandBySlug(reads, params.slug),
      searchProducts(reads, { ...currency.prices, brand: params.slug, limit: PRODUCTS_SHOWN }),
      followState(reads, viewer.memberId, 'brand', params.slug),
    ]);
    if (!maker) throw platformErrors.not_found({});
    const cards = await withComing(reads, products.cards, now());
    return reply.page((about) => <BrandView page={about} maker={maker} cards={cards} followed={followed} />);
  });
};

interface BrandProps {
  page: Page;
  maker: BrandPage;
  cards: ProductCard[];
  followed: FollowState | undefined;
}

function BrandView({ page: about, maker, cards, followed }: BrandProps) {
  const { slug, name, tagline, story, place, countryCode, foundedYear, picture, colour, productCount } =
    maker;
  const crumbs = [{ name: t('home'), href: '/' }, { name: t('brands.title'), href: '/brands' }, { name }];
  const where = [place, countryCode && countryName(countryCode, about.format)].filter(Boolean).join(', ');
  return (
    <Layout
      page={about}
      title={name}
      description={tagline}
      canonical={`/b/${slug}`}
      image={sharedPicture(picture)}
      jsonLd={[
        {
          '@type': 'Brand',
          '@id': `${about.origin}/b/${slug}`,
          name,
          slogan: tagline,
          url: `${about.origin}/b/${slug}`,
        },
        breadcrumbFacts(crumbs, about.origin),
      ]}
    >
      <div class="tinted" style={colour ? { '--tint': colour } : undefined}>
        <div class="wrap">
          <Breadcrumbs crumbs={crumbs} />
          <header class="brand-head">
            <div>
              <h1>{name}</h1>
              <p class="lead">{tagline}</p>
              <p class="soft small">
                {[where, foundedYear && t('brand.since', { year: foundedYear })].filter(Boolean).join(' · ')}
              </p>
              <FollowThis page={about} state={followed} />
            </div>
            <Picture picture={picture} sizes="(min-width: 56rem) 55vw, 92vw" large eager />
          </header>
        </div>
      </div>
      <div class="wrap">
        {story && (
          <section class="section brand-story" aria-labelledby="story">
            <h2 id="story">{t('brand.story')}</h2>
            <div class="prose">
              {story.split(/\n\s*\n/).map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            </div>
          </section>
        )}
        <section class="section" aria-labelledby="products">
          <div class="section-head">
            <h2 id="products">{t('brand.products', { name })}</h2>
            <span class="soft">{t('category.count', { count: productCount })}</span>
          </div>
          <ProductCards cards={cards} format={about.format} beside={about.currency.beside} />
          {productCount > cards.length && (
            <div class="pages">
              <ButtonLink href={`/search?f-brand=${slug}`} look="plain">
                {t('brand.all', { count: productCount })}
              </ButtonLink>
            </div>
          )}
        </section>
      </div>
    </Layout>
  );
}
