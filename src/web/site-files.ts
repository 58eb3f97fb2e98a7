import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Deps } from '#platform/module.ts';
import { t } from './messages.ts';
import { originOf } from './page.ts';

const DAY = 24 * 60 * 60;
const COLONNADE =
  'M2 4h28v3H2zM3 9h26v19H3zM5.9 28V17.4a2.4 2.4 0 0 1 4.8 0V28zm7.7 0V17.4a2.4 2.4 0 0 1 4.8 0V28zm7.7 0V17.4a2.4 2.4 0 0 1 4.8 0V28z';

/** A tab may be dark or light, whatever the page is. */
const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>path{fill:#b5482a}@media(prefers-color-scheme:dark){path{fill:#e07a58}}</style><path fill-rule="evenodd" d="${COLONNADE}"/></svg>`;

/** With ground around the mark, since a launcher cuts the corners off. */
const TILE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#f7f3eb" d="M0 0h32v32H0z"/><path fill="#b5482a" fill-rule="evenodd" transform="translate(6.4 6.2) scale(.6)" d="${COLONNADE}"/></svg>`;

/** Pages that are somebody's own, or that only repeat what others hold. */
const PRIVATE = [
  '/account',
  '/cart',
  '/checkout',
  '/compare',
  '/desk',
  '/invitations',
  '/orders',
  '/save',
  '/search',
  '/sign-in',
  '/v1/',
];

export const siteFiles: FastifyPluginAsyncTypebox<Deps> = async (app, { config }) => {
  const schema = { hide: true, response: { 200: Type.Unsafe<string | Buffer>({}) } };
  const open = { config: { access: 'public' as const }, schema };

  app.get('/favicon.svg', open, async (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', `public, max-age=${DAY}`).send(FAVICON),
  );

  const icons = new Map<number, Promise<Buffer>>();
  for (const [path, size] of [
    ['/apple-touch-icon.png', 180],
    ['/icon-192.png', 192],
    ['/icon-512.png', 512],
    ['/favicon.ico', 32], // asked for by what reads no page; every browser takes a PNG here
  ] as const) {
    app.get(path, open, async (_request, reply) => {
      const icon = icons.get(size) ?? drawIcon(size);
      icons.set(size, icon);
      return reply
        .type('image/png')
        .header('cache-control', `public, max-age=${DAY}`)
        .send(await icon);
    });
  }

  app.get('/manifest.webmanifest', open, async (_request, reply) =>
    reply
      .type('application/manifest+json')
      .header('cache-control', `public, max-age=${DAY}`)
      .send(JSON.stringify(manifest(config.shopName))),
  );

  app.get('/robots.txt', open, async (request, reply) => {
    const lines = ['User-agent: *', ...PRIVATE.map((path) => `Disallow: ${path}`), ''];
    const sitemap = `Sitemap: ${originOf(config, request)}/sitemap.xml`;
    return reply.type('text/plain').send(`${[...lines, sitemap].join('\n')}\n`);
  });
};

const manifest = (name: string) => ({
  name,
  short_name: name,
  description: t('home.description'),
  start_url: '/',
  display: 'minimal-ui',
  // Once it is on the home screen, other apps share to it: what they share is saved to a board.
  share_target: { action: '/save', method: 'GET', params: { title: 'title', text: 'text', url: 'url' } },
  background_color: '#f7f3eb',
  theme_color: '#f7f3eb',
  icons: [192, 512].map((size) => ({
    src: `/icon-${size}.png`,
    sizes: `${size}x${size}`,
    type: 'image/png',
  })),
});

async function drawIcon(size: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const density = 72 * (size / 32);
  return sharp(Buffer.from(TILE), { density }).resize(size).png().toBuffer();
}
