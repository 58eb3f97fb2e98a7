import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { anImportedProduct, aPublishedProduct, aWord, imported, NOW } from './factory.ts';
import { HITS_MAX } from './facets.ts';
import { productBySlug, searchProducts, suggestionsFor } from './index.ts';
import type { Facet, ProductQuery } from './product-card.ts';
import { publish, putProduct, unpublish } from './products.ts';
import { foldCounts } from './follow.ts';

const countsOf = (facets: Facet[] | null, code: string) =>
  Object.fromEntries(
    facets?.find((facet) => facet.code === code)?.values.map(({ value, count }) => [value, count]) ?? [],
  );

/** Thirty lamps and vases of a search word of their own, in three colours, from 10.00 on. */
async function aShelf(databaseUrl: string) {
  const word = aWord();
  const [lamps, brand, material] = [randomUUID(), randomUUID(), randomUUID()];
  const code = `material-${word}`;
  await imported(databaseUrl, {
    source: word,
    brands: [{ id: brand, slug: `brand-${word}`, name: `Maker ${word} & Daughters` }],
    categories: [
      { id: lamps, slug: `lamps-${word}`, name: `Lamps ${word}` },
      { id: randomUUID(), parentId: lamps, slug: `desk-${word}`, name: `Desk ${word}` },
    ],
    attributes: [{ id: material, code, name: 'Material', type: 'text', isFacet: true }],
    products: Array.from({ length: 30 }, (_, n) =>
      anImportedProduct(`${word} Number ${n}`, {
        ...(n < 20 && { categoryId: lamps }),
        ...(n % 2 === 0 && { brandId: brand }),
        unitsSold: n,
        publishedAt: new Date(NOW.getTime() - n * 1000),
        optionNames: ['Colour'],
        attributes: [{ attributeId: material, value: n % 3 === 0 ? 'Oak' : 'Glass' }],
        variants: [
          {
            id: randomUUID(),
            sku: `${word}-${n}`,
            optionValues: [['Sage', 'Sand', 'Rose'][n % 3] ?? ''],
            offers: [{ currency: 'EUR', amountMinor: 1000 + n }],
            availableAt: n < 25 ? [randomUUID()] : [],
          },
        ],
      }),
    ),
  });
  return { word, code, category: `lamps-${word}`, brand: `brand-${word}` };
}

