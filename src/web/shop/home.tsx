import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  type BrandPage,
  brandPages,
  type CategoryNode,
  categoryTree,
  type Picture as StoredPicture,
  type PricesFor,
  type ProductCard,
  searchProducts,
} from '#modules/catalog/index.ts';
import { type Choice, SEAMS } from '#modules/experiments/index.ts';
import { LRUCache } from 'lru-cache';
import type { Db } from '#platform/db.ts';
import { readOnceIn } from '#platform/keep.ts';
import type { Deps } from '#platform/module.ts';
import { shopFront, type Store } from '#read/shop-front.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Picture, sharedPicture } from '../components/Picture.tsx';
import { ProductCards } from '../components/ProductCard.tsx';
import type { Format } from '../format.ts';
import type { JsonLdObject } from '../json-ld.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { keepRendered } from '../rendered.tsx';
import { withComing } from './coming.ts';
import { minuteOf } from './opening-hours.ts';
import { StoreCards } from './stores.tsx';

interface Home {
  categories: CategoryNode[];
  makers: BrandPage[];
  popular: ProductCard[];
  newest: ProductCard[];
  /** What the page opens with: the shop's own picture, or the first maker's who has one. */
  hero: Hero | undefined;
  stores: Store[];
}

const POPULAR_SHOWN = 4;
const NEWEST_SHOWN = 8;
const MAKERS_SHOWN = 3;

/** Long enough to spare the database a busy hour, short enough that nobody notices. */
const FRESH_MS = 5_000;
/** Of each currency and each region with prices of its own. */
const HOMES_KEPT_MAX = 200;
/** Of each currency, what is shown first. */
const VIEWS_KEPT_MAX = 5 * SEAMS.home_first.choices.length;

export const homePage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  const homes = new LRUCache<string, () => Promise<Home>>({ max: HOMES_KEPT_MAX });
  const readHome = (name: string, prices: PricesFor) => {
    const known = homes.get(name) ?? readOnceIn(FRESH_MS, now, () => homeOf(reads, prices, now()));
    homes.set(name, known);
    return known();
  };
  const keep = keepRendered(VIEWS_KEPT_MAX);
  app.get('/', page('public'), async ({ currency: { beside, prices } }, reply) => {
    const name = [beside ?? '', ...prices.markets].join(' ');
    const home = await readHome(name, prices);
    const first = await reply.trial('home_first');
    const at = now();
    return reply.page((about) => (
      <Layout
        page={about}
        title={about.shop}
        description={t('home.description')}
        canonical="/"
        image={sharedPicture(home.hero?.picture ?? null)}
        jsonLd={organization(about)}
      >
        {home.newest.length === 0 ? (
          <NothingYet />
        ) : (
          keep(`${name} ${first}`, [home, about.format, minuteOf(at)], () => (
            <HomeView home={home} first={first} now={at} format={about.format} beside={beside} />
          ))
        )}
      </Layout>
    ));
  });
};

async function homeOf(reads: Db, prices: PricesFor, now: Date): Promise<Home> {
  const [categories, makers, popular, newest, front] = await Promise.all([
    categoryTree(reads),
    brandPages(reads),
    searchProducts(reads, { ...prices, sort: 'popularity', limit: POPULAR_SHOWN, uncounted: true }),
    searchProducts(reads, { ...prices, sort: 'newest', limit: NEWEST_SHOWN, uncounted: true }),
    shopFront(reads),
  ]);
  const hero = heroOf(front.head, makers);
  const cards = await withComing(reads, [...popular.cards, ...newest.cards], now);
  const shown = { popular: cards.slice(0, popular.cards.length), newest: cards.slice(popular.cards.length) };
  return { categories, makers, ...shown, hero, stores: front.stores };
}

const organization = ({ origin, shop }: Page): JsonLdObject[] => [
  {
    '@type': 'Organization',
    '@id': `${origin}/#organization`,
    name: shop,
    url: `${origin}/`,
    logo: `${origin}/icon-512.png`,
  },
  {
    '@type': 'WebSite',
    url: `${origin}/`,
    name: shop,
    potentialAction: {
      '@type': 'SearchAction',
      target: { '@type': 'EntryPoint', urlTemplate: `${origin}/search?q={search_term_string}` },
      'query-input': 'required name=search_term_string',
    },
  },
];

interface Hero {
  picture: StoredPicture;
  /** Whose it is, when it is not the shop's own. */
  maker?: BrandPage;
}

function heroOf(head: StoredPicture | null, makers: readonly BrandPage[]): Hero | undefined {
  if (head) return { picture: head };
  const maker = makers.find(({ picture }) => picture);
  return maker?.picture ? { picture: maker.picture, maker } : undefined;
}

