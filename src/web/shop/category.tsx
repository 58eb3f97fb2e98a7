import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { categoryTree, type CategoryNode, type ProductPage } from '#modules/catalog/index.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Slug } from '#platform/schema.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { sharedPicture } from '../components/Picture.tsx';
import { breadcrumbFacts, type JsonLdObject } from '../json-ld.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { FollowThis } from '../social/following.tsx';
import { type FollowState, followState } from '#read/followed-things.ts';
import { type Filters, readFilters } from './filters.ts';
import { listed as cardsSaid } from './happened.ts';
import { listed } from './listed.ts';
import { ProductList } from './product-list.tsx';

export const categoryPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, now }) => {
  app.get(
    '/c/:slug',
    page('public', { params: Type.Object({ slug: Slug }) }),
    async ({ params, query, currency, viewer }, reply) => {
      const asked = readFilters(query);
      // Whoever chose an order gets it; a page further down is of the order that its first one had.
      const sort = asked.sort ?? (await reply.trial('list_order'));
      const filters = sort === 'popularity' ? asked : { ...asked, sort };
      const [tree, found, followed] = await Promise.all([
        categoryTree(reads),
        listed(reads, { ...filters, words: '' }, currency, now(), params.slug),
        followState(reads, viewer.memberId, 'topic', params.slug),
      ]);
      const path = pathTo(tree, params.slug);
      if (!path) throw platformErrors.not_found({});
      return reply.page((about) => (
        <CategoryView page={about} path={path} filters={filters} found={found} followed={followed} />
      ));
    },
  );
};

/** From the top of the tree down to the category. */
function pathTo(tree: readonly CategoryNode[], slug: string): CategoryNode[] | undefined {
  for (const node of tree) {
    if (node.slug === slug) return [node];
    const below = pathTo(node.children, slug);
    if (below) return [node, ...below];
  }
  return undefined;
}

interface Props {
  page: Page;
  path: CategoryNode[];
  filters: Filters;
  found: ProductPage;
  followed: FollowState | undefined;
}

function CategoryView({ page: about, path, filters, found, followed }: Props) {
  const category = path.at(-1);
  if (!category) return <></>;
  const { slug, name, description, picture, children } = category;
  const crumbs = [
    { name: t('home'), href: '/' },
    ...path.slice(0, -1).map((node) => ({ name: node.name, href: `/c/${node.slug}` })),
    { name },
  ];
  return (
    <Layout
      page={about}
      title={name}
      description={description || t('category.description', { name })}
      canonical={`/c/${slug}`}
      image={sharedPicture(picture)}
      happened={{
        name: 'Product List Viewed',
        facts: { list_id: slug, category: slug, products: cardsSaid(found.cards) },
      }}
      jsonLd={[breadcrumbFacts(crumbs, about.origin), listFacts(found, about.origin)]}
    >
      <div class="wrap">
        <Breadcrumbs crumbs={crumbs} />
        <header class="list-title">
          <h1>{name}</h1>
          {description && <p class="lead">{description}</p>}
          <FollowThis page={about} state={followed} />
          {children.length > 0 && (
            <ul class="subcategories">
              {children.map((child) => (
                <li key={child.slug}>
                  <a href={`/c/${child.slug}`}>{child.name}</a>
                </li>
              ))}
            </ul>
          )}
        </header>
        <ProductList page={about} path={`/c/${slug}`} filters={filters} found={found} fixed={['category']} />
      </div>
    </Layout>
  );
}

export function listFacts({ cards }: ProductPage, origin: string): JsonLdObject {
  return {
    '@type': 'ItemList',
    itemListElement: cards.map(({ slug, title }, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name: title,
      url: `${origin}/p/${slug}`,
    })),
  };
}
