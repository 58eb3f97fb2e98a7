import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct } from '../factory.ts';

const HTML_BYTES_MAX = 40_000;

const jsonLdOf = (html: string): { '@graph': Record<string, unknown>[] } =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? '');

test('a product page shows fact, opinion and maker, and says the same to machines', async ({
  app,
  db,
  databaseUrl,
}) => {
  const reviews = [
    { author: 'Ada', rating: 5, body: 'Heavier than it looks' },
    { author: 'Jonas', rating: 2, body: 'It came chipped' },
  ];
  const { slug, brand, category } = await aProduct(db, databaseUrl, {
    title: 'Moon jar',
    reviews,
    amountMinor: 6450,
  });

  const { statusCode, body } = await aBrowser(app).open(`/p/${slug}`);

  expect(statusCode).toBe(200);
  expect(body).toContain('<h1>Moon jar</h1>');
  for (const text of ['€64.50', 'Heavier than it looks', 'It came chipped', brand.tagline, 'In stock']) {
    expect(body).toContain(text);
  }
  expect(body).toContain(`<link rel="canonical" href="http://localhost:80/p/${slug}"/>`);
  const [product, crumbs] = jsonLdOf(body)['@graph'];
  expect(product).toMatchObject({
    '@type': 'Product',
    name: 'Moon jar',
    brand: { name: brand.name },
    aggregateRating: { ratingValue: 3.5, reviewCount: 2 },
    offers: [
      { price: '64.50', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' },
      { price: '64.50', priceCurrency: 'EUR' },
    ],
  });
  expect(crumbs).toMatchObject({
    '@type': 'BreadcrumbList',
    itemListElement: [{ name: 'Home' }, { name: category.name }, { name: 'Moon jar' }],
  });
});

test('a page that was rendered before says what is so now, to each visitor in their own way', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug } = await aProduct(db, databaseUrl, { title: 'Moon jar', amountMinor: 6450 });
  const [plain, dark] = [aBrowser(app), aBrowser(app)];
  dark.jar.set('stoa_theme', 'dark');
  const path = `/p/${slug}`;
  const headers = { accept: 'text/html', 'accept-language': 'nl-NL' };

  const first = (await dark.open(path)).body;
  const second = (await app.inject({ url: path, headers })).body;
  await sql`update catalog.product set title = 'Sun jar' where slug = ${slug}`.execute(db);
  const third = (await plain.open(path)).body;

  const saidBy = (html: string) => [
    /<h1>(.*?)<\/h1>/.exec(html)?.[1],
    /data-theme="(\w+)"/.exec(html)?.[1],
    /<span class="now">(.*?)<\/span>/.exec(html)?.[1],
    jsonLdOf(html)['@graph'][0]?.['name'],
  ];
  expect(saidBy(first)).toEqual(['Moon jar', 'dark', '€64.50', 'Moon jar']);
  expect(saidBy(second)).toEqual(['Moon jar', undefined, '€\u00a064,50', 'Moon jar']);
  expect(saidBy(third)).toEqual(['Sun jar', undefined, '€64.50', 'Sun jar']);
});

test('hostile text is text: in the page, in attributes, and in the facts for machines', async ({
  app,
  db,
  databaseUrl,
}) => {
  const hostile = `"'><script>alert(1)</script><!--</script><script>alert(2)//`;
  const reviews = [{ author: hostile, rating: 1, body: hostile }];
  const { slug } = await aProduct(db, databaseUrl, {
    title: hostile,
    description: hostile,
    summary: hostile,
    reviews,
  });

  const { body } = await aBrowser(app).open(`/p/${slug}`);
  const searched = await aBrowser(app).open(`/search?q=${encodeURIComponent(hostile)}`);

  expect(body).not.toMatch(/<script>|<!--/);
  expect(searched.body).not.toMatch(/<script>|<!--/);
  expect(body.match(/<script/g)).toHaveLength(2); // ours and the facts
  expect(jsonLdOf(body)['@graph'][0]).toMatchObject({ name: hostile });
});

test('a page of a product with much to say stays below 40 kB', async ({ app, db, databaseUrl }) => {
  const long =
    'Heavier than it looks in the pictures, in a good way. The glaze runs a little at the foot. '.repeat(3);
  const reviews = Array.from({ length: 12 }, (_, index) => ({
    author: `Reader ${index}`,
    rating: 4,
    body: long,
  }));
  const rich = {
    colours: ['Sage', 'Sand', 'Ink', 'Clay'],
    sizes: ['S', 'M', 'L'],
    pictures: 6,
    attributes: 12,
    reviews,
  };
  const { slug, category } = await aProduct(db, databaseUrl, { ...rich, description: long.repeat(4) });
  for (let beside = 0; beside < 3; beside++) {
    await aProduct(db, databaseUrl, { attributes: 12, categoryId: category.id });
  }

  const product = await aBrowser(app).open(`/p/${slug}`);

  expect(product.statusCode).toBe(200);
  expect(product.body.match(/<th scope="col">/g)).toHaveLength(4);
  expect(Buffer.byteLength(product.body)).toBeLessThan(HTML_BYTES_MAX);
});

