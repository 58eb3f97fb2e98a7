import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aWord } from '#modules/catalog/factory.ts';
import { putPriceList, setPrices } from '#modules/catalog/index.ts';
import { aLook } from '#modules/looks/factory.ts';
import { aWestWithDelft } from '#modules/market/factory.ts';
import {
  addArea,
  creditAll,
  creditFreshness,
  putPostcodePlaces,
  setTerritory,
} from '#modules/market/index.ts';
import { aLocation, aWish, placingDeps } from '#modules/orders/factory.ts';
import { ordersErrors, placeOrder, readOrder } from '#modules/orders/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { buildApp } from '../../app.ts';
import { aBrowser, aProduct, fieldOf } from '../factory.ts';

const BEGAN = new Date('2026-01-01T00:00:00Z');

async function aList(db: Db, marketCode: string, prices: Record<string, number>): Promise<string> {
  const id = randomUUID();
  await inTransaction(db, async (tx) => {
    const facts = { currency: 'EUR', marketCode, priority: 0, validFrom: BEGAN, validTo: null };
    await putPriceList(tx, 'system', id, { name: `Prices of ${marketCode}`, ...facts });
  });
  await setIn(db, id, prices);
  return id;
}

const setIn = (db: Db, listId: string, prices: Record<string, number>) =>
  inTransaction(db, (tx) => {
    const lines = Object.entries(prices).map(([sku, amountMinor]) => ({ sku, amountMinor }));
    return setPrices(tx, 'system', listId, lines, { now: new Date() });
  });

/**
 * A vase in two colours at 24.00 in the world, at 20.00 in the Netherlands, and one colour at 18.00 in Delft; a cheaper
 * one at 21.00 that costs the same everywhere.
 */
const test = base.extend('shelf', async ({ deps, db, databaseUrl }) => {
  await aWestWithDelft(db);
  const word = aWord();
  const vase = await aProduct(db, databaseUrl, { title: `Vase ${word}`, amountMinor: 2400 });
  const other = await aProduct(db, databaseUrl, { title: `Other ${word}`, amountMinor: 2100 });
  const [sage, sand] = vase.variants;
  if (!sage || !sand) throw new Error('a vase comes in two colours');
  await aList(db, 'NL', { [sage.sku]: 2000, [sand.sku]: 2000 });
  const delftId = await aList(db, 'NL-west-delft', { [sage.sku]: 1800 });
  const ada = await aPerson(deps);
  const lookId = await aLook(deps, ada.memberId, [vase.product.id], { title: 'A corner' });
  const boardId = await aBoard(deps, ada.memberId, { name: 'Attic' });
  await aPin(deps, ada.memberId, boardId, { kind: 'product', productId: vase.product.id });
  return { word, vase, other, sage, sand, delftId, lookId, boardId };
});

/** Where, what the chosen colour and the other cost there, and what comes first by price. */
const PLACES: [country: string, postcode: string, sage: string, sand: string, first: 'vase' | 'other'][] = [
  ['BE', '2611', '24.00', '24.00', 'other'],
  ['NL', '3511 AB', '20.00', '20.00', 'vase'],
  ['NL', '2600 ZZ', '20.00', '20.00', 'vase'],
  ['NL', '2611 AB', '18.00', '20.00', 'vase'],
];

const minor = (amount: string) => Number(amount.replace('.', ''));
const euros = (html: string) => new Set([...html.matchAll(/€(\d+(?:\.\d\d)?)/g)].map(([, amount]) => amount));

