import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aProductInput, aPublishedProduct, aWord, NOW } from './factory.ts';
import { compareProducts, priceOf, productBySlug, searchProducts, sellable } from './index.ts';
import { type OfferInput, putOffer } from './offers.ts';
import { publish, type ProductInput, putProduct } from './products.ts';
import { putAttribute, putBrand, putCategory } from './shelves.ts';

const put = (db: Db, id: string, input: ProductInput) =>
  inTransaction(db, (tx) => putProduct(tx, id, input, NOW));
const offer = (db: Db, id: string, input: OfferInput) =>
  inTransaction(db, (tx) => putOffer(tx, id, input, NOW));

const wholeOf = async (db: Db, id: string) => {
  const { rows } = await sql`
    select p.title, (select array_agg(sku order by position) from catalog.variant where product_id = p.id) as skus,
      (select count(*)::integer from catalog.product_attribute where product_id = p.id) as attributes
    from catalog.product p where p.id = ${id}`.execute(db);
  return rows[0];
};

describe('putProduct', () => {
  test('writes a product with typed values, and shows them with their units', async ({ db, deps }) => {
    const word = aWord();
    const [brandId, above, categoryId] = [randomUUID(), randomUUID(), randomUUID()];
    await inTransaction(db, async (tx) => {
      await putBrand(tx, brandId, { slug: `b-${word}`, name: 'Kolonna', colour: '#a0b0c0' });
      await putCategory(tx, above, { slug: `light-${word}`, name: 'Light' });
      await putCategory(tx, categoryId, { slug: `lamps-${word}`, name: 'Lamps', parentId: above });
      await putAttribute(tx, randomUUID(), {
        code: `height-${word}`,
        name: 'Height',
        type: 'number',
        unit: 'centimeter',
      });
      await putAttribute(tx, randomUUID(), {
        code: `dims-${word}`,
        name: 'Dimmable',
        type: 'boolean',
        position: 1,
      });
    });
    const variants = ['Sage', 'Sand'].map((value) => ({
      id: randomUUID(),
      sku: `${value}-${word}`,
      optionValues: [value],
    }));
    const { id, slug } = await aPublishedProduct(db, 'Lamp', {
      brandId,
      categoryId,
      optionNames: ['Colour'],
      variants,
      attributes: [
        { code: `height-${word}`, value: 12.5 },
        { code: `dims-${word}`, value: false },
      ],
    });

    expect(await productBySlug(deps.reads, slug)).toMatchObject({
      id,
      brand: { slug: `b-${word}`, name: 'Kolonna', colour: '#a0b0c0' },
      categories: [
        { slug: `light-${word}`, name: 'Light' },
        { slug: `lamps-${word}`, name: 'Lamps' },
      ],
      options: [{ name: 'Colour', values: ['Sage', 'Sand'] }],
      variants: [
        {
          sku: `Sage-${word}`,
          optionValues: ['Sage'],
          price: { amountMinor: 4900, currency: 'EUR' },
          inStock: false,
        },
        { sku: `Sand-${word}`, optionValues: ['Sand'], price: null, inStock: false },
      ],
      attributes: [
        { code: `height-${word}`, name: 'Height', type: 'number', unit: 'centimeter', value: 12.5 },
        { code: `dims-${word}`, name: 'Dimmable', type: 'boolean', unit: null, value: false },
      ],
      price: { amountMinor: 4900, compareAtMinor: null, currency: 'EUR', isFrom: false },
    });
  });

  test('of twenty at once, what stands is one of them, whole', async ({ db }) => {
    const id = randomUUID();
    const inputs = Array.from({ length: 20 }, (_, n) => {
      const variants = Array.from({ length: 3 }, (_each, k) => ({
        id: randomUUID(),
        sku: `${id.slice(0, 8)}-${n}-${k}`,
        optionValues: [`${k}`],
      }));
      return aProductInput(`Title ${n}`, { optionNames: ['Size'], variants });
    });
    await Promise.all(inputs.map((input) => put(db, id, input)));

    const stands = await wholeOf(db, id);
    expect(
      inputs.map(({ title, variants }) => ({ title, skus: variants.map(({ sku }) => sku), attributes: 0 })),
    ).toContainEqual(stands);
  });

  test('refuses what does not fit together, and leaves the product as it was', async ({ db }) => {
    const word = aWord();
    const [number, other] = [randomUUID(), await aPublishedProduct(db, 'Other')];
    await inTransaction(db, (tx) => putAttribute(tx, number, { code: word, name: 'Height', type: 'number' }));
    const id = randomUUID();
    const input = aProductInput('Mine', { attributes: [{ code: word, value: 3 }] });
    await put(db, id, input);
    const before = await wholeOf(db, id);
    const [variant] = input.variants;

    const refused: [Partial<ProductInput>, string][] = [
      [{ slug: other.slug }, 'slug_taken'],
      [{ brandId: randomUUID() }, 'reference_unknown'],
      [{ categoryId: randomUUID() }, 'reference_unknown'],
      [{ pictures: [{ mediaId: randomUUID(), alt: '' }] }, 'reference_unknown'],
      [{ attributes: [{ code: 'no-such-attribute', value: 1 }] }, 'reference_unknown'],
      [{ attributes: [{ code: word, value: 'tall' }] }, 'attribute_type_differs'],
      [{ attributes: [{ code: word, value: true }] }, 'attribute_type_differs'],
      [{ optionNames: ['Colour'] }, 'option_values_differ'],
      [{ variants: [{ id: randomUUID(), sku: other.sku }] }, 'sku_taken'],
      [{ variants: [{ id: other.variantId, sku: 'mine-now' }] }, 'variant_elsewhere'],
      [
        { variants: [variant, variant].flatMap((each) => (each ? [{ ...each, id: randomUUID() }] : [])) },
        'option_values_differ',
      ],
    ];
    for (const [change, code] of refused) {
      await expect(put(db, id, { ...input, title: 'Changed', ...change }), code).rejects.toMatchObject({
        code: `catalog.${code}`,
      });
      expect(await wholeOf(db, id)).toEqual(before);
    }
  });

  test('does not publish what nobody could buy, nor what is not there', async ({ db }) => {
    await expect(inTransaction(db, (tx) => publish(tx, randomUUID(), NOW))).rejects.toMatchObject({
      code: 'catalog.product_not_found',
    });
    const id = randomUUID();
    await put(db, id, { ...aProductInput('Bare'), variants: [] });
    await expect(inTransaction(db, (tx) => publish(tx, id, NOW))).rejects.toMatchObject({
      code: 'catalog.nothing_to_sell',
    });
  });
});

