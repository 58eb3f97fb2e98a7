import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTransaction, openDb } from '#platform/db.ts';
import { receive } from '../src/modules/inventory/index.ts';
import { ask } from './ask.ts';
import { buyFor } from './buyers.ts';
import { median } from './load.ts';
import { purchaseGrowth } from './purchase-growth.ts';
import { forgetWork, openShop, type Shop, someVariants, spreadOver } from './purchase-shop.ts';
import type { Result } from './result.ts';
import { benchFolder, type Stage, start } from './stage.ts';

const PRODUCTS = 500;
const SECONDS = 10;
/** Until the engine of JavaScript has compiled what each purchase runs: what is asked for is what a shop does all day. */
const WARM_SECONDS = 150;
const TIMES = 3;
/** How many of the function's rate a purchase comes to at least, and of the spread-out rate a hot product. */
const [OF_FUNCTION, OF_SPREAD] = [0.5, 0.6];

/**
 * A guest's whole purchase of two products, from 10 and from 50 buyers at once, beside an SQL function that writes the
 * same rows in one call, driven by pgbench on the same server; 50 buyers who all want the same product too; and the same
 * purchases with a thousand past orders and with a million.
 */
export async function purchase(): Promise<Result[]> {
  const dataDir = benchFolder('purchase');
  rmSync(dataDir, { recursive: true, force: true }); // what earlier runs ordered is not to be measured along
  await using stage = await start(dataDir, 'off', { TRUST_PROXY: 'true' });
  const shop = await openShop(stage.databaseUrl, PRODUCTS);
  await buyFor(stage.url, { count: 10, seconds: WARM_SECONDS, basket: spreadOver(shop.variantIds) });
  const results: Result[] = [];
  const rates = new Map<number, number>();
  for (const count of [10, 50]) {
    const [limits, figures]: [number[], number[]] = [[], []];
    for (let i = 0; i < TIMES; i++) {
      await forgetWork(stage);
      limits.push(functionRate(stage, shop, count));
      await forgetWork(stage);
      figures.push(
        (await buyFor(stage.url, { count, seconds: SECONDS, basket: spreadOver(shop.variantIds) })).perSecond,
      );
    }
    const [limit, figure] = [median(limits), median(figures)];
    rates.set(count, figure);
    results.push(
      beside(`guest purchases of two products in two calls, ${count} at once`, figure, limit, OF_FUNCTION),
    );
  }
  await forgetWork(stage);
  const hot = await hotProduct(stage, shop);
  results.push(
    beside('purchases with one hot product, 50 at once', hot, rates.get(50) ?? Number.NaN, OF_SPREAD),
  );
  results.push(await purchaseGrowth(stage, shop));
  return results;
}

const beside = (name: string, figure: number, limit: number, share: number): Result => ({
  name,
  figure: `${figure.toFixed(0)}/s, ${(figure / limit).toFixed(2)} of it`,
  limit: `≥ ${share} × ${limit.toFixed(0)}/s`,
  ratio: figure / limit / share,
});

function functionRate({ databaseUrl }: Stage, { variantIds }: Shop, count: number): number {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-pgbench-'));
  const script = join(dir, 'purchase.pgbench');
  const half = Math.floor(variantIds.length / 2);
  writeFileSync(
    script,
    `\\set one random(1, ${half})\n\\set other ${half} + random(1, ${half})\nselect bench.purchase(:one, :other);\n`,
  );
  try {
    const options = ['-n', '-M', 'prepared', '-c', `${count}`, '-j', '2', '-T', `${SECONDS}`, '-f', script];
    const said = execFileSync('pgbench', [...options, databaseUrl], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return Number(/tps = ([\d.]+)/.exec(said)?.[1]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Everybody buys the one product that is hot, and something else. What went is what was ordered, to the unit. */
async function hotProduct({ url, databaseUrl }: Stage, { locationId, variantIds }: Shop): Promise<number> {
  const [hot = ''] = await someVariants(databaseUrl, 1);
  const units = 1_000_000;
  await using db = openDb(databaseUrl, { max: 1 });
  const delivery = { id: hot, locationId, lines: [{ variantId: hot, quantity: units }] };
  await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
  const others = spreadOver(variantIds);
  const runs: number[] = [];
  let orders = 0;
  for (let i = 0; i < TIMES; i++) {
    const run = await buyFor(url, { count: 50, seconds: SECONDS, basket: () => [hot, others()[1]] });
    runs.push(run.perSecond);
    orders += run.orders;
  }
  const [level] = await ask<{ left: number; reserved: number }>(
    databaseUrl,
    'select on_hand - allocated as left, reserved from inventory.stock_level where variant_id = $1',
    [hot],
  );
  if (level?.left !== units - orders || level.reserved !== 0)
    throw new Error(`${orders} orders of ${units} units left ${JSON.stringify(level)}`);
  return median(runs);
}
