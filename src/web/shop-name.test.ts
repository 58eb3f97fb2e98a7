import { expect } from 'vitest';
import { importCatalog, useCurrency } from '#modules/catalog/index.ts';
import { openBulk } from '#platform/bulk.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { buildApp } from '../app.ts';
import { aBrowser, aProduct } from './factory.ts';

test('a configured address and name are what pages, files and mails speak of', async ({
  deps,
  db,
  databaseUrl,
  work,
  outbox,
}) => {
  const { slug } = await aProduct(db, databaseUrl);
  const publicUrl = 'https://shop.example';
  const config = { ...deps.config, publicUrl, isPublicUrlGiven: true, shopName: 'Kiln & Co' };
  const app = await buildApp({ ...deps, config });
  try {
    const visitor = aBrowser(app);
    const read = async (url: string) => (await visitor.open(url)).body;
    const product = await read(`/p/${slug}`);
    expect(product).toContain(`<link rel="canonical" href="${publicUrl}/p/${slug}"/>`);
    expect(product).toContain(`<meta property="og:url" content="${publicUrl}/p/${slug}"/>`);
    expect(product).toContain(`<meta property="og:image" content="${publicUrl}/media/`);
    expect(product).toContain(`"url":"${publicUrl}/p/${slug}"`);
    expect(await read('/sitemap.xml')).toContain(`<loc>${publicUrl}/sitemap/pages.xml</loc>`);
    expect(await read('/sitemap/products-1.xml')).toContain(`<loc>${publicUrl}/p/${slug}</loc>`);
    expect(await read('/robots.txt')).toContain(`Sitemap: ${publicUrl}/sitemap.xml`);
    expect(JSON.parse(await read('/manifest.webmanifest')).name).toBe('Kiln & Co');

    const pages = [
      '/',
      `/p/${slug}`,
      '/about',
      '/stores',
      '/sign-up',
      '/sign-in',
      '/account/privacy',
      '/cart',
    ];
    for (const path of pages) {
      const html = await read(path);
      expect(html, path).toContain('Kiln &amp; Co');
      expect(html, path).not.toMatch(/\bStoa\b/);
    }
    const email = 'somebody@kiln.example';
    await app.inject({
      method: 'POST',
      url: '/v1/identity/sign-up',
      payload: { name: 'Ada', email, password: 'a stoa is a covered walk' },
    });
  } finally {
    await app.close();
  }
  await work();
  expect(outbox.map(({ to }) => to)).toEqual(['somebody@kiln.example']);
});

test('without one, pages name the address that they were asked for at', async ({ app, db, databaseUrl }) => {
  const { slug } = await aProduct(db, databaseUrl);
  const { body } = await app.inject({ url: `/p/${slug}`, headers: { host: 'here.example:8080' } });
  expect(body).toContain(`<link rel="canonical" href="http://here.example:8080/p/${slug}"/>`);
});

test('in a shop of another currency, lists show, filter and sell in it', async ({ app, db, databaseUrl }) => {
  const { slug, product, category } = await aProduct(db, databaseUrl, { amountMinor: 2400 });
  const euros = await aProduct(db, databaseUrl, { amountMinor: 15_000, categoryId: category.id });
  await using bulk = await openBulk(databaseUrl);
  const offers = [
    { currency: 'EUR', amountMinor: 2400 },
    { currency: 'SEK', amountMinor: 29_900 },
  ];
  await bulk.run((tx) =>
    importCatalog(tx, {
      source: 'test',
      products: [{ ...product, variants: product.variants.map((variant) => ({ ...variant, offers })) }],
    }),
  );
  await inTransaction(db, (tx) => useCurrency(tx, 'SEK'));
  const shopper = aBrowser(app);
  const slugsIn = async (query: string) => {
    const { body } = await shopper.open(`/c/${category.slug}${query}`);
    return new Set([...body.matchAll(/href="\/p\/([^"]+)"/g)].map(([, each]) => each));
  };
  expect(await slugsIn('')).toEqual(new Set([slug, euros.slug]));
  expect(await slugsIn('?min=200&max=400')).toEqual(new Set([slug]));
  expect(await slugsIn('?min=100&max=200')).toEqual(new Set()); // 150 euros are not 150 kronor
  expect((await shopper.open(`/p/${slug}`)).body).toContain('SEK\u00a0299.00');

  await shopper.send('/cart', { product: slug, quantity: '1', 'option-0': 'Sage' });
  const checkout = (await shopper.open('/checkout')).body;
  expect(checkout).toContain('standard:5900');
  await inTransaction(db, (tx) => useCurrency(tx, 'EUR'));
});
