import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { importCatalog, type ImportedProduct } from '#modules/catalog/index.ts';
import { seedMember } from '#modules/identity/index.ts';
import { aLocation } from '#modules/inventory/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { recordReviews } from '#modules/reviews/index.ts';
import type { StaffRole } from '#platform/access.ts';
import { openBulk } from '#platform/bulk.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';

/** The origin that `app.inject` speaks for. */
export const ORIGIN = 'http://localhost:80';

/** A browser without script: it keeps cookies, says where its forms come from, and follows nothing by itself. */
export function aBrowser(app: Pick<FastifyInstance, 'inject'>) {
  const jar = new Map<string, string>();
  const keep = (answer: LightMyRequestResponse) => {
    for (const { name, value } of answer.cookies) {
      if (value) jar.set(name, encodeURIComponent(value));
      else jar.delete(name);
    }
    return answer;
  };
  const headers = () => ({
    accept: 'text/html',
    origin: ORIGIN,
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
  });
  return {
    jar,
    open: async (url: string) => keep(await app.inject({ url, headers: headers() })),
    send: async (url: string, fields: Record<string, string | string[]>, more: Record<string, string> = {}) =>
      keep(
        await app.inject({
          method: 'POST',
          url,
          payload: formOf(fields),
          headers: { ...headers(), 'content-type': 'application/x-www-form-urlencoded', ...more },
        }),
      ),
  };
}

/** A form as a browser sends it; of a field with several values, each. */
const formOf = (fields: Record<string, string | string[]>) =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
  ).toString();

export const PASSWORD = 'a stoa is a covered walk';

/** A browser that somebody has signed in with. */
export async function aSignedInBrowser(
  app: Parameters<typeof aBrowser>[0],
  deps: Deps,
  staffRoles?: StaffRole[],
) {
  const email = `${randomUUID()}@example.com`;
  const wish = { name: 'Ada Example', email, password: PASSWORD, ...(staffRoles && { staffRoles }) };
  const memberId = await seedMember(deps, wish);
  const visitor = aBrowser(app);
  const answer = await visitor.send('/sign-in', { email, password: PASSWORD, next: '/' });
  assert.equal(answer.statusCode, 303);
  return { ...visitor, email, memberId };
}

interface Upload {
  path: string;
  fields: Record<string, string>;
  cookie: string;
}

/** A form with a file, as a browser sends it. */
export function aUpload(
  app: Pick<FastifyInstance, 'inject'>,
  { path, fields, cookie }: Upload,
  file?: string | Buffer,
) {
  const boundary = 'x-boundary-of-the-test';
  const part = (about: string) => `--${boundary}\r\ncontent-disposition: form-data; ${about}\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`);
  const named = file === undefined ? '' : 'shelf.csv';
  const head = `${part(`name="file"; filename="${named}"`)}content-type: text/csv\r\n\r\n`;
  const payload = Buffer.concat(
    [...texts, head, file ?? '', `\r\n--${boundary}--\r\n`].map((each) => Buffer.from(each)),
  );
  const headers = {
    accept: 'text/html',
    origin: ORIGIN,
    cookie,
    'content-type': `multipart/form-data; boundary=${boundary}`,
  };
  return app.inject({ method: 'POST', url: path, payload, headers });
}

/** The value of a form's field on a page. */
export function fieldOf(html: string, name: string): string | undefined {
  const tag = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0];
  return tag && /value="([^"]*)"/.exec(tag)?.[1];
}

const aPicture = (name: string) => ({
  id: randomUUID(),
  sha256: createHash('sha256').update(name).digest('hex'),
  state: 'ready' as const,
  mimeType: 'image/jpeg',
  width: 960,
  height: 1200,
  byteSize: 100_000,
  colour: '#c8b9a0',
  files: ['240.avif', '480.avif', '960.avif', '240.webp', '480.webp', '960.webp', '960.jpg', 'source.jpg'],
});

export interface ShelfFacts {
  title?: string;
  description?: string;
  summary?: string;
  colours?: readonly string[];
  sizes?: readonly string[];
  pictures?: number;
  attributes?: number;
  reviews?: readonly { author: string; rating: number; body: string }[];
  /** Units of each variant in one store. */
  stock?: number;
  amountMinor?: number;
  /** Of another product: then this one stands beside it. */
  categoryId?: string;
}

/** A published product with brand, category, variants, pictures, facts, reviews and stock, all of its own. */
export async function aProduct(db: Db, databaseUrl: string, facts: ShelfFacts = {}) {
  const storeId = randomUUID();
  const key = storeId.slice(0, 8);
  const {
    colours = ['Sage', 'Sand'],
    sizes,
    pictures = 2,
    attributes = 2,
    stock = 5,
    amountMinor = 2400,
  } = facts;
  const media = Array.from({ length: pictures }, (_, index) => aPicture(`${key} ${index}`));
  const brand = {
    id: randomUUID(),
    slug: `maker-${key}`,
    name: `Maker ${key}`,
    tagline: 'Two kick wheels, one kiln',
  };
  const category = { id: facts.categoryId ?? randomUUID(), slug: `shelf-${key}`, name: `Shelf ${key}` };
  const known = Array.from({ length: attributes }, (_, index) => ({
    id: idOf('test:attribute', String(index)), // the same for all, since products are compared by them
    code: `fact-${index}`,
    name: `Fact ${index}`,
    type: 'text' as const,
    isFacet: true,
  }));
  const options = sizes
    ? colours.flatMap((colour) => sizes.map((size) => [colour, size]))
    : colours.map((each) => [each]);
  const variants = options.map((optionValues) => {
    const id = randomUUID();
    const offers = [{ currency: 'EUR', amountMinor }];
    return { id, sku: id.slice(0, 13), optionValues, offers, ...(stock > 0 && { availableAt: [storeId] }) };
  });
  const product: ImportedProduct = {
    id: randomUUID(),
    slug: `vase-${key}`,
    brandId: brand.id,
    categoryId: category.id,
    title: facts.title ?? `Vase ${key}`,
    summary: facts.summary ?? 'Thrown by hand and fired twice.',
    description: facts.description ?? 'The clay comes from the hill behind the workshop.',
    optionNames: sizes ? ['Colour', 'Size'] : ['Colour'],
    pictures: media.map(({ id }, index) => ({ mediaId: id, alt: `The vase from side ${index + 1}` })),
    attributes: known.map(({ id }, index) => ({ attributeId: id, value: `value ${index} of ${key}` })),
    variants,
  };
  const categories = facts.categoryId ? [] : [category];
  await using bulk = await openBulk(databaseUrl);
  await bulk.run(async (each) => {
    const records = {
      source: 'test',
      media,
      brands: [brand],
      categories,
      attributes: known,
      products: [product],
    };
    await importCatalog(each, records);
    await recordReviews(each, reviewsOf(product.id, facts));
  });
  await stockUp(db, variants, stock, storeId);
  return { product, brand, category, variants, slug: product.slug };
}

async function stockUp(
  db: Db,
  variants: readonly { id: string }[],
  quantity: number,
  id: string,
): Promise<void> {
  await aLocation(db, { id });
  if (quantity === 0) return;
  const lines = variants.map((variant) => ({ variantId: variant.id, quantity }));
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId: id, lines }, new Date()));
}

const reviewsOf = (productId: string, { reviews = [] }: ShelfFacts) =>
  reviews.map(({ author, rating, body }) => ({
    id: randomUUID(),
    productId,
    authorName: author,
    rating,
    title: '',
    body,
    writtenAt: new Date('2026-03-01T10:00:00Z'),
  }));
