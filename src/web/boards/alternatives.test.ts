import { sql } from 'kysely';
import { expect } from 'vitest';
import { alternativesTo } from '#read/alternatives.ts';
import { test } from '#test/harness.ts';
import { aProduct } from '../factory.ts';

test('in place of a product that is gone stands the most alike of its category that is in stock', async ({
  db,
  databaseUrl,
}) => {
  const gone = await aProduct(db, databaseUrl, { amountMinor: 2000 });
  const categoryId = gone.product.categoryId ?? '';
  const beside = (amountMinor: number, stock = 5) =>
    aProduct(db, databaseUrl, { categoryId, amountMinor, stock });
  const near = await beside(1800);
  const far = await beside(9000);
  const alike = await beside(8000);
  const out = await beside(2000, 0);
  await aProduct(db, databaseUrl, { amountMinor: 2000 }); // of another category
  const nearest = async () => (await alternativesTo(db, [gone.product.id])).get(gone.product.id)?.id;
  expect(await nearest()).toBe(near.product.id);
  await sql`
    update catalog.product_attribute as its set text_value = own.text_value from catalog.product_attribute own
    where own.product_id = ${gone.product.id} and its.attribute_id = own.attribute_id
      and its.product_id in (${alike.product.id}, ${out.product.id})`.execute(db);
  expect(await nearest()).toBe(alike.product.id);
  for (const { product } of [near, far, alike])
    await sql`delete from catalog.product_listing where product_id = ${product.id}`.execute(db);
  expect(await nearest()).toBeUndefined();
});