test('every page shows the price of the narrowest region that has one, and the cart takes it', async ({
  app,
  shelf: { word, vase, other, sage, sand, lookId, boardId },
}) => {
  for (const [country, postcode, sagePrice, sandPrice, first] of PLACES) {
    const at = `${country} ${postcode}`;
    const visitor = aBrowser(app);
    expect((await visitor.send('/place', { country, postcode, next: '/' })).statusCode, at).toBe(303);
    const open = async (path: string) => (await visitor.open(path)).body;

    const page = await open(`/p/${vase.slug}?option=Sage`);
    const offered = [...page.matchAll(/"price":"([\d.]+)"/g)].map(([, price]) => price);
    expect(new Set(offered), at).toEqual(new Set([sagePrice, sandPrice]));
    expect(page, at).toContain(`€${sagePrice}`);
    expect(await open(`/p/${vase.slug}?option=Sand`), at).toContain(`€${sandPrice}`);
    for (const path of [
      `/c/${vase.category.slug}`,
      `/b/${vase.brand.slug}`,
      `/embed/p/${vase.slug}`,
      `/compare?p=${vase.slug}&p=${other.slug}`,
      `/boards/${boardId}`,
      `/looks/${lookId}`,
    ]) {
      const shown = euros(await open(path));
      const wrong = ['24.00', '20.00', '18.00'].filter(
        (each) => each !== sagePrice && each !== sandPrice && shown.has(each),
      );
      expect([shown.has(sagePrice), wrong], `${path} ${at}`).toEqual([true, []]);
    }
    const sorted = await open(`/search?q=${word}&sort=price`);
    const [one, two] = first === 'vase' ? [vase.slug, other.slug] : [other.slug, vase.slug];
    expect(sorted.indexOf(`/p/${one}`) < sorted.indexOf(`/p/${two}`), at).toBe(true);
    const bounded = await open(`/search?q=${word}&max=19`);
    expect(bounded.includes(vase.slug), at).toBe(sagePrice === '18.00');
    expect(await open(`/search/suggestions?q=${word}`), at).toContain(`€${sagePrice}`);

    const query = new URLSearchParams({ countryCode: country, postcode }).toString();
    const api = async (path: string) => (await app.inject(`/v1/catalog/${path}`)).json<never>();
    expect(await api(`products/${vase.slug}?${query}`), at).toMatchObject({
      price: { amountMinor: minor(sagePrice), isFrom: sagePrice !== sandPrice },
      variants: [{ price: { amountMinor: minor(sagePrice) } }, { price: { amountMinor: minor(sandPrice) } }],
    });
    const found = await api(`search?q=${word}&sort=price&limit=1&${query}`);
    expect(found, at).toMatchObject({ cards: [{ slug: one }], total: { count: 2 } });

    await visitor.send('/cart', { product: vase.slug, quantity: '2', 'option-0': 'Sage' });
    await visitor.send('/cart', { product: vase.slug, quantity: '1', 'option-0': 'Sand' });
    const goods = 2 * minor(sagePrice) + minor(sandPrice);
    expect(await open('/cart'), at).toContain(`€${(goods / 100).toFixed(2)}`);
    expect(fieldOf(await open('/checkout'), 'goods'), at).toBe(String(goods));
    const cart = await app.inject({
      method: 'PUT',
      url: `/v1/orders/carts/${randomUUID()}`,
      payload: {
        lines: [
          { variantId: sage.id, quantity: 2 },
          { variantId: sand.id, quantity: 1 },
        ],
        deliverTo: { countryCode: country, postcode },
      },
    });
    expect(cart.json(), at).toMatchObject({ goodsMinor: goods });
  }
  // Without a place the API answers for the whole world.
  const world = await app.inject(`/v1/catalog/products/${vase.slug}`);
  expect(world.json()).toMatchObject({ price: { amountMinor: 2400 } });
});

