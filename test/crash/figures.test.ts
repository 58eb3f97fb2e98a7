import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { receive } from '#modules/inventory/index.ts';
import { inTransaction, openDb } from '#platform/db.ts';
import type { EngineAddresses } from '#platform/embedded/data-folder.ts';
import { freePort } from '#platform/embedded/ports.ts';
import { aStockedVariant } from '../../src/modules/orders/factory.ts';
import { type Answered, buy } from './buyers.ts';
import {
  aFolder,
  clickhouseOf,
  enginesOf,
  isClickhouse,
  isPostgres,
  killIn,
  sqlOf,
  startStoa,
} from './programs.ts';

/** More of them by hand: `STOA_KILLS=50 npx vitest run test/crash/figures.test.ts`. */
const KILLS = Number(process.env['STOA_KILLS'] ?? 3);
const KILL_SECONDS = 90;
const BUYERS = 3;
const AGAIN_MS = 100;
vi.setConfig({ testTimeout: KILLS * KILL_SECONDS * 1000 });

/** Buys and moves stock, whatever is killed meanwhile, until it is told to stop. */
function working(url: string, dir: string, place: Awaited<ReturnType<typeof aStockedVariant>>) {
  const stop = new AbortController();
  const answered: Answered[] = [];
  const isOver = () => stop.signal.aborted;
  const again = async (work: () => Promise<void>) => {
    while (!isOver()) {
      await work().catch(() => {}); // something of it was killed at this moment, or is starting
      await setTimeout(AGAIN_MS);
    }
  };
  const { variantId, locationId } = place;
  const moving = () =>
    again(async () => {
      const { databaseUrl } = await enginesOf(dir);
      await using db = openDb(databaseUrl, { max: 1 });
      while (!isOver()) {
        const arrival = {
          id: randomUUID(),
          locationId,
          lines: [{ variantId, quantity: 3, unitCostMinor: 700 }],
        };
        await inTransaction(db, (tx) => receive(tx, arrival, new Date()));
        await setTimeout(AGAIN_MS);
      }
    });
  const all = Promise.all([
    moving(),
    ...Array.from({ length: BUYERS }, () => again(() => buy(url, variantId, answered, isOver))),
  ]);
  return {
    answered,
    stop: async () => {
      stop.abort();
      await all;
    },
  };
}

/** Each ledger added up by what its sums are kept by: as PostgreSQL has it, and as the roll-ups have it. */
const LEDGERS = {
  sales: {
    postgres: `
      select "order".business_day::text || ' ' || region_code as key, count(distinct order_id)::text as one,
        sum(quantity)::text as two, sum(net_minor)::text as three
      from orders.order_line join orders.order on "order".id = order_id where kind = 'goods' group by 1`,
    clickhouse: `
      select concat(toString(business_day), ' ', region) as key, toString(sum(orders)) as one,
        toString(sum(units)) as two, toString(sum(net)) as three
      from sale_day final group by 1`,
  },
  credits: {
    postgres: `
      select concat_ws(' ', business_day, kind, region_code, location_id) as key, sum(amount_minor)::text as one,
        '' as two, '' as three
      from market.sale_credit group by business_day, kind, region_code, location_id
      having sum(amount_minor) <> 0`,
    clickhouse: `
      select arrayStringConcat(arrayFilter(word -> word != '', [toString(business_day), credit.1, region,
          if(location_id = toUUID('00000000-0000-0000-0000-000000000000'), '', toString(location_id))]), ' ') as key,
        toString(sum(credit.2)) as one, '' as two, '' as three
      from credit_day final
      array join [('regional', regional), ('fulfilment', fulfilment), ('associate', associate)] as credit
      group by key having sum(credit.2) != 0`,
  },
  stock: {
    postgres: `
      select location_id::text as key, sum(on_hand_delta)::text as one, sum(value_delta_minor)::text as two,
        count(*)::text as three
      from inventory.stock_movement where on_hand_delta <> 0 or value_delta_minor <> 0 group by 1`,
    clickhouse: `
      select toString(location_id) as key, toString(sum(moved)) as one, toString(sum(valued)) as two,
        toString(sum(entries)) as three
      from stock_day final group by 1`,
  },
};

interface Sums {
  key: string;
  one: string;
  two: string;
  three: string;
}

const sorted = (rows: Sums[]) => rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
const inPostgres = (databaseUrl: string) =>
  Promise.all(
    Object.values(LEDGERS).map(async ({ postgres }) => sorted(await sqlOf<Sums>(databaseUrl, postgres))),
  );
const inClickhouse = (clickhouse: EngineAddresses['clickhouse']) =>
  Promise.all(
    Object.values(LEDGERS).map(async (ledger) =>
      sorted(await clickhouseOf<Sums>(clickhouse, ledger.clickhouse.trim())),
    ),
  );

test('server, ClickHouse and PostgreSQL killed while figures are followed: sales, credits and stock are what PostgreSQL says', async () => {
  const dir = aFolder();
  const port = await freePort();
  let stoa = await startStoa(dir, port);
  const first = await enginesOf(dir);
  await using setUp = openDb(first.databaseUrl, { max: 2 });
  const place = await aStockedVariant(setUp, first.databaseUrl, 1_000_000);
  await setUp.destroy();
  const work = working(`http://127.0.0.1:${port}`, dir, place);
  for (let round = 0; round < KILLS; round++) {
    const before = work.answered.length;
    await expect
      .poll(() => work.answered.length - before, { timeout: KILL_SECONDS * 1000, interval: 5 })
      .toBeGreaterThan(2 + (round % 7));
    if (round % 3 === 0) {
      stoa.child.kill('SIGKILL');
      await stoa.ends();
      stoa = await startStoa(dir, port);
    } else killIn(dir, round % 3 === 1 ? isClickhouse : isPostgres);
  }
  await work.stop();

  const { databaseUrl, clickhouse } = await enginesOf(dir);
  const told = async () => {
    const [ledgers, figures] = await Promise.all([inPostgres(databaseUrl), inClickhouse(clickhouse)]);
    return { ledgers, figures };
  };
  // What was left half-way is finished or undone within the lease, and credits come after sales.
  const isSame = async () => {
    const { ledgers, figures } = await told();
    return JSON.stringify(ledgers) === JSON.stringify(figures);
  };
  await expect
    .poll(isSame, { timeout: KILL_SECONDS * 1000, interval: 500 })
    .toBe(true)
    .catch(() => {});
  const { ledgers, figures } = await told();
  expect(figures).toEqual(ledgers);
  const units = ledgers[0]?.reduce((sum, { one }) => sum + Number(one), 0);
  expect(units).toBeGreaterThanOrEqual(work.answered.length);
  expect(ledgers.map((rows) => rows.length > 0)).toEqual([true, true, true]);
  stoa.child.kill('SIGTERM');
  expect(await stoa.ends(), stoa.stderr()).toBe(0);
});