describe('facets', () => {
  test('add up, exactly, for a word, a category, a brand and any choice among them', async ({
    deps,
    databaseUrl,
  }) => {
    const { reads } = deps;
    const { word, code, category, brand } = await aShelf(databaseUrl);

    const all = await searchProducts(reads, { words: word });
    expect(all.total).toEqual({ count: 30, isExact: true });
    expect(countsOf(all.facets, code)).toEqual({ Oak: 10, Glass: 20 });
    expect(countsOf(all.facets, 'brand')).toEqual({ [brand]: 15 });
    expect(countsOf(all.facets, 'category')).toEqual({ [category]: 20 });
    expect(countsOf(all.facets, 'in-stock')).toEqual({ yes: 25 });

    const oak = await searchProducts(reads, { category, facets: { [code]: ['Oak'] } });
    // 0, 3, … 18: seven of the twenty in the category, all of them Sage.
    expect(oak.total).toEqual({ count: 7, isExact: true });
    expect(countsOf(oak.facets, 'colour')).toEqual({ Sage: 7 });
    // Of its own facet, what choosing otherwise would give.
    expect(countsOf(oak.facets, code)).toEqual({ Oak: 7, Glass: 13 });

    const both = await searchProducts(reads, {
      category,
      brand,
      facets: { [code]: ['Oak', 'Glass'] },
      inStock: true,
    });
    expect(both.total).toEqual({ count: 10, isExact: true });
    expect(countsOf(both.facets, code)).toEqual({ Oak: 4, Glass: 6 });
    expect(both.facets?.find((facet) => facet.code === 'in-stock')?.values).toEqual([
      { value: 'yes', label: 'yes', count: 10, isChosen: true },
    ]);
  });

  test('stay right when products change, and when their rows are folded', async ({
    deps,
    db,
    databaseUrl,
  }) => {
    const { word, code } = await aShelf(databaseUrl);
    const id = randomUUID();
    const input = {
      slug: `extra-${word}`,
      title: `${word} extra`,
      variants: [{ id: randomUUID(), sku: `extra-${word}` }],
    };
    await inTransaction(db, async (tx) => {
      await putProduct(tx, id, { ...input, attributes: [{ code, value: 'Oak' }] }, NOW);
      await publish(tx, id, NOW);
    });
    const counts = async () => {
      const { facets, total } = await searchProducts(deps.reads, { words: word });
      return { total: total?.count, ...countsOf(facets, code) };
    };
    expect(await counts()).toEqual({ total: 31, Oak: 11, Glass: 20 });

    await inTransaction(db, (tx) =>
      putProduct(tx, id, { ...input, attributes: [{ code, value: 'Glass' }] }, NOW),
    );
    expect(await counts()).toEqual({ total: 31, Oak: 10, Glass: 21 });

    await foldCounts(deps);
    expect(await counts()).toEqual({ total: 31, Oak: 10, Glass: 21 });
    const { rows } = await sql`
      select from catalog.scope_count group by scope, facet having count(*) > 1 or sum(product_count) < 0`.execute(
      db,
    );
    expect(rows).toEqual([]);
  });

  test('have no figure where there are too many hits to count', async ({ deps, databaseUrl }) => {
    const [word, other] = [aWord(), aWord()];
    const count = HITS_MAX + 1;
    const variants = () => [{ id: randomUUID(), sku: randomUUID(), optionValues: ['Sage'] }];
    await imported(databaseUrl, {
      source: word,
      products: Array.from({ length: count }, (_, n) =>
        anImportedProduct(`${word} ${other} ${n}`, {
          optionNames: ['Colour'],
          unitsSold: n,
          variants: variants(),
        }),
      ),
    });

    const page = await searchProducts(deps.reads, { words: `${word} ${other}`, limit: 2 });
    expect(page.total).toEqual({ count: HITS_MAX, isExact: false });
    expect(countsOf(page.facets, 'colour')).toEqual({ Sage: null });
    expect(page.cards.map((card) => card.title)).toEqual([`${word} ${other} 1000`, `${word} ${other} 999`]);
    const next = await searchProducts(deps.reads, {
      words: `${word} ${other}`,
      limit: 2,
      cursor: page.cursor ?? '',
    });
    expect(next.cards.map((card) => card.title)).toEqual([`${word} ${other} 998`, `${word} ${other} 997`]);
    // One word alone has its count ready, whatever it is.
    expect((await searchProducts(deps.reads, { words: word })).total).toEqual({ count, isExact: true });
  });
});

describe('a list', () => {
  test('goes on from its cursor, in each order, and shows each product once', async ({
    deps,
    databaseUrl,
  }) => {
    const { word, category, code } = await aShelf(databaseUrl);
    const lists: [ProductQuery, number, (n: number) => number][] = [
      [{ category }, 20, (n) => 19 - n],
      [{ category, sort: 'price' }, 20, (n) => n],
      [{ category, sort: '-price' }, 20, (n) => 19 - n],
      [{ category, sort: 'newest' }, 20, (n) => n],
      [{ words: word }, 30, (n) => 29 - n],
      [{ words: word, sort: 'price', facets: { [code]: ['Oak'] } }, 10, (n) => 3 * n],
      [{ words: word, priceMinMinor: 1010, priceMaxMinor: 1019, sort: 'newest' }, 10, (n) => 10 + n],
    ];
    for (const [query, count, numberAt] of lists) {
      const titles: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await searchProducts(deps.reads, {
          ...query,
          limit: 7,
          ...(cursor !== null && { cursor }),
        });
        titles.push(...page.cards.map((card) => card.title));
        cursor = page.cursor;
      } while (cursor !== null);
      const expected = Array.from({ length: count }, (_, n) => `${word} Number ${numberAt(n)}`);
      expect(titles, JSON.stringify(query)).toEqual(expected);
    }
  });

  test('refuses a cursor that is none of ours', async ({ deps }) => {
    for (const cursor of ['', 'e.1', "e.1.' or true --", 'x.1.0199a8e2-0000-7000-8000-000000000000']) {
      await expect(searchProducts(deps.reads, { cursor })).rejects.toMatchObject({
        code: 'catalog.cursor_unknown',
      });
    }
  });
});

