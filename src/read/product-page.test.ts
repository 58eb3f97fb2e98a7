import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { openBulk } from '#platform/bulk.ts';
import { idOf } from '#platform/ids.ts';
import { test } from '#test/harness.ts';
import { importCatalog } from '../modules/catalog/index.ts';
import { comparedProducts, productPage } from './product-page.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

/** Three jugs of one category; the first has two variants, pictures and a store that holds one of the second. */
async function jugs(databaseUrl: string) {
  const [categoryId, brandId, storeId] = [randomUUID(), randomUUID(), randomUUID()];
  const word = storeId.slice(0, 8);
  const media = ['a', 'b'].map((letter) => {
    const sha256 = idOf(word, letter).replaceAll('-', '').repeat(2);
    const size = { width: 40, height: 40, byteSize: 9 };
    return {
      id: randomUUID(),
      sha256,
      state: 'ready' as const,
      mimeType: 'image/webp',
      ...size,
      colour: '#808080',
      files: ['480.webp'],
    };
  });
  const products = [0, 1, 2].map((n) => ({
    id: randomUUID(),
    slug: `jug-${word}-${n}`,
    title: `Jug ${n}`,
    brandId,
    categoryId,
    unitsSold: 10 - n,
    publishedAt: NOW,
    optionNames: ['Colour'],
    variants: ['Sage', 'Sand'].map((colour, k) => ({
      id: randomUUID(),
      sku: `${word}-${n}-${k}`,
      optionValues: [colour],
      offers: [{ currency: 'EUR', amountMinor: 1000 + k }],
    })),
    pictures: media.map((each, k) => ({
      mediaId: each.id,
      alt: `View ${k}`,
      ...(k === 1 && { optionValue: 'Sand' }),
    })),
  }));
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((tx) =>
    importCatalog(tx, {
      source: word,
      media,
      brands: [
        { id: brandId, slug: `maker-${word}`, name: 'Kolonna', place: 'Delft', story: 'One.\n\nTwo.' },
      ],
      categories: [{ id: categoryId, slug: `jugs-${word}`, name: 'Jugs' }],
      products,
    }),
  );
  return { word, storeId, products };
}

test('the product page has fact, opinion, maker and stock of this very product', async ({
  db,
  deps,
  databaseUrl,
}) => {
  const { word, storeId, products } = await jugs(databaseUrl);
  const [first, second] = products;
  const [sage, sand] = first?.variants ?? [];
  if (!first || !second || !sage || !sand) throw new Error('no jugs');
  const week = JSON.stringify(Array.from({ length: 7 }, () => null));
  await sql`
    insert into inventory.location (id, code, kind, name, city, country_code, latitude, longitude, time_zone, opening_hours)
    values (${storeId}, ${word}, 'store', 'Stoa', 'Delft', 'NL', 52, 4, 'Europe/Amsterdam', ${week}::jsonb)`.execute(
    db,
  );
  await sql`
    insert into inventory.stock_level (variant_id, location_id, on_hand, reserved)
    values (${sage.id}, ${storeId}, 2, 2), (${sand.id}, ${storeId}, 4, 1)`.execute(db);
  await sql`
    insert into reviews.rating (product_id, review_count, rating_sum, stars)
    values (${first.id}, 3, 13, '{0,0,0,2,1}')`.execute(db);

  const page = await productPage(deps.reads, first.slug);

  expect(page?.product.variants.map(({ sku, inStock }) => [sku, inStock])).toEqual([
    [`${word}-0-0`, false], // all of it is reserved
    [`${word}-0-1`, true],
  ]);
  expect(page?.product.inStock).toBe(true);
  expect(page?.rating).toEqual({ count: 3, mean: 4.33, stars: [0, 0, 0, 2, 1] });
  expect(page?.maker).toMatchObject({
    slug: `maker-${word}`,
    name: 'Kolonna',
    place: 'Delft',
    story: 'One.\n\nTwo.',
    productCount: 3,
  });
  expect(page?.stores.find((store) => store.code === word)).toMatchObject({
    city: 'Delft',
    available: [{ variantId: sand.id, units: 3 }],
  });
  expect(page?.similar.map(({ slug, rating }) => [slug, rating])).toEqual([
    [second.slug, null],
    [products[2]?.slug, null],
  ]);
  expect(await productPage(deps.reads, 'none-of-ours')).toBeNull();

  const compared = await comparedProducts(deps.reads, [second.slug, 'none-of-ours', first.slug]);
  expect(compared.map(({ slug, rating }) => [slug, rating?.mean])).toEqual([
    [second.slug, undefined],
    [first.slug, 4.33],
  ]);
});
