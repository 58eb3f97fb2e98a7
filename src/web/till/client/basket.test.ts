import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { aPromotion } from '#modules/pricing/factory.ts';
import { aRegister } from '#modules/till/factory.ts';
import { test } from '#test/harness.ts';
import { aProduct, aSignedInBrowser } from '../../factory.ts';
import {
  addItem,
  type Basket,
  EMPTY,
  type Item,
  type Place,
  priceOf,
  QUANTITY_MAX,
  removeItem,
  setQuantity,
  unitsOf,
} from './basket.ts';
import { makeCatalogue } from './catalogue.ts';
import type { Facts } from '#modules/pricing/index.ts';

const anItem = (facts: Partial<Item> = {}): Item => ({
  variantId: randomUUID(),
  productId: randomUUID(),
  sku: 'VASE-01',
  gtin: '04006381333931',
  title: 'Quay vase',
  options: 'Sage',
  brandId: null,
  categoryIds: [],
  taxCategory: 'standard',
  unitPriceMinor: 2450,
  pictureUrl: null,
  ...facts,
});

test('a line takes one more at each scan, up to what a line holds, and no quantity that is none', () => {
  const item = anItem();
  let basket: Basket = EMPTY;
  for (let scan = 0; scan < QUANTITY_MAX; scan++) basket = addItem(basket, item);
  expect([basket.lines.length, unitsOf(basket)]).toEqual([1, QUANTITY_MAX]);
  expect(addItem(basket, item)).toBe(basket);
  for (const wrong of [0, -1, 1.5, Number.NaN, 100, 1_000_000])
    expect(setQuantity(basket, item.variantId, wrong)).toBe(basket);
  expect(unitsOf(setQuantity(basket, item.variantId, 3))).toBe(3);
  expect(removeItem(basket, item.variantId)).toEqual(EMPTY);
});

test('finds an item by what is printed on it, in whichever length, and by words in any order', () => {
  const [vase, bowl] = [
    anItem(),
    anItem({ sku: 'BOWL-02', gtin: null, title: 'Fruit bowl, glazed', options: 'Créme' }),
  ];
  const catalogue = makeCatalogue([vase, bowl]);
  for (const code of ['04006381333931', '4006381333931', 'vase-01', 'VASE-01'])
    expect(catalogue.byCode(code), code).toBe(vase);
  expect(catalogue.byCode('400638133393')).toBeUndefined();
  expect(catalogue.search('glazed bowl')).toEqual([bowl]);
  expect(catalogue.search('creme')).toEqual([bowl]);
  expect(catalogue.search('  ')).toEqual([]);
  catalogue.drop(vase.variantId);
  expect([catalogue.byCode('4006381333931'), catalogue.size]).toEqual([undefined, 1]);
});

test('reckons any basket to the cent as the server does', async ({ app, db, deps, databaseUrl }) => {
  const register = await aRegister(db);
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  const headers = { cookie: [...associate.jar].map((pair) => pair.join('=')).join('; ') };
  const products: Awaited<ReturnType<typeof aProduct>>[] = [];
  for (const amountMinor of [1, 333, 2450])
    products.push(await aProduct(db, databaseUrl, { amountMinor, stock: 0 }));
  const of = (index: number) => products[index]?.product.id ?? '';
  const always = { code: null, currency: 'EUR', combination: 'all' };
  await aPromotion(db, {
    ...always,
    effect: { kind: 'percent_off', basisPoints: 1250 },
    productIds: [of(1)],
  });
  await aPromotion(db, {
    ...always,
    effect: { kind: 'buy_get', buy: 2, get: 1, basisPoints: 10_000 },
    productIds: [of(2)],
  });
  await aPromotion(db, {
    ...always,
    effect: { kind: 'amount_off', amountMinor: 700, per: 'order' },
    minGoodsMinor: 9000,
  });
  const read = async <Answer>(path: string): Promise<Answer> =>
    (await app.inject({ url: `/v1/till/${path}?registerId=${register.id}`, headers })).json<Answer>();
  const { facts, ...place } = await read<Place & { facts: Facts }>('facts');
  const { items } = await read<{ items: Item[] }>('catalog');
  const mine = items.filter(({ productId }) => products.some(({ product }) => product.id === productId));
  expect(mine).toHaveLength(6);

  const basket = fc.uniqueArray(
    fc.record({ item: fc.constantFrom(...mine), quantity: fc.integer({ min: 1, max: QUANTITY_MAX }) }),
    { minLength: 1, maxLength: 6, selector: ({ item }) => item.variantId },
  );
  await fc.assert(
    fc.asyncProperty(basket, async (lines) => {
      const own = priceOf({ lines, codes: [] }, facts, place);
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/till/quotes',
        headers,
        payload: {
          registerId: register.id,
          lines: lines.map(({ item, quantity }) => ({ variantId: item.variantId, quantity })),
        },
      });
      const theirs = answer.json<typeof own>();
      expect(answer.statusCode).toBe(200);
      expect(theirs.lines).toMatchObject(own.lines);
      expect(theirs.discounts).toEqual(own.discounts);
      expect([theirs.taxMinor, theirs.totalMinor]).toEqual([own.taxMinor, own.totalMinor]);
    }),
    { numRuns: 25 },
  );
});