describe('a search', () => {
  test('puts the word of a title before the word of a material, and popularity after both', async ({
    deps,
    databaseUrl,
  }) => {
    const word = aWord();
    const material = randomUUID();
    await imported(databaseUrl, {
      source: word,
      attributes: [{ id: material, code: `m-${word}`, name: 'Material', type: 'text' }],
      products: [
        anImportedProduct('Made of it', {
          unitsSold: 9000,
          attributes: [{ attributeId: material, value: word }],
        }),
        anImportedProduct(`${word} seldom sold`, { unitsSold: 1 }),
        anImportedProduct(`${word} often sold`, { unitsSold: 2 }),
      ],
    });
    const { cards } = await searchProducts(deps.reads, { words: word });
    expect(cards.map((card) => card.title)).toEqual([
      `${word} often sold`,
      `${word} seldom sold`,
      'Made of it',
    ]);
  });

  test('finds a word however it is written: accents, capitals, plural, unfinished, misspelt', async ({
    deps,
    db,
  }) => {
    const { reads } = deps;
    const { slug } = await aPublishedProduct(db, 'Grande théière Zanzibar', {
      description: 'A kettle for the xylograph.',
    });
    const found = async (words: string) => {
      const page = await searchProducts(reads, { words });
      return [page.cards.map((card) => card.slug), page.searchedFor];
    };
    for (const words of ['théière', 'THEIERE', 'theieres', 'zanzib', 'zanzibar theiere', 'grande zan']) {
      expect(await found(words), words).toEqual([[slug], null]);
    }
    expect(await found('zanzibra')).toEqual([[slug], 'zanzibar']);
    expect(await found('grande zanzbar')).toEqual([[slug], 'grande zanzibar']);
    // Only in the description: found, and not taken for a slip of the pen.
    expect(await found('xylograph')).toEqual([[slug], null]);
    expect(await found('zanzibar unobtainium')).toEqual([[], null]);
    expect(await found('the of')).toEqual([[], null]);
    expect(await found("'; drop table catalog.product; --")).toEqual([[], null]);
    expect(await found('\\ % _ !& | <-> :*')).toEqual([[], null]);
  });

  test('finds a product by its SKU, in either case', async ({ deps, db }) => {
    const { slug, sku } = await aPublishedProduct(db, 'A thing with a number');
    for (const words of [sku, ` ${sku.toUpperCase()} `]) {
      const { cards } = await searchProducts(deps.reads, { words });
      expect(cards.map((card) => card.slug)).toEqual([slug]);
    }
  });
});

test('a product that is taken back is gone from list, search, suggestions, facets, detail, at once', async ({
  deps,
  db,
}) => {
  const { reads } = deps;
  const word = aWord();
  const { id, slug } = await aPublishedProduct(db, `${word} lamp`);
  const seen = async () => {
    const page = await searchProducts(reads, { words: word });
    return [
      page.cards.length,
      page.total?.count,
      page.facets?.length,
      (await searchProducts(reads, { words: word.slice(0, 8) })).cards.length,
      (await suggestionsFor(reads, word.slice(0, 8))).products.length,
      (await productBySlug(reads, slug)) === null,
    ];
  };
  expect(await seen()).toEqual([1, 1, 0, 1, 1, false]);
  await inTransaction(db, (tx) => unpublish(tx, id, NOW));
  expect(await seen()).toEqual([0, 0, 0, 0, 0, true]);
  const { rows } = await sql`select from catalog.scope_entry where product_id = ${id}`.execute(db);
  expect(rows).toEqual([]);
  await inTransaction(db, (tx) => publish(tx, id, NOW));
  expect(await seen()).toEqual([1, 1, 0, 1, 1, false]);
});

test('suggestions complete the last word, and name categories and brands that have something to show', async ({
  deps,
  databaseUrl,
}) => {
  const { word, brand, category } = await aShelf(databaseUrl);
  const { products } = await suggestionsFor(deps.reads, `number ${word.slice(0, -2)}`);
  expect(products.map((card) => card.title)).toEqual(
    [29, 28, 27, 26, 25, 24].map((n) => `${word} Number ${n}`),
  );
  const { categories, brands } = await suggestionsFor(deps.reads, word);
  // "Desk" has no products.
  expect(categories).toEqual([{ slug: category, name: `Lamps ${word}` }]);
  expect(brands).toEqual([{ slug: brand, name: `Maker ${word} & Daughters` }]);
  expect(await suggestionsFor(deps.reads, '%')).toEqual({ products: [], categories: [], brands: [] });
});