function NothingYet() {
  return (
    <EmptyState level={1} title={t('home.empty.title')} text={t('home.empty.text')}>
      <ButtonLink href="/desk">{t('home.empty.action')}</ButtonLink>
    </EmptyState>
  );
}

interface HomeProps {
  home: Home;
  first: Choice<'home_first'>;
  now: Date;
  format: Format;
  beside: string | undefined;
}

function HomeView({ home, first, now, format, beside }: HomeProps) {
  const { categories, hero, stores } = home;
  const sections = SEAMS.home_first.choices.toSorted((a, b) => Number(b === first) - Number(a === first));
  return (
    <>
      <HeroView hero={hero} />
      <section class="wrap section" aria-labelledby="rooms">
        <h2 id="rooms" class="visually-hidden">
          {t('nav.categories')}
        </h2>
        <CategoryTiles categories={categories} />
      </section>
      {sections.map((section) => {
        const View = SECTIONS[section];
        return <View key={section} home={home} format={format} beside={beside} />;
      })}
      {stores.length > 0 && (
        <section class="wrap section" aria-labelledby="stores">
          <div class="section-head">
            <h2 id="stores">{t('home.stores')}</h2>
            <a href="/stores">{t('home.stores.all')}</a>
          </div>
          <StoreCards stores={stores} now={now} format={format} />
        </section>
      )}
    </>
  );
}

type SectionProps = Pick<HomeProps, 'home' | 'format' | 'beside'>;

function Popular({ home: { popular }, format, beside }: SectionProps) {
  return (
    <section class="wrap section" aria-labelledby="popular">
      <div class="section-head">
        <h2 id="popular">{t('home.popular')}</h2>
      </div>
      <ProductCards cards={popular} format={format} beside={beside} />
    </section>
  );
}

function Makers({ home: { makers, hero } }: SectionProps) {
  const others = makers.filter((maker) => maker !== hero?.maker && maker.picture).slice(0, MAKERS_SHOWN);
  if (others.length === 0) return <></>;
  return (
    <section class="wrap section" aria-labelledby="makers">
      <div class="section-head">
        <h2 id="makers">{t('home.makers')}</h2>
        <a href="/brands">{t('home.makers.all', { count: makers.length })}</a>
      </div>
      <ul class="makers">
        {others.map((maker) => (
          <li key={maker.slug}>
            <MakerCard maker={maker} sizes="(min-width: 56rem) 27rem, 92vw" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Newest({ home: { newest }, format, beside }: SectionProps) {
  return (
    <section class="wrap section" aria-labelledby="new">
      <div class="section-head">
        <h2 id="new">{t('home.new')}</h2>
        <a href="/search?sort=newest">{t('home.new.all')}</a>
      </div>
      <ProductCards cards={newest} format={format} beside={beside} />
    </section>
  );
}

const SECTIONS = { popular: Popular, makers: Makers, newest: Newest };

function HeroView({ hero }: { hero: Hero | undefined }) {
  return (
    <section class="hero">
      <div class="hero-words">
        <h1>{t('home.title')}</h1>
        <p>{t('home.lead')}</p>
        <div class="actions">
          <ButtonLink href="/search">{t('home.action')}</ButtonLink>
          <ButtonLink href="/brands" look="plain">
            {t('home.action.makers')}
          </ButtonLink>
        </div>
      </div>
      {hero && (
        <figure class="hero-figure">
          <Picture picture={hero.picture} sizes="(min-width: 56rem) 60vw, 100vw" large eager />
          {hero.maker && (
            <figcaption>
              <a href={`/b/${hero.maker.slug}`}>
                {hero.maker.name}
                {hero.maker.place && `, ${hero.maker.place}`}
              </a>
            </figcaption>
          )}
        </figure>
      )}
    </section>
  );
}

function CategoryTiles({ categories }: { categories: CategoryNode[] }) {
  return (
    <ul class="tiles">
      {categories.map(({ slug, name, picture, productCount }) => (
        <li key={slug} class="tile">
          <a href={`/c/${slug}`}>
            <Picture
              picture={picture}
              sizes="(min-width: 82rem) 13rem, (min-width: 44rem) 22vw, 44vw"
              alt=""
            />
            <span class="tile-name">{name}</span>
            <span class="tile-count">{t('category.count', { count: productCount })}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

interface MakerProps {
  maker: BrandPage;
  sizes: string;
  level?: 'h2' | 'h3';
}

export function MakerCard({ maker, sizes, level: Heading = 'h3' }: MakerProps) {
  return (
    <article class="maker">
      <Picture picture={maker.picture} sizes={sizes} alt="" />
      <Heading>
        <a href={`/b/${maker.slug}`}>{maker.name}</a>
      </Heading>
      {maker.place && <p class="maker-place">{maker.place}</p>}
      <p>{maker.tagline}</p>
    </article>
  );
}