describe('offers', () => {
  test('never hold at once, however close together they come', async ({ db }) => {
    const { variantId } = await aPublishedProduct(db, 'Jug');
    const wish = { variantId, currency: 'GBP', amountMinor: 100, validFrom: '2026-01-01T00:00:00Z' };
    const asked = Array.from({ length: 10 }, (_, n) =>
      offer(db, randomUUID(), { ...wish, amountMinor: 100 + n }),
    );
    const answers = await Promise.allSettled(asked);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ code: 'catalog.offer_overlaps' });
    }
    // Beside it in time, currency and market there is room.
    await offer(db, randomUUID(), {
      ...wish,
      validFrom: '2025-01-01T00:00:00Z',
      validTo: '2026-01-01T00:00:00Z',
    });
    await offer(db, randomUUID(), { ...wish, currency: 'USD' });
    await offer(db, randomUUID(), { ...wish, marketCode: 'IE' });
  });

  test('give the price of a moment, in the narrowest market that has one', async ({ db }) => {
    const { variantId } = await aPublishedProduct(db, 'Jug', { amountMinor: 5000 });
    const sale = { variantId, currency: 'EUR', amountMinor: 3000, compareAtMinor: 5000 };
    const times = { validFrom: '2026-06-01T00:00:00Z', validTo: '2026-07-01T00:00:00Z' };
    await offer(db, randomUUID(), { ...sale, ...times, marketCode: 'NL' });
    const priceAt = async (moment: string, markets: string[]) => {
      const found = await priceOf(db, [variantId], 'EUR', new Date(moment), markets);
      return found.get(variantId)?.amountMinor;
    };
    expect(await priceAt('2026-06-15T00:00:00Z', ['NL-west', 'NL', 'world'])).toBe(3000);
    expect(await priceAt('2026-06-15T00:00:00Z', ['BE', 'world'])).toBe(5000);
    expect(await priceAt('2026-05-31T23:59:59.999Z', ['NL'])).toBe(5000);
    expect(await priceAt('2026-06-01T00:00:00Z', ['NL'])).toBe(3000);
    expect(await priceAt('2026-07-01T00:00:00Z', ['NL'])).toBe(5000);
    expect(await priceAt('2019-01-01T00:00:00Z', ['NL'])).toBeUndefined();
    expect(await priceOf(db, [variantId], 'JPY', NOW)).toEqual(new Map());
  });

  test('are bound to regions that there are, and to no other', async ({ db }) => {
    const { variantId } = await aPublishedProduct(db, 'Pot');
    const wish = { variantId, currency: 'EUR', amountMinor: 100 };
    for (const marketCode of ['NL-nowhere', 'QQ', 'x-unspecified']) {
      await expect(offer(db, randomUUID(), { ...wish, marketCode }), marketCode).rejects.toMatchObject({
        code: 'catalog.region_unknown',
        data: { regionCode: marketCode },
      });
    }
  });

  test('refuse a lower price before than now, an end before the beginning, and what is not theirs', async ({
    db,
  }) => {
    const [jug, mug] = [await aPublishedProduct(db, 'Jug'), await aPublishedProduct(db, 'Mug')];
    const id = randomUUID();
    const wish = { variantId: jug.variantId, currency: 'USD', amountMinor: 500 };
    await offer(db, id, wish);
    await offer(db, id, wish); // a retry
    const refused: [string, OfferInput, string][] = [
      [id, { ...wish, compareAtMinor: 500 }, 'offer_uneven'],
      [id, { ...wish, validFrom: '2026-02-01T00:00:00Z', validTo: '2026-01-01T00:00:00Z' }, 'offer_uneven'],
      [id, { ...wish, variantId: mug.variantId }, 'offer_of_another'],
      [randomUUID(), { ...wish, variantId: randomUUID() }, 'reference_unknown'],
    ];
    for (const [offerId, input, code] of refused) {
      await expect(offer(db, offerId, input), code).rejects.toMatchObject({ code: `catalog.${code}` });
    }
    expect((await priceOf(db, [jug.variantId], 'USD', NOW)).get(jug.variantId)).toEqual({
      offerId: id,
      currency: 'USD',
      amountMinor: 500,
      compareAtMinor: null,
    });
  });
});

