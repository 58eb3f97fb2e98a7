import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type ProductPage, suggestionsFor, type Suggestions } from '#modules/catalog/index.ts';
import { tagsLike } from '#modules/posts/index.ts';
import type { Deps } from '#platform/module.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Notice } from '../components/Notice.tsx';
import { smallestFile } from '../components/Picture.tsx';
import { type Format, formatFor } from '../format.ts';
import type { HappenedFacts } from '../collecting.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { SearchTabs } from '../feed/search-social.tsx';
import { type Filters, readFilters } from './filters.ts';
import { listed as cardsSaid } from './happened.ts';
import { listed } from './listed.ts';
import { ProductList } from './product-list.tsx';

const Suggestion = Type.Object({
  href: Type.String(),
  text: Type.String(),
  note: Type.String(),
  image: Type.Optional(Type.String()),
});

export const searchPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  app.get('/search', page('public'), async ({ query, currency }, reply) => {
    const filters = readFilters(query);
    const found = await listed(reads, filters, currency, now());
    return reply.page((about) => <SearchView page={about} filters={filters} found={found} />);
  });

  // What the search field offers while somebody types. Code elsewhere uses GET /v1/catalog/suggestions.
  app.get(
    '/search/suggestions',
    {
      config: { access: 'public' },
      schema: {
        hide: true,
        querystring: Type.Object({ q: Type.String({ minLength: 1, maxLength: 200 }) }),
        response: { 200: Type.Object({ suggestions: Type.Array(Suggestion) }) },
      },
    },
    async ({ query, headers, currency, viewer }, reply) => {
      const format = formatFor(headers['accept-language']);
      // By the cookie, for the currency and the place are in it.
      reply.header('cache-control', 'private, max-age=60').header('vary', 'cookie, accept-language');
      const [found, tags] = await Promise.all([
        suggestionsFor(reads, query.q, currency.prices),
        tagsLike(reads, viewer.memberId, query.q.replace('#', ''), TAGS_SUGGESTED),
      ]);
      return { suggestions: [...offered(found, format), ...tags.map(offeredTag)] };
    },
  );
};

const TAGS_SUGGESTED = 3;
const offeredTag = ({ tag, posts }: { tag: string; posts: number }) => ({
  href: `/tags/${encodeURIComponent(tag)}`,
  text: t('posts.tag', { tag }),
  note: t('suggestion.tag', { count: posts }),
});

function offered({ products, categories, brands }: Suggestions, format: Format) {
  return [
    ...categories.map(({ slug, name }) => ({
      href: `/c/${slug}`,
      text: name,
      note: t('suggestion.category'),
    })),
    ...brands.map(({ slug, name }) => ({ href: `/b/${slug}`, text: name, note: t('suggestion.maker') })),
    ...products.map(({ slug, title, price, picture }) => {
      const small = picture && smallestFile(picture);
      return {
        href: `/p/${slug}`,
        text: title,
        note: price ? format.money(price.amountMinor, price.currency) : '',
        ...(picture && small && { image: `/media/${picture.sha256}/${small}` }),
      };
    }),
  ];
}

/** Without words it is a list like any other. */
const searched = ({ words }: Filters, { cards }: ProductPage): HappenedFacts =>
  words
    ? { name: 'Products Searched', facts: { query: words } }
    : { name: 'Product List Viewed', facts: { list_id: 'all', products: cardsSaid(cards) } };

function SearchView({ page: about, filters, found }: { page: Page; filters: Filters; found: ProductPage }) {
  const { words } = filters;
  const title = words ? t('search.title', { words }) : t('search.title.all');
  return (
    <Layout page={about} title={title} canonical="/search" index={false} happened={searched(filters, found)}>
      <div class="wrap">
        <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: title }]} />
        <header class="list-title">
          <h1>{title}</h1>
          {words && <SearchTabs words={words} on="products" />}
          {found.searchedFor && <Notice>{t('search.instead', { words, instead: found.searchedFor })}</Notice>}
        </header>
        <ProductList page={about} path="/search" filters={filters} found={found} />
      </div>
    </Layout>
  );
}
