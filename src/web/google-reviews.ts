import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Db } from '#platform/db.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { type NamedReview, unpaidReviews } from '#read/review-feed.ts';
import { originOf } from './page.ts';

const PAGE = 500;
/** In each process: it reads all there is. */
const AT_ONCE_MAX = 2;
const RETRY_SECONDS = 60;

/**
 * Reviews as Google takes them (Product Reviews, schema 2.3): always all of them, since what is not in it is dropped there.
 * The schema has no place to say that somebody got something for a review, so those are left out; and it wants words.
 */
export const googleReviews: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config }) => {
  let running = 0;
  app.get(
    '/feeds/google-product-reviews.xml',
    {
      config: { access: 'public' },
      schema: { hide: true, response: { 200: Type.Unsafe<Readable>({}) } },
      exposeHeadRoute: false, // it would read all of it
    },
    async (request, reply) => {
      if (running >= AT_ONCE_MAX)
        throw platformErrors.too_many_requests({ retryAfterSeconds: RETRY_SECONDS });
      running += 1;
      const file = Readable.from(feedOf(reads, originOf(config, request), config.shopName));
      file.once('close', () => (running -= 1));
      reply.raw.once('close', () => file.destroy());
      return reply.type('application/xml; charset=utf-8').send(file);
    },
  );
};

async function* feedOf(reads: Db, origin: string, shop: string): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.google.com/shopping/reviews/schema/product/2.3/product_reviews.xsd">
<version>2.3</version>
<publisher>${element('name', shop)}${element('favicon', `${origin}/favicon.ico`)}</publisher>
<reviews>
`;
  for (let after: string | null = null; ;) {
    const page: NamedReview[] = await unpaidReviews(reads, after, PAGE);
    yield page.map((review) => `${reviewOf(review, origin)}\n`).join('');
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) break;
  }
  yield '</reviews>\n</feed>\n';
}

/** The elements in the order that the schema wants. */
function reviewOf(review: NamedReview, origin: string): string {
  const { id, author, writtenAt, title, body, rating, product, isVerified } = review;
  const page = `${origin}/p/${product.slug}`;
  const name = author.trim();
  const ids = [
    listed(
      'gtins',
      'gtin',
      product.variants.map(({ gtin }) => gtin),
    ),
    listed(
      'skus',
      'sku',
      product.variants.map(({ sku }) => sku),
    ),
    listed('brands', 'brand', [product.brand]),
  ].join('');
  return [
    '<review>',
    element('review_id', id),
    `<reviewer>${name ? element('name', name) : '<name is_anonymous="true">Anonymous</name>'}</reviewer>`,
    element('review_timestamp', writtenAt.toISOString()),
    title && element('title', title),
    element('content', body),
    `<review_url type="group">${escaped(`${page}#review-${id}`)}</review_url>`,
    `<ratings><overall min="1" max="5">${rating}</overall></ratings>`,
    `<products><product><product_ids>${ids}</product_ids>`,
    element('product_name', product.title),
    element('product_url', page),
    '</product></products>',
    '<is_spam>false</is_spam>',
    element('collection_method', isVerified ? 'post_fulfillment' : 'unsolicited'),
    '</review>',
  ].join('');
}

const listed = (name: string, one: string, values: readonly (string | null)[]): string => {
  const given = [...new Set(values.flatMap((value) => value ?? []))];
  return given.length === 0 ? '' : `<${name}>${given.map((value) => element(one, value)).join('')}</${name}>`;
};

const element = (name: string, text: string): string => `<${name}>${escaped(text)}</${name}>`;

/** What XML has no way to write is left out. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- these are what must not stand in it
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
