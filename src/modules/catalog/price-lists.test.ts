import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { currencyFor, sellIn, soldCurrencies } from './currencies.ts';
import { aPublishedProduct, aWord, NOW } from './factory.ts';
import { followClock } from './follow.ts';
import { type PriceLine, setPrices } from './list-prices.ts';
import { putOffer } from './offers.ts';
import { listedPrices, type PriceListInput, priceListOf, putPriceList } from './price-lists.ts';
import { priceOf } from './prices.ts';
import { pricesInParts } from './prices-in-parts.ts';
import { productBySlug } from './product-detail.ts';
import { searchProducts } from './product-list.ts';
import { suggestionsFor } from './surroundings.ts';

const BEGAN = new Date('2026-01-01T00:00:00Z');

async function aList(db: Db, facts: Partial<PriceListInput> = {}): Promise<string> {
  const id = randomUUID();
  const list = { name: 'Pounds', currency: 'GBP', priority: 0, validFrom: BEGAN, validTo: null, ...facts };
  await inTransaction(db, (tx) => putPriceList(tx, 'system', id, list));
  return id;
}

const set = (db: Db, listId: string, lines: PriceLine[], isTried = false) =>
  inTransaction(db, (tx) => setPrices(tx, 'system', listId, lines, { now: NOW, isTried }));

const outcomes = async (answer: ReturnType<typeof set>) =>
  (await answer).map(({ outcome, refusal }) => refusal ?? outcome);

