import { hash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import type { Db } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Slug } from '#platform/schema.ts';
import { askedPrices, pricesAsked } from './asked-prices.ts';
import { Brand, Compared, Detail, List, SuggestionList, Tree } from './answers.ts';
import { catalogErrors } from './errors.ts';
import { mediaRoutes } from './media-routes.ts';
import { priceListRoutes } from './price-list-routes.ts';
import type { ProductQuery } from './product-card.ts';
import { compareProducts, COMPARED_MAX, productDetailJson } from './product-detail.ts';
import { productListJson } from './product-list.ts';
import { staffRoutes } from './staff-routes.ts';
import { brandBySlug, categoryTree, suggestionsFor } from './surroundings.ts';

const LIST_MAX = 100;
const PRICE_MAX = 2 ** 52;
const Words = Type.String({ minLength: 1, maxLength: 200 });
const Price = Type.Integer({ minimum: 0, maximum: PRICE_MAX });

const filters = {
  ...askedPrices,
  category: Type.Optional(Slug),
  brand: Type.Optional(Slug),
  facet: Type.Optional(
    Type.Array(Type.String({ pattern: String.raw`^[a-z0-9-]{1,120}=[^\u0000]*$`, maxLength: 400 }), {
      maxItems: 50,
      description: 'code=value; of several values of one code, any will do',
    }),
  ),
  priceMin: Type.Optional(Price),
  priceMax: Type.Optional(Price),
  inStock: Type.Optional(Type.Boolean()),
  sort: Type.Optional(Type.Enum(['relevance', 'popularity', 'price', '-price', 'newest'])),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX, default: 20 })),
  cursor: Type.Optional(Type.String({ maxLength: 100 })),
};
const Listed = exactly(filters);
const Searched = exactly({ q: Words, ...filters });

async function queryOf(reads: Db, given: Static<typeof Listed> & { q?: string }): Promise<ProductQuery> {
  const { q, facet = [], priceMin, priceMax, countryCode: _, postcode: __, ...same } = given;
  const facets: Record<string, string[]> = Object.create(null);
  for (const each of facet) {
    const equals = each.indexOf('=');
    (facets[each.slice(0, equals)] ??= []).push(each.slice(equals + 1));
  }
  return {
    ...same,
    ...(await pricesAsked(reads, given)),
    ...(q !== undefined && { words: q }),
    ...(facet.length > 0 && { facets }),
    ...(priceMin !== undefined && { priceMinMinor: priceMin }),
    ...(priceMax !== undefined && { priceMaxMinor: priceMax }),
  };
}

/** JSON text as it is; a caller who has it already is told so. */
function answerText(request: FastifyRequest, reply: FastifyReply, json: string) {
  const etag = `"${hash('sha1', json, 'base64url')}"`;
  // Anybody may keep it, and must ask each time whether it still holds: what is unpublished is gone at once.
  reply.header('etag', etag).header('cache-control', 'public, no-cache');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(json);
}

const open = <Schema extends TSchema>(operationId: string, answer: Schema) => ({
  config: { access: 'public' as const },
  schema: { operationId, response: { 200: answer } },
});

export const routes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { reads } = deps;
  // They stand below this plugin's own prefix.
  const below = { ...deps, prefix: '' };
  await app.register(staffRoutes, below);
  await app.register(mediaRoutes, below);
  await app.register(priceListRoutes, below);

  const list = open('listProducts', List);
  const refusals = problems(catalogErrors.cursor_unknown);
  app.get(
    '/products',
    {
      ...list,
      schema: { ...list.schema, querystring: Listed, response: { ...list.schema.response, ...refusals } },
    },
    async (request, reply) =>
      answerText(request, reply, await productListJson(reads, await queryOf(reads, request.query))),
  );

  const search = open('searchProducts', List);
  app.get(
    '/search',
    {
      ...search,
      schema: {
        ...search.schema,
        querystring: Searched,
        response: { ...search.schema.response, ...refusals },
      },
    },
    async (request, reply) =>
      answerText(request, reply, await productListJson(reads, await queryOf(reads, request.query))),
  );

  app.get(
    '/products/:slug',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getProduct',
        params: exactly({ slug: Slug }),
        querystring: exactly(askedPrices),
        response: { 200: Detail, ...problems(catalogErrors.product_not_found) },
      },
    },
    async (request, reply) => {
      const json = await productDetailJson(
        reads,
        request.params.slug,
        await pricesAsked(reads, request.query),
      );
      if (json === null) throw catalogErrors.product_not_found({});
      return answerText(request, reply, json);
    },
  );
  await app.register(shelfRoutes, below);
};

const shelfRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { reads }) => {
  const suggestions = open('suggest', SuggestionList);
  app.get(
    '/suggestions',
    { ...suggestions, schema: { ...suggestions.schema, querystring: exactly({ q: Words, ...askedPrices }) } },
    async (request, reply) =>
      answerText(
        request,
        reply,
        JSON.stringify(await suggestionsFor(reads, request.query.q, await pricesAsked(reads, request.query))),
      ),
  );

  const comparison = open('compareProducts', Compared);
  const Slugs = Type.Array(Slug, { minItems: 1, maxItems: COMPARED_MAX });
  app.get(
    '/compare',
    {
      ...comparison,
      schema: { ...comparison.schema, querystring: exactly({ slugs: Slugs, ...askedPrices }) },
    },
    async (request, reply) =>
      answerText(
        request,
        reply,
        JSON.stringify(
          await compareProducts(reads, request.query.slugs, await pricesAsked(reads, request.query)),
        ),
      ),
  );

  app.get('/categories', open('getCategories', Tree), async (request, reply) =>
    answerText(request, reply, JSON.stringify({ categories: await categoryTree(reads) })),
  );

  app.get(
    '/brands/:slug',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getBrand',
        params: exactly({ slug: Slug }),
        response: { 200: Brand, ...problems(catalogErrors.brand_not_found) },
      },
    },
    async (request, reply) => {
      const brand = await brandBySlug(reads, request.params.slug);
      if (!brand) throw catalogErrors.brand_not_found({});
      return answerText(request, reply, JSON.stringify(brand));
    },
  );
};
