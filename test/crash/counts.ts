import type { EngineAddresses } from '#platform/embedded/data-folder.ts';
import { clickhouseOf, sqlOf } from './programs.ts';

/** How many rows each table of Stoa has: two databases with the same history have the same. */
export async function rowsOfTables(databaseUrl: string): Promise<Record<string, number>> {
  const tables = await sqlOf<{ name: string; quoted: string }>(
    databaseUrl,
    `select schemaname || '.' || tablename as name, format('%I.%I', schemaname, tablename) as quoted from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'graphile_worker', 'public') order by 1`,
  );
  const counts = tables.map(
    ({ name, quoted }) => `select '${name}' as name, count(*)::int as count from ${quoted}`,
  );
  const rows = await sqlOf<{ name: string; count: number }>(databaseUrl, counts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

/** The order and return lines as PostgreSQL has them. */
export async function linesInLedger(databaseUrl: string) {
  const [sums] = await sqlOf<{ lines: number; net: string }>(
    databaseUrl,
    `select count(*)::int as lines, sum(net)::text as net from (
       select net_minor as net from orders.order_line
       union all select -amount_minor from orders.return_line) as line`,
  );
  return sums;
}

/** The same lines as ClickHouse has them, before any merge: one that was sent twice would be counted twice. */
export async function linesInFigures(clickhouse: EngineAddresses['clickhouse']) {
  const [sums] = await clickhouseOf<{ lines: number; net: string }>(
    clickhouse,
    'select toUInt32(count()) as lines, toString(sum(net_minor)) as net from sale_entry',
  );
  return sums;
}

/** The days whose credits are not what was sold on them less what came back: none, once the follower has come so far. */
export const creditsBesideSales = (databaseUrl: string): Promise<{ day: string }[]> =>
  sqlOf(
    databaseUrl,
    `select business_day::text as day from (
       select business_day, net_minor as net from orders.order_line join orders.order on "order".id = order_id
       where kind in ('goods', 'discount')
       union all
       select business_day, -amount_minor from orders.return_line join orders.return on "return".id = return_id
       where kind in ('goods', 'discount')
       union all
       select business_day, -amount_minor from market.credit_day where kind = 'regional') as entry
     group by 1 having sum(net) <> 0 order by 1`,
  );