test('a category keeps its filters in the address, and its canonical address without them', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { category, product } = await aProduct(db, databaseUrl, { title: 'Sage vase', colours: ['Sage'] });
  await aProduct(db, databaseUrl, { title: 'Clay vase', colours: ['Clay'], categoryId: category.id });

  const all = await aBrowser(app).open(`/c/${category.slug}`);
  const some = await aBrowser(app).open(`/c/${category.slug}?f-colour=Sage&utm_source=letter&stock=yes`);

  expect(all.body).toContain('2 pieces');
  expect(some.body).toContain('1 piece<');
  expect(some.body).toContain(`href="/p/${product.slug}"`);
  expect(some.body).not.toContain('Clay vase');
  expect(some.body).toMatch(
    /<a class="chip" href="\/c\/[\w-]+\?stock=yes" aria-label="Sage: remove this filter">/,
  );
  expect(some.body).toContain(`<link rel="canonical" href="http://localhost:80/c/${category.slug}"/>`);
  expect(some.body).toMatch(/value="Sage" checked/);
});

test('a misspelt word finds what was meant, and says so', async ({ app, db, databaseUrl }) => {
  await aProduct(db, databaseUrl, { title: 'Amphora of Thera' });

  const { body } = await aBrowser(app).open('/search?q=amfora');

  expect(body).toContain('Amphora of Thera');
  expect(body).toMatch(/Nothing is called “amfora”\. This is what there is for “amphora”\./);
});

test('products stand side by side with their differences marked', async ({ app, db, databaseUrl }) => {
  const first = await aProduct(db, databaseUrl, { title: 'First' });
  const second = await aProduct(db, databaseUrl, { title: 'Second' });

  const { body } = await aBrowser(app).open(`/compare?p=${first.slug}&p=${second.slug}&p=unknown`);

  expect(body.match(/<th scope="col">/g)).toHaveLength(2);
  expect(body.match(/<tr class="different">/g)).toHaveLength(2);
});

test('a product stands beside what is like it on its own page, with the differences marked', async ({
  app,
  db,
  databaseUrl,
}) => {
  const first = await aProduct(db, databaseUrl, { title: 'First' });
  const second = await aProduct(db, databaseUrl, { title: 'Second', categoryId: first.category.id });

  const { body } = await aBrowser(app).open(`/p/${first.slug}`);

  const compared = body.slice(
    body.indexOf('id="compare"'),
    body.indexOf('</table>', body.indexOf('id="compare"')),
  );
  const heads = [...compared.matchAll(/<th scope="col"><a href="\/p\/([^"]+)"/g)].map(([, slug]) => slug);
  expect(heads).toEqual([first.slug, second.slug]);
  expect(compared.match(/<tr class="different">/g)).toHaveLength(2);
});

test('every page of the shop opens, tells what it is, and names its language', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { slug, brand, category } = await aProduct(db, databaseUrl);
  const browser = aBrowser(app);

  const paths = [
    '/',
    `/c/${category.slug}`,
    '/search',
    `/p/${slug}`,
    '/compare',
    '/brands',
    `/b/${brand.slug}`,
  ];
  for (const path of [...paths, '/stores', '/cart', '/about', '/api']) {
    const { statusCode, body } = await browser.open(path);
    expect(statusCode, path).toBe(200);
    expect(body.match(/<h1/g), path).toHaveLength(1);
    expect(body, path).toMatch(/^<!doctype html><html lang="en"/);
    expect(body, path).not.toMatch(/ on\w+="|<style|undefined|\[object/);
  }
});

test('nothing is found at an address that nobody answers', async ({ app }) => {
  const browser = aBrowser(app);

  for (const path of ['/p/no-such-vase', '/c/nowhere', '/b/nobody', '/p/Not%20A%20Slug', '/some/where']) {
    const { statusCode, body, headers } = await browser.open(path);
    expect(statusCode, path).toBe(404);
    expect(headers['content-security-policy'], path).toContain("script-src 'self'");
    expect(body, path).toContain('There is nothing here');
  }
  const forCode = await app.inject({ url: '/p/no-such-vase', headers: { accept: 'application/json' } });
  expect(forCode.headers['content-type']).toContain('application/problem+json');
});

test('who is not signed in is sent to the front door, and comes back', async ({ app }) => {
  const { statusCode, headers } = await aBrowser(app).open('/orders');

  expect([statusCode, headers['location']]).toEqual([303, '/sign-in?next=%2Forders']);
});

test('robots, sitemap and manifest say where everything is', async ({ app, db, databaseUrl }) => {
  const { slug, category, brand } = await aProduct(db, databaseUrl);

  const text = async (url: string) => (await app.inject({ url })).body;

  expect(await text('/robots.txt')).toContain('Sitemap: http://localhost:80/sitemap.xml');
  expect(await text('/sitemap.xml')).toContain('<loc>http://localhost:80/sitemap/products-1.xml</loc>');
  expect(await text('/sitemap/products-1.xml')).toContain(`<loc>http://localhost:80/p/${slug}</loc>`);
  const shelves = await text('/sitemap/pages.xml');
  expect(shelves).toContain(`<loc>http://localhost:80/c/${category.slug}</loc>`);
  expect(shelves).toContain(`<loc>http://localhost:80/b/${brand.slug}</loc>`);
  expect((await app.inject({ url: '/sitemap/products-9999.xml' })).statusCode).toBe(404);
  expect(JSON.parse(await text('/manifest.webmanifest'))).toMatchObject({ name: 'Stoa' });
});
