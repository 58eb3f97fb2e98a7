import { randomUUID } from 'node:crypto';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { STAFF_ROLES } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { addApiKey, seedMember, signIn } from '../identity/index.ts';
import { aProductInput, aPublishedProduct, aWord } from './factory.ts';
import { UPLOAD_BYTES_MAX } from './media.ts';

async function keyWith(deps: Deps, ...scopes: string[]): Promise<Record<string, string>> {
  const { key } = await inTransaction(deps.db, (tx) =>
    addApiKey(tx, { actor: 'system', memberId: undefined }, { name: 'A feed', scopes, expiresAt: null }),
  );
  return { authorization: `Bearer ${key}` };
}

async function signedIn(
  deps: Deps,
  staffRoles?: (typeof STAFF_ROLES)[number][],
): Promise<Record<string, string>> {
  const claim = { email: `${randomUUID()}@shop.example`, password: `a long password ${randomUUID()}` };
  await seedMember(deps, { name: 'Ada', ...claim, ...(staffRoles && { staffRoles }) });
  const ip = `10.${randomUUID().slice(0, 2).replaceAll(/\D/g, '1')}.0.${Math.floor(Math.random() * 200)}`;
  const cookies = await signIn(deps, { headers: new Headers(), ip } as never, claim);
  return { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') };
}

function upload(bytes: Buffer, name = 'file'): Pick<InjectOptions, 'payload' | 'headers'> {
  const boundary = 'x-boundary-of-the-test';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`;
  return {
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

const typeOf = ({ headers }: LightMyRequestResponse) => String(headers['content-type']).split(';')[0];
const v1 = (path: string) => `/v1/catalog${path}`;

test('only merchants and machines with the scope may write, everybody may read', async ({ app, deps }) => {
  const id = randomUUID();
  const writes: [InjectOptions['method'], string][] = [
    ['PUT', `/products/${id}`],
    ['POST', `/products/${id}/publish`],
    ['POST', `/products/${id}/unpublish`],
    ['PUT', `/offers/${id}`],
    ['PUT', `/brands/${id}`],
    ['PUT', `/categories/${id}`],
    ['PUT', `/attributes/${id}`],
    ['POST', '/media'],
  ];
  const callers: [string, Record<string, string>, 'refused' | 'sign in' | 'let in'][] = [
    ['a guest', {}, 'sign in'],
    ['a member', await signedIn(deps), 'refused'],
    ['operations', await signedIn(deps, ['operations']), 'refused'],
    ['service', await signedIn(deps, ['service']), 'refused'],
    ['a merchant', await signedIn(deps, ['merchant']), 'let in'],
    ['an admin', await signedIn(deps, ['admin']), 'let in'],
    ['a reading machine', await keyWith(deps, 'catalog:read'), 'refused'],
    ['another machine', await keyWith(deps, 'inventory:write'), 'refused'],
    ['the feed', await keyWith(deps, 'catalog:write'), 'let in'],
  ];
  for (const [who, headers, expected] of callers) {
    for (const [method = 'GET', path] of writes) {
      const { statusCode } = await app.inject({ method, url: v1(path), headers });
      const answer = statusCode === 401 ? 'sign in' : statusCode === 403 ? 'refused' : 'let in';
      expect(answer, `${who}: ${method} ${path}`).toBe(expected);
    }
  }
  for (const path of [
    '/products',
    '/search?q=jug',
    '/suggestions?q=jug',
    '/categories',
    '/compare?slugs=jug',
  ]) {
    expect((await app.inject({ url: v1(path) })).statusCode, path).toBe(200);
  }
});

test('a product is written, priced, shown, found and taken back over the API', async ({ app, deps }) => {
  const headers = await keyWith(deps, 'catalog:write');
  const call = (method: 'GET' | 'PUT' | 'POST', path: string, payload?: object) =>
    app.inject({ method, url: v1(path), headers, ...(payload && { payload }) });
  const word = aWord();
  const [id, brandId, categoryId] = [randomUUID(), randomUUID(), randomUUID()];
  const png = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();
  const form = upload(png);
  const media = await app.inject({
    method: 'POST',
    url: v1('/media'),
    ...form,
    headers: { ...form.headers, ...headers },
  });
  expect(media.statusCode).toBe(200);
  expect(media.json()).toMatchObject({
    state: 'pending',
    mimeType: 'image/webp',
    width: 40,
    height: 40,
    colour: '#386898',
  });

  expect((await call('PUT', `/brands/${brandId}`, { slug: `b-${word}`, name: 'Kolonna' })).json()).toEqual({
    id: brandId,
  });
  await call('PUT', `/categories/${categoryId}`, { slug: `c-${word}`, name: 'Jugs' });
  await call('PUT', `/attributes/${randomUUID()}`, {
    code: `a-${word}`,
    name: 'Volume',
    type: 'number',
    unit: 'milliliter',
    isFacet: true,
  });
  const input = aProductInput(`${word} jug`, {
    brandId,
    categoryId,
    attributes: [{ code: `a-${word}`, value: 750 }],
    pictures: [{ mediaId: media.json().id, alt: 'A jug' }],
  });
  const [variant] = input.variants;
  expect((await call('PUT', `/products/${id}`, input)).json()).toEqual({
    id,
    slug: input.slug,
    publication: 'draft',
  });
  expect((await call('GET', `/products/${input.slug}`)).statusCode).toBe(404);
  expect((await call('POST', `/products/${id}/publish`)).json()).toEqual({ id });
  const offer = { variantId: variant?.id, currency: 'EUR', amountMinor: 2500, compareAtMinor: 3000 };
  await call('PUT', `/offers/${randomUUID()}`, offer);

  const list = await call(
    'GET',
    `/products?category=c-${word}&brand=b-${word}&facet=a-${word}=750&priceMin=2500&priceMax=2500`,
  );
  expect(list.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'public, no-cache',
  });
  expect(list.json()).toMatchObject({
    cards: [
      {
        id,
        title: `${word} jug`,
        price: { amountMinor: 2500, compareAtMinor: 3000, currency: 'EUR', isFrom: false },
      },
    ],
    total: { count: 1, isExact: true },
    cursor: null,
  });
  const { etag = '' } = list.headers;
  const again = await app.inject({
    url: v1(`/products?category=c-${word}&brand=b-${word}&facet=a-${word}=750&priceMin=2500&priceMax=2500`),
    headers: { 'if-none-match': String(etag) },
  });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  expect((await call('GET', `/products/${input.slug}`)).json()).toMatchObject({
    id,
    attributes: [{ value: 750, unit: 'milliliter' }],
  });
  expect((await call('GET', `/search?q=${word}`)).json().total).toEqual({ count: 1, isExact: true });
  expect((await call('GET', `/brands/b-${word}`)).json()).toMatchObject({ name: 'Kolonna', productCount: 1 });
  expect((await call('GET', `/compare?slugs=${input.slug}`)).json().products).toHaveLength(1);
  expect((await call('GET', '/categories')).json().categories).toContainEqual({
    id: categoryId,
    slug: `c-${word}`,
    name: 'Jugs',
    description: '',
    picture: null,
    productCount: 1,
    children: [],
  });

  await call('POST', `/products/${id}/unpublish`);
  expect((await call('GET', `/products/${input.slug}`)).statusCode).toBe(404);
  expect((await call('GET', `/products?category=c-${word}`)).json()).toEqual({
    cards: [],
    facets: [],
    total: { count: 0, isExact: true },
    cursor: null,
    searchedFor: null,
  });
});

describe('bad input', () => {
  test('is a problem that says what is wrong, and nothing is written', async ({ app, deps, db }) => {
    const headers = { ...(await keyWith(deps, 'catalog:write')), 'content-type': 'application/json' };
    const id = randomUUID();
    const input = aProductInput('Jug');
    const [variant] = input.variants;
    const put = (payload: string) =>
      app.inject({ method: 'PUT', url: v1(`/products/${id}`), headers, payload });
    const bad: [string, string, number][] = [
      ['torn', '{"slug": "a"', 400],
      ['no object', '[]', 400],
      ['nothing', '', 400],
      ['invalid UTF-8', JSON.stringify({ ...input, title: 'x' }).replace('x', '\u0000'), 400],
      ['an unknown field', JSON.stringify({ ...input, colour: 'red' }), 400],
      ['an unknown field below', JSON.stringify({ ...input, variants: [{ ...variant, price: 1 }] }), 400],
      ['a number as text', JSON.stringify({ ...input, variants: [{ ...variant, weightGrams: '5' }] }), 400],
      ['no variants', JSON.stringify({ ...input, variants: [] }), 400],
      ['a slug of capitals', JSON.stringify({ ...input, slug: 'Jug' }), 400],
      ['a NUL', JSON.stringify({ ...input, title: 'a\u0000b' }), 400],
      ['a title too long', JSON.stringify({ ...input, title: 'x'.repeat(301) }), 400],
      [
        'too many variants',
        JSON.stringify({ ...input, variants: Array.from({ length: 201 }, () => variant) }),
        400,
      ],
      ['10 MB', JSON.stringify({ ...input, description: 'x'.repeat(10_000_000) }), 413],
      ['another __proto__', `{"__proto__":{"x":1},${JSON.stringify(input).slice(1)}`, 400],
      ['no such brand', JSON.stringify({ ...input, brandId: randomUUID() }), 422],
    ];
    for (const [name, payload, status] of bad) {
      const answer = await put(payload);
      expect([answer.statusCode, typeOf(answer)], name).toEqual([status, 'application/problem+json']);
      expect(answer.json(), name).toMatchObject({ status, title: expect.any(String) });
    }
    const { rows } = await sql`select from catalog.product where id = ${id}`.execute(db);
    expect(rows).toEqual([]);
  });

  test('of a query is refused, not guessed at', async ({ app }) => {
    const bad = [
      '/products?limit=0',
      '/products?limit=101',
      '/products?limit=many',
      '/products?sort=random',
      '/products?page=2',
      '/products?facet=colour',
      '/products?facet=colour=%00',
      '/products?priceMin=-1',
      '/products?cursor=x',
      '/products?category=%00',
      '/search',
      '/search?q=',
      `/search?q=${'x'.repeat(201)}`,
      '/compare',
      '/compare?slugs=a&slugs=b&slugs=c&slugs=d&slugs=e',
      `/products/${'x'.repeat(121)}`,
    ];
    for (const path of bad) {
      const answer = await app.inject({ url: v1(path) });
      expect([answer.statusCode, typeOf(answer)], path).toEqual([400, 'application/problem+json']);
    }
    expect((await app.inject({ url: v1('/search?q=jug%00%27%22%5C') })).statusCode).toBe(200);
    expect((await app.inject({ url: v1('/products?facet=__proto__=x') })).statusCode).toBe(400);
  });

  test('as an upload is refused by what it is', async ({ app, deps }) => {
    const headers = await keyWith(deps, 'catalog:write');
    const send = async (form: Pick<InjectOptions, 'payload' | 'headers'>) => {
      const answer = await app.inject({
        method: 'POST',
        url: v1('/media'),
        ...form,
        headers: { ...form.headers, ...headers },
      });
      return [answer.statusCode, answer.json().type];
    };
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    expect(await send(upload(svg))).toEqual([415, '/problems/catalog.media_type_refused']);
    const jpeg = await sharp({
      create: {
        width: 400,
        height: 400,
        channels: 3,
        background: '#fff',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer();
    expect(await send(upload(jpeg.subarray(0, 4000)))).toEqual([422, '/problems/catalog.media_broken']);
    expect(await send(upload(Buffer.alloc(UPLOAD_BYTES_MAX + 1)))).toEqual([
      413,
      '/problems/catalog.media_too_large',
    ]);
    expect(await send({ payload: '{}', headers: { 'content-type': 'application/json' } })).toEqual([
      400,
      '/problems/catalog.media_missing',
    ]);
    const form = upload(Buffer.alloc(11 * 1024 * 1024));
    const answer = await app.inject({
      method: 'POST',
      url: v1('/media'),
      ...form,
      headers: { ...form.headers, ...headers },
    });
    expect([answer.statusCode, typeOf(answer), answer.json().status]).toEqual([
      413,
      'application/problem+json',
      413,
    ]);
    const torn = upload(jpeg);
    expect(await send({ ...torn, payload: (torn.payload as Buffer).subarray(0, 3000) })).toEqual([
      400,
      '/problems/catalog.media_missing',
    ]);
    expect(await send({ payload: '', headers: { 'content-type': 'multipart/form-data' } })).toEqual([
      400,
      '/problems/catalog.media_missing',
    ]);
  });
});

test('pictures are served for ever, and only by the names they have', async ({ app, deps }) => {
  const headers = await keyWith(deps, 'catalog:write');
  const form = upload(
    await sharp({ create: { width: 50, height: 50, channels: 3, background: '#a1b2c3' } })
      .jpeg()
      .toBuffer(),
  );
  const { sha256 } = (
    await app.inject({ method: 'POST', url: v1('/media'), ...form, headers: { ...form.headers, ...headers } })
  ).json();
  const found = await app.inject({ url: `/media/${sha256}/480.webp` });
  expect(found.statusCode).toBe(200);
  expect(found.headers).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'public, max-age=31536000, s-maxage=86400, immutable',
    'x-content-type-options': 'nosniff',
  });
  expect((await sharp(found.rawPayload).metadata()).width).toBe(50);
  const answers: [string, number][] = [
    [`/media/${sha256}/240.avif`, 404], // not made yet
    [`/media/${'0'.repeat(64)}/480.webp`, 404],
    [`/media/${sha256}/480.svg`, 400],
    [`/media/${sha256}/..%2f..%2fsecret.jpg`, 400],
    [`/media/..%2f..%2f..%2fetc/passwd`, 400],
    [`/media/${sha256.toUpperCase()}/480.webp`, 400],
  ];
  for (const [url, status] of answers) {
    const answer = await app.inject({ url });
    expect([answer.statusCode, answer.headers['cache-control']], url).toEqual([status, undefined]);
  }
});

test('what the API describes is what it answers', async ({ app, db }) => {
  const { slug } = await aPublishedProduct(db, 'Described');
  const document = app.swagger();
  const described = Object.keys(document.paths ?? {}).filter((path) => path.startsWith('/v1/catalog'));
  expect(described.toSorted()).toEqual(
    [
      'attributes/{id}',
      'brands/{id}',
      'brands/{slug}',
      'categories',
      'categories/{id}',
      'compare',
      'currencies',
      'currencies/{currency}',
      'media',
      'offers/{id}',
      'price-lists',
      'price-lists/{id}',
      'price-lists/{id}/prices',
      'products',
      'products/{id}',
      'products/{id}/publish',
      'products/{id}/unpublish',
      'products/{slug}',
      'search',
      'suggestions',
    ].map((path) => `/v1/catalog/${path}`),
  );
  const schema = document.paths?.['/v1/catalog/products/{slug}']?.get?.responses?.['200'];
  const properties = (schema as { content: Record<string, { schema: { properties: object } }> }).content[
    'application/json'
  ]?.schema.properties;
  const answer = (await app.inject({ url: v1(`/products/${slug}`) })).json();
  expect(Object.keys(answer)).toEqual(Object.keys(properties ?? {}));
});
