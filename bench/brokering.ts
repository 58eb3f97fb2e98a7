import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { openBulk } from '#platform/bulk.ts';
import { inTransaction, openDb } from '#platform/db.ts';
import { waitUntil } from '#platform/embedded/processes.ts';
import { seeded } from '#platform/seeded.ts';
import { brokerAllAgain } from '../src/modules/fulfilment/index.ts';
import { importLocations, receive } from '../src/modules/inventory/index.ts';
import { type PastOrder, recordOrders } from '../src/modules/orders/index.ts';
import { ask } from './ask.ts';
import { anOrderOf, forgetWork, someVariants } from './purchase-shop.ts';
import { atLeast, type Result } from './result.ts';
import { benchFolder, type Stage, start } from './stage.ts';

const [ORDERS, LOCATIONS, VARIANTS, PLACES_OF_A_VARIANT] = [
  Number(process.env['STOA_BENCH_OPEN'] ?? 100_000),
  500,
  5_000,
  40,
];
const BATCH = 20_000;
const LIMIT_MS = 60 * 60_000;
const COUNTRIES = ['NL', 'BE', 'DE', 'FR', 'GB', 'ES', 'IT', 'AT', 'DK', 'CH'];

/**
 * Open orders of one to three lines that wait for a location, over 500 of them, routed by a running server's own job: stock
 * allocated, assignments and fulfilment orders written, each with its lines, steps and entries in the ledgers.
 */
export async function brokering(): Promise<Result[]> {
  const dataDir = benchFolder('brokering');
  rmSync(dataDir, { recursive: true, force: true });
  await using stage = await start(dataDir, 'off');
  await openWorld(stage);
  await forgetWork(stage); // the news of all those goods
  await using db = openDb(stage.databaseUrl, { max: 1 });
  const began = performance.now();
  const waiting = await inTransaction(db, (tx) => brokerAllAgain(tx, new Date()));
  const isDone = async () => {
    const [row] = await ask<{ isDone: boolean }>(
      stage.databaseUrl,
      `select not exists (select from graphile_worker._private_jobs where key like 'fulfilment.broker_waiting%') as "isDone"`,
    );
    return row?.isDone ?? false;
  };
  if (!(await waitUntil(isDone, LIMIT_MS))) throw new Error('The open orders were not routed in time');
  const seconds = (performance.now() - began) / 1000;
  await told(stage, waiting, seconds);
  return [
    atLeast(
      `open orders routed over ${LOCATIONS} locations, with all that is written`,
      ORDERS / seconds,
      1000,
      '/s',
    ),
  ];
}

async function told({ databaseUrl }: Stage, waiting: number, seconds: number): Promise<void> {
  const [found] = await ask<Record<string, number>>(
    databaseUrl,
    `select (select count(*)::integer from fulfilment.fulfilment_order) as parts,
       (select count(distinct order_id)::integer from fulfilment.fulfilment_order) as orders,
       (select count(*)::integer from fulfilment.unfillable where resolved_at is null) as waiting,
       (select sum(allocated)::integer from inventory.stock_level) as allocated,
       (select sum(remaining)::integer from fulfilment.fulfilment_order_line) as promised,
       (select count(*)::integer from inventory.stock_level where allocated > on_hand) as oversold`,
  );
  process.stdout.write(`  ${waiting} lines in ${seconds.toFixed(0)} s: ${JSON.stringify(found)}\n`);
  if (found?.['allocated'] !== found?.['promised'] || found?.['oversold'] !== 0)
    throw new Error('What is allocated is not what the parts hold');
}

/** Locations over Europe, what they have, and the orders that wait. */
async function openWorld({ databaseUrl }: Stage): Promise<void> {
  const random = seeded(7);
  const pick = (count: number) => Math.floor(random() * count);
  const locationIds = Array.from({ length: LOCATIONS }, () => randomUUID());
  const variantIds = await someVariants(databaseUrl, VARIANTS);
  await using db = openDb(databaseUrl, { max: 1 });
  const hours = { opens: '09:00', closes: '18:00' };
  const places = locationIds.map((id, n) => ({
    id,
    code: `l${String(n).padStart(3, '0')}`,
    kind: n % 10 === 0 ? ('warehouse' as const) : ('store' as const),
    name: `Place ${n}`,
    street: '',
    postcode: '',
    city: '',
    countryCode: 'NL',
    latitude: 40 + random() * 18,
    longitude: -5 + random() * 25,
    timeZone: ['Europe/Amsterdam', 'Europe/London', 'Europe/Madrid'][n % 3] ?? 'UTC',
    openingHours: [hours, hours, hours, hours, hours, hours, null],
  }));
  await inTransaction(db, (tx) => importLocations(tx, places));
  await ask(
    databaseUrl,
    `update inventory.location set ships = true, capacity_per_day = case when kind = 'store' then 200 end`,
  );
  const shelves = new Map(locationIds.map((id) => [id, new Map<string, number>()]));
  for (const variantId of variantIds)
    for (let n = 0; n < PLACES_OF_A_VARIANT; n++)
      [...shelves.values()][pick(LOCATIONS)]?.set(variantId, 1 + pick(3));
  for (const [locationId, shelf] of shelves) {
    const lines = [...shelf].map(([variantId, quantity]) => ({ variantId, quantity }));
    await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  }
  await using bulk = await openBulk(databaseUrl);
  for (let from = 0; from < ORDERS; from += BATCH) {
    const orders = Array.from({ length: Math.min(BATCH, ORDERS - from) }, (_, n) =>
      waitingOrder(from + n, [
        ...new Set(Array.from({ length: 1 + pick(3) }, () => variantIds[pick(VARIANTS)] ?? '')),
      ]),
    );
    await bulk.run((each) => recordOrders(each, orders));
  }
  await ask(databaseUrl, `update orders.order set delivery_code = 'standard' where source = 'bench'`);
  await ask(
    databaseUrl,
    `insert into fulfilment.unfillable (id, order_id, order_line_id, variant_id, quantity, reason, since)
     select gen_random_uuid(), "order".id, line.id, variant_id, quantity, 'other', placed_at
     from orders.order join orders.order_line as line on line.order_id = "order".id where source = 'bench'`,
  );
  await ask(databaseUrl, 'vacuum (analyze)');
}

function waitingOrder(n: number, variantIds: readonly string[]): PastOrder {
  return anOrderOf(n, {
    placedAt: new Date(Date.now() - 86_400_000 - n * 1_000),
    regionCode: COUNTRIES[n % COUNTRIES.length] ?? 'NL',
    lines: variantIds.map((variantId) => ({ variantId, quantity: 1 + (n % 2), locationId: null })),
  });
}
