import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import type { CatalogImport } from './catalog-import.ts';
import { anImportedProduct, aWord, imported, NOW } from './factory.ts';
import { withoutGuards } from './first-load.ts';
import { productBySlug, searchProducts } from './index.ts';

const snapshot = async (db: Db) => {
  const tables = [
    'brand',
    'category',
    'attribute',
    'product',
    'variant',
    'offer',
    'product_attribute',
    'product_listing',
    'popularity',
    'variant_availability',
    'scope_entry',
    'scope_count',
  ];
  const found: Record<string, unknown> = {};
  for (const table of tables) {
    const { rows } = await sql<{ all: string }>`
      select md5(string_agg(t::text, '|' order by t::text)) as all from ${sql.table(`catalog.${table}`)} t`.execute(
      db,
    );
    found[table] = rows[0]?.all;
  }
  return found;
};

test('puts guards away for a first load and brings every one of them back', async ({ db }) => {
  const guards = async () => {
    const { rows } = await sql`
      select conrelid::regclass::text as of, conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where connamespace = 'catalog'::regnamespace
      union all
      select tablename, indexname, indexdef from pg_indexes where schemaname = 'catalog'
      union all
      select tgrelid::regclass::text, tgname, tgenabled::text from pg_trigger
      where not tgisinternal and tgrelid::regclass::text like 'catalog.%'
      order by 1, 2, 3`.execute(db);
    return rows;
  };
  const before = await guards();
  await inTransaction(db, (tx) =>
    withoutGuards(tx, async () => {
      await sql`
        insert into catalog.product (id, slug, title, publication, published_at)
        values (${randomUUID()}, 'first', 'First', 'published', now())`.execute(tx);
    }),
  );
  expect(await guards()).toEqual(before);

  // A row that breaks a key does not get past it.
  const orphan = inTransaction(db, (tx) =>
    withoutGuards(tx, async () => {
      await sql`insert into catalog.variant (id, product_id, sku) values (${randomUUID()}, ${randomUUID()}, 'orphan')`.execute(
        tx,
      );
    }),
  );
  await expect(orphan).rejects.toMatchObject({ constraint: 'variant_product_id_fkey' });
  expect(await guards()).toEqual(before);
});

test('an import made twice changes nothing, and made with more adds only that', async ({
  db,
  deps,
  databaseUrl,
}) => {
  const word = aWord();
  const [brandId, parentId, categoryId, attributeId] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  const products = Array.from({ length: 40 }, (_, n) =>
    anImportedProduct(`${word} ${n}`, {
      externalRef: `${n}`,
      brandId,
      categoryId,
      attributes: [{ attributeId, value: n }],
    }),
  );
  const data: CatalogImport = {
    source: word,
    brands: [{ id: brandId, slug: `b-${word}`, name: 'Kolonna' }],
    // A child before its parent.
    categories: [
      { id: categoryId, parentId, slug: `c-${word}`, name: 'Jugs' },
      { id: parentId, slug: `p-${word}`, name: 'Tableware' },
    ],
    attributes: [{ id: attributeId, code: `a-${word}`, name: 'Volume', type: 'number', unit: 'milliliter' }],
    products,
  };
  await imported(databaseUrl, data);
  const after = await snapshot(db);
  await imported(databaseUrl, data);
  expect(await snapshot(db)).toEqual(after);
  const page = await searchProducts(deps.reads, { category: `p-${word}` });
  expect(page.total).toEqual({ count: 40, isExact: true });

  const [first] = products;
  const more = { id: randomUUID(), sku: `more-${word}`, offers: [{ currency: 'EUR', amountMinor: 100 }] };
  const grown = products.map((product) =>
    product === first ? { ...product, title: 'Changed', variants: [...product.variants, more] } : product,
  );
  await imported(databaseUrl, { ...data, products: grown });
  const found = await productBySlug(deps.reads, first?.slug ?? '');
  // What was there is left as it is; the new variant is the cheapest.
  expect(found).toMatchObject({ title: `${word} 0`, price: { amountMinor: 100, isFrom: true } });
  expect(found?.variants).toHaveLength(2);
});

test('an import that breaks off leaves nothing behind', async ({ db, databaseUrl }) => {
  const before = await snapshot(db);
  function* torn() {
    yield anImportedProduct('Whole');
    throw new Error('torn');
  }
  const word = aWord();
  await expect(imported(databaseUrl, { source: word, products: torn() })).rejects.toThrow('torn');
  const unknown = anImportedProduct('Unknown', { brandId: randomUUID() });
  await expect(
    imported(databaseUrl, { source: word, products: [anImportedProduct('Fine'), unknown] }),
  ).rejects.toMatchObject({
    constraint: 'product_brand_id_fkey',
  });
  const variants = [
    {
      id: randomUUID(),
      sku: word,
      offers: [1, 2].map((amountMinor) => ({ id: randomUUID(), currency: 'EUR', amountMinor })),
    },
  ];
  await expect(
    imported(databaseUrl, { source: word, products: [anImportedProduct('Twice', { variants })] }),
  ).rejects.toMatchObject({
    constraint: 'one_offer_at_a_time',
  });
  expect(await snapshot(db)).toEqual(before);
});

test('products of one name get addresses of their own', async ({ db, databaseUrl }) => {
  const word = aWord();
  const product = () => anImportedProduct('Same', { slug: word });
  await imported(databaseUrl, { source: word, products: [product(), product()] });
  await imported(databaseUrl, { source: word, products: [product()] });
  const { rows } = await sql<{
    slug: string;
  }>`select slug from catalog.product where source = ${word}`.execute(db);
  const slugs = rows.map((row) => row.slug);
  expect(new Set(slugs).size).toBe(3);
  expect(slugs.filter((slug) => slug === word || slug.startsWith(`${word}-`))).toHaveLength(3);
});

test('takes any text as it is', async ({ deps, databaseUrl }) => {
  const word = aWord();
  const title = `${word} \t"quoted" \\N back\\slash, {curly}, Ünïcödé 花瓶`;
  const variants = [
    { id: randomUUID(), sku: `{${word},"x\\y"}`, optionValues: ['a "b" \\ {c}, NULL'], offers: [] },
  ];
  await imported(databaseUrl, {
    source: word,
    products: [
      anImportedProduct(title, { slug: word, optionNames: ['Size, "big"'], variants, publishedAt: NOW }),
    ],
  });
  const found = await productBySlug(deps.reads, word);
  expect(found).toMatchObject({
    title,
    options: [{ name: 'Size, "big"', values: ['a "b" \\ {c}, NULL'] }],
    variants: [{ sku: `{${word},"x\\y"}`, optionValues: ['a "b" \\ {c}, NULL'] }],
  });
  expect((await searchProducts(deps.reads, { words: '花瓶' })).cards.map((card) => card.title)).toEqual([
    title,
  ]);
});