describe('shelves', () => {
  test('a category can not come to stand below itself, not even by two moves at once', async ({ db }) => {
    const [a, b] = [randomUUID(), randomUUID()];
    const word = aWord();
    const move = (id: string, name: string, parentId: string | null) =>
      inTransaction(db, (tx) => putCategory(tx, id, { slug: `${name}-${word}`, name, parentId }));
    await move(a, 'a', null);
    await move(b, 'b', null);
    const answers = await Promise.allSettled([move(a, 'a', b), move(b, 'b', a)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(move(a, 'a', a)).rejects.toMatchObject({ code: 'catalog.category_in_circle' });
  });

  test('an attribute keeps its type while products have values of it', async ({ db }) => {
    const [id, code] = [randomUUID(), aWord()];
    const as = (type: 'text' | 'number', unit?: string) =>
      inTransaction(db, (tx) => putAttribute(tx, id, { code, name: 'Height', type, ...(unit && { unit }) }));
    await as('text');
    await expect(as('text', 'gram')).rejects.toMatchObject({ code: 'catalog.unit_without_number' });
    await as('number');
    await put(db, randomUUID(), aProductInput('Tall', { attributes: [{ code, value: 3 }] }));
    await expect(as('text')).rejects.toMatchObject({ code: 'catalog.attribute_in_use' });
  });

  test('a new name of a brand reaches the cards by a job', async ({ db, deps, work }) => {
    const [id, word] = [randomUUID(), aWord()];
    const named = (name: string) => inTransaction(db, (tx) => putBrand(tx, id, { slug: `b-${word}`, name }));
    await named('Before');
    await aPublishedProduct(db, `${word} jug`, { brandId: id });
    await named('Afterwards');
    await work();
    const { cards } = await searchProducts(deps.reads, { words: `afterwards ${word}` });
    expect(cards.map((card) => card.brand)).toEqual([{ slug: `b-${word}`, name: 'Afterwards' }]);
  });
});

test('compares up to four, in the order asked for, a value or nothing for each', async ({ db, deps }) => {
  const [height, colour] = [aWord(), aWord()];
  await inTransaction(db, async (tx) => {
    await putAttribute(tx, randomUUID(), {
      code: height,
      name: 'Height',
      type: 'number',
      unit: 'centimeter',
    });
    await putAttribute(tx, randomUUID(), { code: colour, name: 'Glaze', type: 'text', position: 1 });
  });
  const tall = await aPublishedProduct(db, 'Tall', { attributes: [{ code: height, value: 40 }] });
  const blue = await aPublishedProduct(db, 'Blue', { attributes: [{ code: colour, value: 'Blue' }] });
  const { products, attributes } = await compareProducts(deps.reads, [
    blue.slug,
    'none-of-ours',
    tall.slug,
    blue.slug,
  ]);
  expect(products.map(({ slug }) => slug)).toEqual([blue.slug, tall.slug]);
  expect(attributes).toEqual([
    { code: colour, name: 'Glaze', type: 'text', unit: null, values: ['Blue', null] },
    { code: height, name: 'Height', type: 'number', unit: 'centimeter', values: [null, 40] },
  ]);
});

test('sells variants of published products only, under the name they have', async ({ db }) => {
  const variants = [{ id: randomUUID(), sku: randomUUID(), optionValues: ['Sage', 'M'] }];
  const jug = await aPublishedProduct(db, 'Jug', { optionNames: ['Colour', 'Size'], variants });
  const draft = aProductInput('Draft');
  await put(db, randomUUID(), draft);
  const found = await sellable(db, [jug.variantId, draft.variants[0]?.id ?? '', randomUUID()]);
  expect([...found.values()]).toEqual([
    {
      variantId: jug.variantId,
      productId: jug.id,
      slug: jug.slug,
      title: 'Jug',
      sku: jug.sku,
      options: 'Colour: Sage, Size: M',
      brandId: null,
      categoryIds: [],
      taxCategory: 'standard',
      weightGrams: null,
      picture: null,
    },
  ]);
});