describe('prices of a list', () => {
  test('are told line by line, tried or written, and written twice are the same', async ({ db }) => {
    const [one, two, gone] = [
      await aPublishedProduct(db, 'One'),
      await aPublishedProduct(db, 'Two'),
      await aPublishedProduct(db, 'Gone'),
    ];
    await sql`update catalog.product set publication = 'archived' where id = ${gone.id}`.execute(db);
    const list = await aList(db);
    const lines = [
      { sku: one.sku, amountMinor: 4200, compareAtMinor: 5000 },
      { sku: two.sku, amountMinor: 4200, compareAtMinor: 4200 },
      { sku: one.sku, amountMinor: 1 },
      { sku: gone.sku, amountMinor: 1 },
      { sku: 'nobody has this', amountMinor: 1 },
      { sku: two.sku.toUpperCase() + '!', amountMinor: null },
    ];
    const told = [
      'added',
      'not_below_before',
      'sku_twice',
      'not_sold_any_more',
      'sku_unknown',
      'sku_unknown',
    ];
    expect(await outcomes(set(db, list, lines, true))).toEqual(told);
    expect(await listedPrices(db, list, { limit: 9 })).toEqual([]);
    expect(await outcomes(set(db, list, lines))).toEqual(told);
    expect(await outcomes(set(db, list, lines))).toEqual(told.with(0, 'same'));
    expect(await outcomes(set(db, list, [{ sku: one.sku, amountMinor: 4100 }]))).toEqual(['changed']);
    expect(
      (await listedPrices(db, list, { limit: 9 })).map(({ sku, amountMinor }) => [sku, amountMinor]),
    ).toEqual([[one.sku, 4100]]);
    expect(await outcomes(set(db, list, [{ sku: one.sku, amountMinor: null }]))).toEqual(['removed']);
    expect((await priceListOf(db, list)).priceCount).toBe(0);
  });

  test('a SKU that comes again counts once, however far behind', async ({ db }) => {
    const { sku } = await aPublishedProduct(db, 'Far');
    const list = await aList(db);
    const lines = Array.from({ length: 700 }, (_, n) => ({
      sku: n % 600 === 0 ? sku : `none-${n}`,
      amountMinor: n + 5,
    }));
    const how = { now: NOW, isTried: false };
    const told = (await Array.fromAsync(pricesInParts(db, 'system', list, lines, how))).flat();
    expect(told).toHaveLength(700);
    expect([told[0], told[600]].map((line) => [line?.sku, line?.refusal ?? line?.outcome])).toEqual([
      [sku, 'added'],
      [sku, 'sku_twice'],
    ]);
    expect((await listedPrices(db, list, { limit: 2 }))[0]?.amountMinor).toBe(5);
  });

  test('never hold beside another of the same priority, and the higher priority wins', async ({
    db,
    deps,
  }) => {
    const { variantId, sku, slug } = await aPublishedProduct(db, 'Contested');
    const plain = { variantId, currency: 'GBP', amountMinor: 5000, validFrom: '2026-01-01T00:00:00Z' };
    await inTransaction(db, (tx) => putOffer(tx, randomUUID(), plain, NOW));
    const base = await aList(db);
    expect(await outcomes(set(db, base, [{ sku, amountMinor: 1 }]))).toEqual(['priced_otherwise']);
    const sale = await aList(db, { name: 'Sale', priority: 5 });
    expect(await outcomes(set(db, sale, [{ sku, amountMinor: 3000 }]))).toEqual(['added']);
    const now = async () => [
      (await priceOf(db, [variantId], 'GBP', NOW)).get(variantId)?.amountMinor,
      (await productBySlug(deps.reads, slug, { currency: 'GBP' }))?.price?.amountMinor,
      (await productBySlug(deps.reads, slug, { currency: 'GBP' }))?.variants[0]?.price?.amountMinor,
    ];
    expect(await now()).toEqual([3000, 3000, 3000]);
    const move = (facts: Partial<PriceListInput>) =>
      inTransaction(db, async (tx) =>
        putPriceList(tx, 'system', sale, { ...(await priceListOf(tx, sale)), ...facts }),
      );
    await expect(move({ priority: 0 })).rejects.toMatchObject({ code: 'catalog.price_list_overlaps' });
    await expect(move({ currency: 'USD' })).rejects.toMatchObject({ code: 'catalog.price_list_currency' });
    const { id: offerId } = (
      await sql<{ id: string }>`select id from catalog.offer where price_list_id = ${sale}`.execute(db)
    ).rows[0] ?? { id: '' };
    await expect(
      inTransaction(db, (tx) => putOffer(tx, offerId, { ...plain, amountMinor: 1 }, NOW)),
    ).rejects.toMatchObject({ code: 'catalog.offer_of_another' });
  });

  test('begin and end in lists with the list', async ({ db, deps, work }) => {
    const word = aWord();
    const { sku } = await aPublishedProduct(db, word);
    const list = await aList(db);
    await set(db, list, [{ sku, amountMinor: 4200 }]);
    const shown = async () =>
      (await searchProducts(deps.reads, { words: word, currency: 'GBP' })).cards[0]?.price?.amountMinor;
    expect(await shown()).toBe(4200);
    const dates = { validFrom: BEGAN, validTo: new Date('2026-02-01T00:00:00Z') };
    await inTransaction(db, async (tx) =>
      putPriceList(tx, 'system', list, { ...(await priceListOf(tx, list)), ...dates }),
    );
    await work();
    expect(await shown()).toBeUndefined();
    const later = { validFrom: new Date('2099-02-01T00:00:00Z'), validTo: null };
    await inTransaction(db, async (tx) =>
      putPriceList(tx, 'system', list, { ...(await priceListOf(tx, list)), ...later }),
    );
    await work();
    expect(await shown()).toBeUndefined();
    await followClock({ ...deps, now: () => new Date('2099-02-02T00:00:00Z') });
    expect(await shown()).toBe(4200);
  });
});

