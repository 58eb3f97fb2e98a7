import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { stockCameIn, stockRanOut } from '#events/inventory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { test } from '#test/harness.ts';
import { aPublishedProduct, aWord, NOW } from './factory.ts';
import { followClock, followSales, subscribers } from './follow.ts';
import { searchProducts } from './index.ts';
import { putOffer } from './offers.ts';

const hear = (db: Db, name: string, payload: unknown, eventId: string) =>
  inTransaction(db, async (tx) => {
    for (const subscriber of subscribers)
      if (subscriber.name === name) await subscriber.handle(tx, [{ eventId, payload }]);
  });

test('a product is in stock while any variant is to be had anywhere', async ({ db, deps, work }) => {
  const word = aWord();
  const { variantId } = await aPublishedProduct(db, word);
  const [here, there] = [randomUUID(), randomUUID()];
  const inStock = async () => (await searchProducts(deps.reads, { words: word })).cards[0]?.inStock;
  const happens = async (event: typeof stockCameIn, locationId: string) => {
    await inTransaction(db, (tx) => emit(tx, event, { variantId, locationId }));
    await work();
  };
  expect(await inStock()).toBe(false);
  await happens(stockCameIn, here);
  await happens(stockCameIn, there);
  expect(await inStock()).toBe(true);
  await happens(stockRanOut, here);
  expect(await inStock()).toBe(true);
  await happens(stockRanOut, there);
  expect(await inStock()).toBe(false);
  expect((await searchProducts(deps.reads, { words: word, inStock: true })).cards).toEqual([]);
});

test('an event that comes late does not undo a newer one, nor one that comes twice', async ({ db, deps }) => {
  const word = aWord();
  const { variantId } = await aPublishedProduct(db, word);
  const place = { variantId, locationId: randomUUID() };
  const [first, second] = ['01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002'];
  await hear(db, 'catalog.show_in_stock', place, second);
  await hear(db, 'catalog.show_out_of_stock', place, first);
  await hear(db, 'catalog.show_in_stock', place, second);
  const { cards } = await searchProducts(deps.reads, { words: word });
  expect(cards[0]?.inStock).toBe(true);
});

test('a price begins and ends in lists when the clock does', async ({ db, deps }) => {
  const word = aWord();
  const { variantId } = await aPublishedProduct(db, word, { amountMinor: 9000 });
  const sale = { variantId, currency: 'EUR', amountMinor: 6000, compareAtMinor: 9000 };
  await inTransaction(db, async (tx) => {
    await sql`update catalog.offer set valid_to = '2026-04-01T00:00:00Z' where variant_id = ${variantId}`.execute(
      tx,
    );
    await putOffer(
      tx,
      randomUUID(),
      { ...sale, validFrom: '2026-04-01T00:00:00Z', validTo: '2026-05-01T00:00:00Z' },
      NOW,
    );
  });
  const priceAfter = async (moment: string) => {
    await followClock({ ...deps, now: () => new Date(moment) });
    const { cards } = await searchProducts(deps.reads, { words: word });
    return cards[0]?.price;
  };
  const before = { amountMinor: 9000, compareAtMinor: null, currency: 'EUR', isFrom: false };
  expect(await priceAfter('2026-03-31T23:59:59Z')).toEqual(before);
  expect(await priceAfter('2026-04-01T00:00:00Z')).toEqual({
    ...before,
    amountMinor: 6000,
    compareAtMinor: 9000,
  });
  expect(await priceAfter('2026-05-01T00:00:00Z')).toBe(null);
});

test('what sells comes first, once the job has counted it', async ({ db, deps }) => {
  const word = aWord();
  const [slow, quick] = [
    await aPublishedProduct(db, `${word} slow`),
    await aPublishedProduct(db, `${word} quick`),
  ];
  const line = {
    kind: 'goods',
    variantId: null,
    quantity: 3,
    lineId: randomUUID(),
    grossMinor: 0,
    discountMinor: 0,
    netMinor: 0,
  };
  const facts = {
    orderId: randomUUID(),
    number: '1',
    customerId: null,
    touchpoint: 'web',
    regionCode: 'NL',
    currency: 'EUR',
  };
  const payload = { ...facts, businessDay: '2026-03-01', occurredAt: NOW.toISOString(), source: 'stoa' };
  for (const lines of [
    [{ ...line, productId: slow.id, quantity: 1 }],
    [
      { ...line, productId: quick.id },
      { ...line, productId: null },
    ],
  ]) {
    await hear(db, 'catalog.count_units_sold', { ...payload, lines }, randomUUID());
  }
  await followSales(deps);
  const { cards } = await searchProducts(deps.reads, { words: word });
  expect(cards.map((card) => card.title)).toEqual([`${word} quick`, `${word} slow`]);
});
