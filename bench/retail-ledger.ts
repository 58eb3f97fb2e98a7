import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Db, inTransaction, openDb } from '#platform/db.ts';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { newId } from '#platform/ids.ts';
import { migrate } from '#platform/migrate.ts';
import { readSales, writeSales } from '../src/imports/import-file.ts';
import { readMapping } from '../src/imports/mapping.ts';
import { importLocations } from '../src/modules/inventory/index.ts';
import { ask } from './ask.ts';
import { atLeast, type Result } from './result.ts';
import { faultsOf, goodsMoved, leastOpeningStock, postGoods, stockOfYear } from './sales-ledger.ts';
import { benchFolder } from './stage.ts';

/** The file of STOA_BENCH_RETAIL holds a year: it should take minutes. */
const ROWS_A_SECOND_MIN = 1_000;

/**
 * The year of the file that STOA_BENCH_RETAIL names through the stock ledger, on an empty database with its catalogue
 * and orders imported: opening stock, then each sale held, allocated and sent and each return taken back, when it
 * happened. It ends with an error where the ledger says anything else than the file.
 */
export async function retailLedger(): Promise<Result[]> {
  const file = process.env['STOA_BENCH_RETAIL'];
  if (!file || !existsSync(file)) {
    process.stdout.write(
      `  left out: ${file ? `there is no ${file}` : 'STOA_BENCH_RETAIL is not set'}. Set it to the path of online-retail.csv.gz.\n`,
    );
    return [];
  }
  const dir = benchFolder('retail-ledger');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const postgres = await startPostgres({ dir: join(dir, 'postgres') });
  try {
    await migrate(postgres.url);
    await using db = openDb(postgres.url, { max: 2 });
    return await postYear(db, postgres.url, { file, reportsDir: join(dir, 'reports') });
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function postYear(
  db: Db,
  databaseUrl: string,
  { file, reportsDir }: { file: string; reportsDir: string },
): Promise<Result[]> {
  const mapping = readMapping('online-retail');
  const options = { file, mapping, reportsDir, now: new Date() };
  const sales = await readSales(options);
  const moved = goodsMoved(mapping, sales);
  const opening = leastOpeningStock(moved);
  const report = await writeSales(options, sales, databaseUrl);
  const locationId = await aWarehouse(db);
  const began = performance.now();
  await postGoods(db, locationId, opening, moved);
  const seconds = (performance.now() - began) / 1000;
  const year = await stockOfYear(db, locationId);
  assert.deepEqual(faultsOf(year, opening, moved), []);
  // What is set aside of this file has no price: the ledger has all of its money.
  const totalMinor = await moneyOf(databaseUrl);
  assert.equal(totalMinor, Number(report.total.money.replace(/[,.]/g, '')));
  const rows = moved.reduce((sum, goods) => sum + goods.rows, 0);
  const least = year.filter((variant) => variant.opening > 0).length;
  process.stdout.write(
    `  ${rows} rows of ${moved.length} documents in ${seconds.toFixed(0)} s; ${year.length} variants, ${least} of them at zero once and never beneath; ${report.total.money} ordered less returned\n`,
  );
  return [
    atLeast(
      'rows of a year of sales and returns through the stock ledger',
      rows / seconds,
      ROWS_A_SECOND_MIN,
      '/s',
    ),
  ];
}

/** What was ordered less what came back, by the order ledger. */
async function moneyOf(databaseUrl: string): Promise<number> {
  const [sum] = await ask<{ minor: string }>(
    databaseUrl,
    `select ((select sum(total_minor) from orders.order) - (select sum(total_minor) from orders.return))::text as minor`,
  );
  return Number(sum?.minor);
}

async function aWarehouse(db: Db): Promise<string> {
  const id = newId();
  const warehouse = {
    id,
    code: 'warehouse',
    kind: 'warehouse' as const,
    name: 'Warehouse',
    street: '',
    postcode: '',
    city: 'London',
    countryCode: 'GB',
    latitude: 51.5,
    longitude: -0.1,
    timeZone: 'Europe/London',
    openingHours: Array.from({ length: 7 }, () => ({ opens: '00:00', closes: '24:00' })),
  };
  await inTransaction(db, (tx) => importLocations(tx, [warehouse]));
  return id;
}
