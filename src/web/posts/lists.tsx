import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { cardsOf, idsOfSlugs } from '#modules/catalog/index.ts';
import { type PostCards as Found, postList, tagFrom } from '#modules/posts/index.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Id, Slug } from '#platform/schema.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { sharedPicture } from '../components/Picture.tsx';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { page, type Page } from '../page.ts';
import { PostCards } from './post-cards.tsx';

const querystring = Type.Object({ cursor: Type.Optional(Id) });

/** Posts with a tag, and with a product. */
export const postLists: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  app.get(
    '/tags/:tag',
    page('public', { params: Type.Object({ tag: Type.String({ maxLength: 200 }) }), querystring }),
    async ({ viewer, params, query }, reply) => {
      const tag = tagFrom(params.tag);
      if (tag === undefined) throw platformErrors.not_found({});
      if (tag !== params.tag) return reply.redirect(`/tags/${encodeURIComponent(tag)}`, 301);
      const found = await postList(reads, viewer.memberId, { tag }, query);
      const path = `/tags/${encodeURIComponent(tag)}`;
      return reply.page((about) => (
        <ListPage page={about} title={t('posts.tag', { tag })} path={path} found={found} />
      ));
    },
  );

  app.get(
    '/p/:slug/posts',
    page('public', { params: Type.Object({ slug: Slug }), querystring }),
    async ({ viewer, params: { slug }, query }, reply) => {
      const productId = (await idsOfSlugs(reads, 'product', [slug])).get(slug);
      const card = productId === undefined ? undefined : (await cardsOf(reads, [productId])).get(productId);
      if (productId === undefined || !card) throw platformErrors.not_found({});
      const found = await postList(reads, viewer.memberId, { productId }, query);
      const back = { href: `/p/${slug}`, label: card.title };
      return reply.page((about) => (
        <ListPage
          page={about}
          title={t('posts.seen.of', { title: card.title })}
          path={`/p/${slug}/posts`}
          found={found}
          back={back}
        />
      ));
    },
  );
};

interface Props {
  page: Page;
  title: string;
  path: string;
  found: Found;
  back?: { href: string; label: string };
}

function ListPage({ page: about, title, path, found: { posts, cursor }, back }: Props) {
  const shared = posts.find(({ picture }) => picture)?.picture ?? null;
  return (
    <Layout
      page={about}
      title={title}
      canonical={path}
      index={posts.length > 0}
      image={sharedPicture(shared)}
    >
      <div class="wrap">
        <header class="board-head">
          <h1>{title}</h1>
          {back && (
            <p>
              <a href={back.href}>{back.label}</a>
            </p>
          )}
        </header>
        {posts.length === 0 ? (
          <EmptyState title={t('posts.none')} text={t('posts.none.text')}>
            <ButtonLink href="/posts/new" look="plain">
              {t('posts.new')}
            </ButtonLink>
          </EmptyState>
        ) : (
          <PostCards posts={posts} />
        )}
        {cursor && (
          <p>
            <a href={`${path}?cursor=${cursor}`}>{t('posts.older')}</a>
          </p>
        )}
      </div>
    </Layout>
  );
}
