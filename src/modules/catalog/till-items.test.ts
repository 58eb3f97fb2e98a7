import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { openBulk } from '#platform/bulk.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import {
  importCatalog,
  putPriceList,
  setPrices,
  tillItems,
  tillItemsOf,
  variantIdsOfCodes,
} from './index.ts';
import { unpublish } from './products.ts';

const EUR = 'EUR';

/** A published product whose variants cost 10.00 each. */
async function aRange(databaseUrl: string, count: number) {
  const productId = randomUUID();
  const variants = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    sku: randomUUID(),
    optionValues: [`No. ${index}`],
    offers: [{ currency: EUR, amountMinor: 1000 }],
  }));
  const product = { id: productId, slug: productId, title: 'A vase', optionNames: ['Number'], variants };
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((each) => importCatalog(each, { source: 'test', products: [product] }));
  return { productId, variants };
}

/** As if all that was written until now had been written an hour ago. */
async function age(db: Db): Promise<void> {
  await sql`alter table catalog.offer disable trigger set_again`.execute(db);
  await sql`update catalog.offer set set_at = now() - interval '1 hour', valid_from = now() - interval '1 hour'
    where price_list_id is null`.execute(db);
  await sql`update catalog.offer set set_at = now() - interval '1 hour'`.execute(db);
  await sql`alter table catalog.offer enable trigger set_again`.execute(db);
  await sql`update catalog.product set updated_at = now() - interval '1 hour'`.execute(db);
}

test('a till is told all pages of what is sold, each thing once', async ({ db, databaseUrl }) => {
  const { variants } = await aRange(databaseUrl, 501);
  const now = new Date();

  const first = await tillItems(db, { currency: EUR, now });
  const second = await tillItems(db, { currency: EUR, now, after: first.cursor ?? undefined });

  expect([first.items.length, second.items.length, second.cursor]).toEqual([500, 1, null]);
  const told = [...first.items, ...second.items].map(({ variantId }) => variantId);
  expect(told.toSorted()).toEqual(variants.map(({ id }) => id).toSorted());
  expect([...first.gone, ...second.gone]).toEqual([]);
  expect((await tillItems(db, { currency: 'USD', now })).items).toEqual([]);
});

test('a till is told what has another price since, by the shop’s own rule, and what can’t be sold any more', async ({
  db,
  databaseUrl,
}) => {
  const { productId, variants } = await aRange(databaseUrl, 4);
  const [dear, ended, hidden] = [variants[0], variants[1], await aRange(databaseUrl, 1)];
  if (!dear || !ended) throw new Error('a range without variants');
  const listId = randomUUID();
  const list = {
    name: 'Sale',
    currency: EUR,
    priority: 10,
    validFrom: new Date(Date.now() - 60_000),
    validTo: null,
  };
  await inTransaction(db, (tx) => putPriceList(tx, 'system', listId, list));
  const changed = async () => {
    const now = new Date();
    const { items, gone } = await tillItems(db, {
      currency: EUR,
      now,
      changedSince: new Date(+now - 600_000),
    });
    return { items: items.map(({ variantId, unitPriceMinor }) => [variantId, unitPriceMinor]), gone };
  };
  const price = (amountMinor: number | null) =>
    inTransaction(db, (tx) =>
      setPrices(tx, 'system', listId, [{ sku: dear.sku, amountMinor }], { now: new Date() }),
    );

  await age(db);
  expect(await changed()).toEqual({ items: [], gone: [] });
  await price(800);
  expect(await changed()).toEqual({ items: [[dear.id, 800]], gone: [] });
  await age(db);
  await price(700);
  expect(await changed()).toEqual({ items: [[dear.id, 700]], gone: [] });
  expect(await tillItemsOf(db, { variantIds: [dear.id] }, { currency: EUR }, new Date())).toMatchObject([
    { variantId: dear.id, productId, unitPriceMinor: 700 },
  ]);
  await age(db);
  await price(null);
  expect((await changed()).items).toContainEqual([dear.id, 1000]);

  await age(db);
  await sql`update catalog.offer set valid_to = now() - interval '10 seconds' where variant_id = ${ended.id}`.execute(
    db,
  );
  await inTransaction(db, (tx) => unpublish(tx, hidden.productId, new Date()));
  const gone = [ended.id, hidden.variants[0]?.id ?? ''];
  expect(await changed()).toEqual({ items: [], gone: gone.toSorted() });
});

test('a scanned number means the same with twelve, thirteen and fourteen digits; a longer one means nothing', async ({
  db,
  databaseUrl,
}) => {
  const { variants } = await aRange(databaseUrl, 2);
  const [upc, ean] = variants;
  if (!upc || !ean) throw new Error('a range without variants');
  await sql`update catalog.variant set gtin = '036000291452' where id = ${upc.id}`.execute(db);
  await sql`update catalog.variant set gtin = '4006381333931' where id = ${ean.id}`.execute(db);
  const codes = [
    '036000291452',
    '0036000291452',
    '00036000291452',
    '36000291452',
    '4006381333931',
    '04006381333931',
  ];
  const wrong = ['000036000291452', '40063813339310', '4006381333932', '006381333931'];

  const found = await variantIdsOfCodes(db, [...codes, ...wrong]);

  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(codes.map((code) => [code, code.endsWith('3931') ? ean.id : upc.id])),
  );
});
