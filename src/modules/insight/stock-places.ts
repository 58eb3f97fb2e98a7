import type { ClickHouseClient } from '@clickhouse/client';
import { sql } from 'kysely';
import { locations } from '#modules/inventory/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { homes } from './market-stock-routes.ts';

/**
 * Job, each minute. Tells ClickHouse in which region locations lie that lie elsewhere than it was told. What is to be told is
 * noted first, and what was told after: killed anywhere, it is told again, and the higher version holds.
 */
export async function followStockPlaces({
  db,
  clickhouse,
}: {
  db: Db;
  clickhouse: ClickHouseClient;
}): Promise<void> {
  const homeOf = homes(db);
  const ids = (await locations(db)).map(({ id }) => id).sort();
  const regions: string[] = [];
  for (const id of ids) regions.push(await homeOf(id));
  await inTransaction(db, (tx) =>
    sql`
      insert into insight.stock_place as known (location_id, region)
      select told.* from unnest(${ids}::uuid[], ${regions}::text[]) as told (location_id, region)
      left join insight.stock_place already using (location_id)
      where already.region is distinct from told.region order by location_id
      on conflict (location_id) do update set region = excluded.region, version = default, is_told = false
        where known.region <> excluded.region`.execute(tx),
  );
  const { rows } = await sql<{ location_id: string; region: string; version: string }>`
    select location_id::text, region, version::text from insight.stock_place where not is_told
    order by version`.execute(db);
  if (rows.length === 0) return;
  await clickhouse.insert({ table: 'stock_place', values: rows, format: 'JSONEachRow' });
  const versions = rows.map(({ version }) => version);
  await inTransaction(db, (tx) =>
    sql`update insight.stock_place set is_told = true where version = any(${versions}::bigint[])`.execute(tx),
  );
}
