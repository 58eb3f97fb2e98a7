import { Type } from 'typebox';
import { idsOfSlugs } from '#modules/catalog/index.ts';
import { profileOf, socialErrors } from '#modules/social/index.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id, Slug } from '#platform/schema.ts';
import { postErrors } from '../errors.ts';
import { type PostCards, postList } from '../post-list.ts';
import { tagFrom } from '../tags.ts';
import { PostLines } from './answers.ts';

const Page = exactly({ cursor: Type.Optional(Id) });
const open = { config: { access: 'public' } } as const;

const told = ({ posts, cursor }: PostCards) => ({
  posts: posts.map((post) => ({ ...post, madeAt: post.madeAt.toISOString() })),
  cursor,
});

export const listRoutes: NonNullable<Module['routes']> = async (app, { reads }) => {
  app.get(
    '/people/:handle',
    {
      ...open,
      schema: {
        operationId: 'listPostsOfPerson',
        params: exactly({ handle: Type.String({ minLength: 3, maxLength: 30 }) }),
        querystring: Page,
        response: { 200: PostLines, ...problems(socialErrors.person_not_found) },
      },
    },
    async ({ viewer, params: { handle }, query }) => {
      const { memberId } = await profileOf(reads, viewer.memberId, handle);
      return told(await postList(reads, viewer.memberId, { memberId }, query));
    },
  );

  app.get(
    '/products/:slug',
    {
      ...open,
      schema: {
        operationId: 'listPostsOfProduct',
        summary: 'Posts in which a product is shown, of owners who let its page show them',
        params: exactly({ slug: Slug }),
        querystring: Page,
        response: { 200: PostLines, ...problems(postErrors.product_not_found) },
      },
    },
    async ({ viewer, params: { slug }, query }) => {
      const productId = (await idsOfSlugs(reads, 'product', [slug])).get(slug);
      if (!productId) throw postErrors.product_not_found({});
      return told(await postList(reads, viewer.memberId, { productId }, query));
    },
  );

  app.get(
    '/tags/:tag',
    {
      ...open,
      schema: {
        operationId: 'listPostsOfTag',
        params: exactly({ tag: Type.String({ minLength: 1, maxLength: 50 }) }),
        querystring: Page,
        response: { 200: PostLines },
      },
    },
    async ({ viewer, params: { tag }, query }) => {
      const known = tagFrom(tag);
      if (known === undefined) return { posts: [], cursor: null };
      return told(await postList(reads, viewer.memberId, { tag: known }, query));
    },
  );
};