test('lists, suggestions and pages are in the currency that is asked for', async ({ db, deps }) => {
  const { reads } = deps;
  const word = aWord();
  const [dear, cheap, none] = [
    await aPublishedProduct(db, `${word} dear`, { amountMinor: 1000 }),
    await aPublishedProduct(db, `${word} cheap`, { amountMinor: 2000 }),
    await aPublishedProduct(db, `${word} none`, { amountMinor: 3000 }),
  ];
  await set(db, await aList(db), [
    { sku: dear.sku, amountMinor: 9000 },
    { sku: cheap.sku, amountMinor: 100 },
  ]);
  const listed = async (query: object) =>
    (await searchProducts(reads, { words: word, ...query })).cards.map(
      ({ slug, price }) => `${slug} ${price?.amountMinor ?? 'none'}`,
    );
  const pounds = { currency: 'GBP' };
  const [inDear, inCheap, inNone] = [`${dear.slug} 9000`, `${cheap.slug} 100`, `${none.slug} none`];
  expect(new Set(await listed(pounds))).toEqual(new Set([inDear, inCheap, inNone]));
  expect(await listed({ ...pounds, sort: 'price' })).toEqual([inCheap, inDear]);
  expect(await listed({ ...pounds, sort: '-price' })).toEqual([inDear, inCheap]);
  expect(await listed({ ...pounds, priceMinMinor: 101, priceMaxMinor: 9000 })).toEqual([inDear]);
  expect(await listed({ sort: 'price' })).toEqual([
    `${dear.slug} 1000`,
    `${cheap.slug} 2000`,
    `${none.slug} 3000`,
  ]);
  expect(await listed({ currency: 'EUR', priceMaxMinor: 1500 })).toEqual([`${dear.slug} 1000`]);
  const first = await searchProducts(reads, { words: word, ...pounds, sort: 'price', limit: 1 });
  expect([first.total?.count, first.cards[0]?.slug]).toEqual([3, cheap.slug]);
  expect(await listed({ ...pounds, sort: 'price', limit: 1, cursor: first.cursor })).toEqual([inDear]);
  const { products } = await suggestionsFor(reads, word, { currency: 'GBP' });
  expect(new Map(products.map(({ slug, price }) => [slug, price?.currency ?? null]))).toEqual(
    new Map([
      [dear.slug, 'GBP'],
      [cheap.slug, 'GBP'],
      [none.slug, null],
    ]),
  );
  expect((await productBySlug(reads, none.slug, { currency: 'GBP' }))?.variants[0]?.price).toBeNull();
});

test('what a list says and what a price costs is one truth, whatever was set in whatever order', async ({
  db,
  deps,
}) => {
  const products = [await aPublishedProduct(db, 'Left'), await aPublishedProduct(db, 'Right')];
  const lists = [await aList(db, { currency: 'USD' }), await aList(db, { currency: 'USD', priority: 3 })];
  const step = fc.record({
    list: fc.nat(1),
    product: fc.nat(1),
    amountMinor: fc.option(fc.integer({ min: 0, max: 99_999 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      for (const { list, product, amountMinor } of steps) {
        await set(db, lists[list] ?? '', [{ sku: products[product]?.sku ?? '', amountMinor }]);
      }
      for (const { variantId, slug } of products) {
        const sold = (await priceOf(db, [variantId], 'USD', NOW)).get(variantId)?.amountMinor;
        const shown = (await productBySlug(deps.reads, slug, { currency: 'USD' }))?.price?.amountMinor;
        expect(shown).toBe(sold);
      }
    }),
    { numRuns: 12 },
  );
});

test('a visitor sees what they chose, then what their country does, then the marketplace’s', async ({
  db,
}) => {
  await inTransaction(db, (tx) => sellIn(tx, 'system', { currency: 'GBP', countryCodes: ['GB'] }));
  await inTransaction(db, (tx) => sellIn(tx, 'system', { currency: 'USD', countryCodes: ['US'] }));
  await expect(
    inTransaction(db, (tx) => sellIn(tx, 'system', { currency: 'USD', countryCodes: ['GB'] })),
  ).rejects.toMatchObject({ code: 'catalog.country_taken' });
  const sold = await soldCurrencies(db);
  const asked = [
    [undefined, undefined],
    [undefined, 'GB'],
    ['EUR', 'GB'],
    ['USD', 'GB'],
    ['JPY', 'US'],
  ] as const;
  expect(asked.map(([chosen, country]) => currencyFor(sold, chosen, country))).toEqual([
    'EUR',
    'GBP',
    'EUR',
    'USD',
    'USD',
  ]);
});