test('a cart is priced anew where it goes, its buyer is told, and the order takes what checkout said', async ({
  app,
  db,
  shelf: { vase, sage, delftId },
}) => {
  const visitor = aBrowser(app);
  await visitor.send('/place', { country: 'BE', postcode: '1000', next: '/' });
  await visitor.send('/cart', { product: vase.slug, quantity: '2', 'option-0': 'Sage' });
  expect((await visitor.open('/cart')).body).toContain('€48.00');
  const told = 'Prices are different there';
  await visitor.send('/place', { country: 'FR', postcode: '75001', next: '/cart' });
  expect((await visitor.open('/cart')).body).not.toContain(told);
  await visitor.send('/place', { country: 'NL', postcode: '2611 AB', next: '/cart' });
  const cart = (await visitor.open('/cart')).body;
  expect([cart.includes(told), cart.includes('€36.00'), cart.includes('€48.00')]).toEqual([
    true,
    true,
    false,
  ]);

  const checkout = (await visitor.open('/checkout')).body;
  const cartId = fieldOf(checkout, 'cart') ?? '';
  const address = (postcode: string) => ({
    email: 'ada@example.com',
    name: 'Ada Example',
    street: 'Langestraat 1',
    postcode,
    city: 'Delft',
    countryCode: 'NL',
  });
  const wish = (postcode: string, goodsMinor: number) =>
    aWish(cartId, goodsMinor + 495, { address: address(postcode), deliveryCode: 'standard' });
  const refused = { code: ordersErrors.total_changed.code };
  await expect(placeOrder(placingDeps(db), GUEST, wish('3511 AB', 3600))).rejects.toMatchObject({
    ...refused,
    data: { totalMinor: 4000 + 495 },
  });
  // A price that changes while somebody pays: one of the two comes first, and the order is at what was agreed to or none.
  const first = wish('2611 AB', 3600);
  const [placed] = await Promise.allSettled([
    placeOrder(placingDeps(db), GUEST, first),
    setIn(db, delftId, { [sage.sku]: 1700 }),
  ]);
  if (placed.status === 'fulfilled') {
    expect(await readOrder(db, first.orderId)).toMatchObject({
      totalMinor: 3600 + 495,
      regionCode: 'NL-west-delft',
      lines: [{ unitPriceMinor: 1800 }, { kind: 'postage' }],
    });
  } else {
    expect(placed.reason).toMatchObject({ ...refused, data: { totalMinor: 3400 + 495 } });
    const second = wish('2611 AB', 3400);
    await placeOrder(placingDeps(db), GUEST, second);
    expect(await readOrder(db, second.orderId)).toMatchObject({
      lines: [{ unitPriceMinor: 1700 }, { kind: 'postage' }],
    });
  }
});

test('what is sold in one region only lies in the cart of whoever chose it, and is not sold elsewhere', async ({
  app,
  db,
  databaseUrl,
  shelf: { vase },
}) => {
  const local = await aProduct(db, databaseUrl, { amountMinor: 3100 });
  const id = randomUUID();
  await inTransaction(db, async (tx) => {
    await sql`delete from catalog.offer where variant_id = any(${local.variants.map((each) => each.id)}::uuid[])`.execute(
      tx,
    );
    const facts = { name: 'Delft', currency: 'EUR', marketCode: 'NL-west-delft', priority: 0 };
    await putPriceList(tx, 'system', id, { ...facts, validFrom: BEGAN, validTo: null });
  });
  await setIn(db, id, Object.fromEntries(local.variants.map(({ sku }) => [sku, 3000])));
  const visitor = aBrowser(app);
  await visitor.send('/place', { country: 'NL', postcode: '2611 AB', next: '/' });
  expect((await visitor.open(`/p/${local.slug}`)).body).toContain('€30.00');
  await visitor.send('/cart', { product: local.slug, quantity: '1', 'option-0': 'Sage' });
  await visitor.send('/cart', { product: vase.slug, quantity: '1', 'option-0': 'Sage' });
  const there = (await visitor.open('/cart')).body;
  expect([there.includes('€48.00'), there.includes('href="/checkout"')]).toEqual([true, true]);

  await visitor.send('/place', { country: 'NL', postcode: '3511 AB', next: '/cart' });
  const elsewhere = (await visitor.open('/cart')).body;
  expect(elsewhere).toContain('Not sold in EUR. Remove it');
  expect([elsewhere.includes('€20.00'), elsewhere.includes('href="/checkout"')]).toEqual([true, false]);
  expect((await visitor.open(`/p/${local.slug}`)).body).not.toContain('€30.00');
});

