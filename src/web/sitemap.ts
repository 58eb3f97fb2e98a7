import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import {
  pieceEntries,
  productEntries,
  publishedCount,
  shelfEntries,
  SHOWN_KINDS,
  type SitemapEntry,
} from '#read/sitemap.ts';
import { originOf } from './page.ts';

/** The protocol allows 50,000; smaller parts are quicker to make and to read. */
const PART_SIZE = 10_000;
const HOUR = 3600;
const STANDING = ['/', '/brands', '/stores', '/about', '/api'];

/** Every address worth finding: an index, the shop's own pages, what members show, and the products in parts. */
export const sitemap: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config: settings }) => {
  const response = { 200: Type.Unsafe<string>({}) };
  const schema = { hide: true, response };
  const config = { access: 'public' as const };

  app.get('/sitemap.xml', { config, schema }, async (request, reply) => {
    const origin = originOf(settings, request);
    const parts = Math.ceil((await publishedCount(reads)) / PART_SIZE);
    const shown = SHOWN_KINDS.map((kind) => `${kind}s`);
    const files = ['pages', ...shown, ...Array.from({ length: parts }, (_, part) => `products-${part + 1}`)];
    const entries = files.map((name) => `<sitemap><loc>${origin}/sitemap/${name}.xml</loc></sitemap>`);
    return xml(reply, 'sitemapindex', entries);
  });

  app.get('/sitemap/pages.xml', { config, schema }, async (request, reply) => {
    const standing = STANDING.map((path) => ({ path, changedOn: null }));
    const entries = [...standing, ...(await shelfEntries(reads))];
    return xml(reply, 'urlset', entries.map(urlOf(originOf(settings, request))));
  });

  for (const kind of SHOWN_KINDS)
    app.get(`/sitemap/${kind}s.xml`, { config, schema }, async (request, reply) => {
      const entries = await pieceEntries(reads, kind, PART_SIZE);
      return xml(reply, 'urlset', entries.map(urlOf(originOf(settings, request))));
    });

  const params = Type.Object({ part: Type.Integer({ minimum: 1, maximum: 10_000 }) });
  app.get(
    '/sitemap/products-:part.xml',
    { config, schema: { ...schema, params } },
    async (request, reply) => {
      const entries = await productEntries(reads, request.params.part, PART_SIZE);
      if (entries.length === 0) throw platformErrors.not_found({});
      return xml(reply, 'urlset', entries.map(urlOf(originOf(settings, request))));
    },
  );
};

const urlOf =
  (origin: string) =>
  ({ path, changedOn }: SitemapEntry) =>
    `<url><loc>${origin}${path}</loc>${changedOn ? `<lastmod>${changedOn}</lastmod>` : ''}</url>`;

/** Paths are slugs, so nothing in them needs escaping. */
function xml(reply: FastifyReply, root: string, entries: readonly string[]): FastifyReply {
  const open = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`;
  reply.type('application/xml; charset=utf-8').header('cache-control', `public, max-age=${HOUR}`);
  return reply.send(`${open}\n${entries.join('\n')}\n</${root}>\n`);
}
