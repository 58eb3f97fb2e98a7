import type { ClickHouseClient } from '@clickhouse/client';
import { sql } from 'kysely';
import { shelvesOfProducts } from '#modules/catalog/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';

const PRODUCTS = 5_000;

/**
 * Job, each minute. Tells ClickHouse where products stand and whose they are, of those of which it was told otherwise. What is to be told is
 * noted first, and what was told after: killed anywhere, it is told again, and the higher version holds.
 */
export async function followShelves({
  db,
  clickhouse,
}: {
  db: Db;
  clickhouse: ClickHouseClient;
}): Promise<void> {
  let after: string | undefined;
  do {
    const shelves = await shelvesOfProducts(db, after, PRODUCTS);
    after = shelves.length === PRODUCTS ? shelves.at(-1)?.productId : undefined;
    await noteShelves(db, shelves);
  } while (after !== undefined);
  while ((await tellShelves(db, clickhouse)) === PRODUCTS);
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

async function noteShelves(db: Db, shelves: Awaited<ReturnType<typeof shelvesOfProducts>>): Promise<void> {
  await inTransaction(db, (tx) =>
    sql`
      insert into insight.product_shelf as known (product_id, path, brand_id)
      select told.* from unnest(${shelves.map(({ productId }) => productId)}::uuid[],
        ${shelves.map(({ path }) => path)}::text[],
        ${shelves.map(({ brandId }) => brandId ?? NOBODY)}::uuid[]) as told (product_id, path, brand_id)
      left join insight.product_shelf already using (product_id)
      where already.path is distinct from told.path or already.brand_id <> told.brand_id order by product_id
      on conflict (product_id) do update set path = excluded.path, brand_id = excluded.brand_id, version = default, is_told = false
        where known.path <> excluded.path or known.brand_id <> excluded.brand_id`.execute(tx),
  );
}

/** Answers how many were told. */
async function tellShelves(db: Db, clickhouse: ClickHouseClient): Promise<number> {
  const { rows } = await sql<{ product_id: string; path: string; brand_id: string; version: string }>`
    select product_id::text, path, brand_id::text, version::text from insight.product_shelf
    where not is_told order by version limit ${PRODUCTS}`.execute(db);
  if (rows.length === 0) return 0;
  await clickhouse.insert({ table: 'product_shelf', values: rows, format: 'JSONEachRow' });
  const versions = rows.map(({ version }) => version);
  await inTransaction(db, (tx) =>
    sql`update insight.product_shelf set is_told = true where version = any(${versions}::bigint[])`.execute(
      tx,
    ),
  );
  return rows.length;
}