test('what guests of one region were shown is not kept for those of another', async ({
  deps,
  shelf: { boardId, lookId },
}) => {
  await using shop = await buildApp({ ...deps, config: { ...deps.config, keepSeconds: 20 } });
  const visitors = await Promise.all(
    [
      ['BE', '1000', '24.00'],
      ['NL', '2611 AB', '18.00'],
      ['NL', '3511 AB', '20.00'],
      ['FR', '75001', '24.00'],
    ].map(async ([country = '', postcode = '', price = '']) => {
      const visitor = aBrowser(shop);
      await visitor.send('/place', { country, postcode, next: '/' });
      return { visitor, price };
    }),
  );
  for (let round = 0; round < 3; round++) {
    for (const { visitor, price } of visitors) {
      for (const path of [`/boards/${boardId}`, `/looks/${lookId}`])
        expect(euros((await visitor.open(path)).body).has(price), `${path} ${round} ${price}`).toBe(true);
    }
  }
});

test('a price of an area that is drawn holds where the postcodes that lie in it go, and orders count there', async ({
  deps,
  db,
  shelf: { vase, sage, sand },
}) => {
  const corners = [
    [4.3, 50.8],
    [4.4, 50.8],
    [4.4, 50.9],
    [4.3, 50.9],
    [4.3, 50.8],
  ];
  const outline = { type: 'Polygon' as const, coordinates: [corners] };
  await inTransaction(db, async (tx) => {
    const plan = { by: 'outline' as const, outline };
    await addArea(tx, { code: 'BE-brussels', parentCode: 'BE', name: 'Brussels', plan });
  });
  const storeId = await aLocation(db);
  await inTransaction(db, async (tx) => {
    const stores = [{ locationId: storeId, attractiveness: 1 }];
    const territory = {
      id: randomUUID(),
      regionCode: 'BE-brussels',
      startsOn: '2026-01-01',
      note: '',
      stores,
    };
    await setTerritory(tx, { ...territory, setBy: null }, new Date());
  });
  await aList(db, 'BE-brussels', { [sage.sku]: 1900, [sand.sku]: 1900 });
  await using shop = await buildApp(deps); // which regions have prices, pages ask every few seconds
  const visitor = aBrowser(shop);
  const priceAt = async (postcode: string) => {
    await visitor.send('/place', { country: 'BE', postcode, next: '/' });
    const page = (await visitor.open(`/p/${vase.slug}?option=Sage`)).body;
    return ['€19.00', '€24.00'].filter((price) => page.includes(price));
  };
  expect(await priceAt('1000')).toEqual(['€24.00']);
  await inTransaction(db, (tx) =>
    putPostcodePlaces(tx, [
      { countryCode: 'BE', postcode: '1000', latitude: 50.8466, longitude: 4.3528 },
      { countryCode: 'BE', postcode: '9000', latitude: 51.05, longitude: 3.7167 },
    ]),
  );
  expect([await priceAt('1000'), await priceAt('9000'), await priceAt('4000')]).toEqual([
    ['€19.00'],
    ['€24.00'],
    ['€24.00'],
  ]);
  await visitor.send('/place', { country: 'BE', postcode: '1000', next: '/' });
  await visitor.send('/cart', { product: vase.slug, quantity: '1', 'option-0': 'Sage' });
  const cartId = fieldOf((await visitor.open('/checkout')).body, 'cart') ?? '';
  const who = { email: 'ada@example.com', name: 'Ada Example', street: 'Langestraat 1', city: 'Brussel' };
  const wish = aWish(cartId, 1900 + 495, { address: { ...who, postcode: '1000', countryCode: 'BE' } });
  await placeOrder(placingDeps(db), GUEST, wish);
  expect(await readOrder(db, wish.orderId)).toMatchObject({
    regionCode: 'BE-brussels',
    lines: [{ unitPriceMinor: 1900 }, { kind: 'postage' }],
  });
  do await creditAll(placingDeps(db));
  while ((await creditFreshness(db)).isBehind);
  const { rows } = await sql`
    select location_id as "storeId", sum(amount_minor)::integer as "amountMinor" from market.sale_credit
    where kind = 'regional' and sale_id = ${wish.orderId} group by location_id`.execute(db);
  expect(rows).toEqual([{ storeId, amountMinor: (await readOrder(db, wish.orderId)).lines[0]?.netMinor }]);
});
