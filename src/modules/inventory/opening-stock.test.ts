import { sql } from 'kysely';
import { expect } from 'vitest';
import { openBulk } from '#platform/bulk.ts';
import { test } from '#test/harness.ts';
import { aLocation, aVariant } from './factory.ts';
import { openingStock } from './opening-stock.ts';

test('opens levels and ledger together, and once', async ({ db, databaseUrl }) => {
  const [variantId, other, locationId] = [await aVariant(db), await aVariant(db), await aLocation(db)];
  await using bulk = await openBulk(databaseUrl);
  const lines = [{ variantId, locationId, quantity: 7 }];

  expect(await bulk.run((each) => openingStock(each, lines))).toEqual({ opened: 1 });
  const more = [
    { variantId, locationId, quantity: 99 },
    { variantId: other, locationId, quantity: 2 },
  ];
  expect(await bulk.run((each) => openingStock(each, more))).toEqual({ opened: 1 });

  const { rows } = await sql`
    select variant_id, level.on_hand, sum(move.on_hand_delta)::int as moved
    from inventory.stock_level level join inventory.stock_movement move using (variant_id, location_id)
    where location_id = ${locationId} group by 1, 2 order by 2`.execute(db);
  expect(rows).toEqual([
    { variant_id: other, on_hand: 2, moved: 2 },
    { variant_id: variantId, on_hand: 7, moved: 7 },
  ]);
});

test('refuses stock of a variant that does not exist, and writes none', async ({ db, databaseUrl }) => {
  const [variantId, locationId] = [await aVariant(db), await aLocation(db)];
  await using bulk = await openBulk(databaseUrl);
  const missing = '00000000-0000-8000-8000-000000000000';
  const lines = [
    { variantId, locationId, quantity: 1 },
    { variantId: missing, locationId, quantity: 1 },
  ];

  await expect(bulk.run((each) => openingStock(each, lines))).rejects.toThrow(
    'inventory.stock_level: 1 rows of catalog.variant are missing (stock_level_variant_id_fkey)',
  );

  const { rows } = await sql`select from inventory.stock_level where location_id = ${locationId}`.execute(db);
  expect(rows).toEqual([]);
});
