import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openBulk } from '#platform/bulk.ts';
import { inTransaction, openDb } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { importCatalog } from '../src/modules/catalog/index.ts';
import { importLocations, receive } from '../src/modules/inventory/index.ts';
import { type PastOrder, recordOrders } from '../src/modules/orders/index.ts';
import { ask } from './ask.ts';
import type { Basket } from './buyers.ts';
import type { Stage } from './stage.ts';

const UNITS = 10_000_000;

export interface Shop {
  locationId: string;
  /** Each with so many units that none runs out. */
  variantIds: string[];
}

/** A warehouse that never closes with `count` products of 10 euros, and what pgbench calls. */
export async function openShop(databaseUrl: string, count: number): Promise<Shop> {
  const locationId = randomUUID();
  await using db = openDb(databaseUrl, { max: 1 });
  await inTransaction(db, (tx) =>
    importLocations(tx, [
      {
        id: locationId,
        code: 'warehouse',
        kind: 'warehouse',
        name: 'Warehouse',
        street: '',
        postcode: '',
        city: 'Amsterdam',
        countryCode: 'NL',
        latitude: 52.37,
        longitude: 4.9,
        timeZone: 'Europe/Amsterdam',
        openingHours: Array.from({ length: 7 }, () => ({ opens: '00:00', closes: '24:00' })),
      },
    ]),
  );
  const variantIds = await someVariants(databaseUrl, count);
  const lines = variantIds.map((variantId) => ({ variantId, quantity: UNITS }));
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  await ask(databaseUrl, readFileSync(join(import.meta.dirname, 'purchase.sql'), 'utf8'));
  await ask(databaseUrl, 'create table bench.place as select $1::uuid as location_id', [locationId]);
  await ask(
    databaseUrl,
    'create table bench.variant as select id, n::integer from unnest($1::uuid[]) with ordinality as of (id, n)',
    [variantIds],
  );
  await ask(databaseUrl, 'alter table bench.variant add primary key (n)');
  await ask(databaseUrl, 'vacuum (analyze)');
  return { locationId, variantIds };
}

/** Products of one variant each, at 10 euros. */
export async function someVariants(databaseUrl: string, count: number): Promise<string[]> {
  const products = Array.from({ length: count }, (_, n) => {
    const [id, variantId] = [randomUUID(), randomUUID()];
    const offers = [{ currency: 'EUR', amountMinor: 1000 }];
    const variants = [{ id: variantId, sku: variantId, optionValues: ['Sage'], offers }];
    return { id, slug: `p-${id}`, title: `A vase, ${n}`, optionNames: ['Colour'], variants };
  });
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((each) => importCatalog(each, { source: 'bench', products }));
  return products.flatMap(({ variants }) => variants.map(({ id }) => id));
}

/** The shop that an earlier run opened. */
export async function shopOf(databaseUrl: string): Promise<Shop | undefined> {
  const [found] = await ask<{ isOpen: boolean }>(
    databaseUrl,
    `select to_regclass('bench.variant') is not null as "isOpen"`,
  );
  if (!found?.isOpen) return undefined;
  const places = await ask<{ locationId: string }>(
    databaseUrl,
    'select location_id as "locationId" from bench.place',
  );
  const variants = await ask<{ id: string }>(databaseUrl, 'select id from bench.variant order by n');
  return { locationId: places[0]?.locationId ?? '', variantIds: variants.map(({ id }) => id) };
}

/** Two of them, of different halves, at random. */
export function spreadOver(variantIds: readonly string[]): () => Basket {
  const half = Math.floor(variantIds.length / 2);
  const any = () => Math.floor(Math.random() * half);
  return () => [variantIds[any()] ?? '', variantIds[half + any()] ?? ''];
}

const BEHIND = `
  select exists (
    select from market.follower join platform.event on (event.committed_by, event.id) > (follower.position, follower.event_id)
    where follower.name = 'sale_credit'
  ) or exists (
    select from insight.follower join platform.event on (event.committed_by, event.id) > (follower.position, follower.event_id)
    where follower.name = 'sale_entry'
  ) as "isBehind"`;

/**
 * The work that a run leaves behind is not the next one's; all leave the same. What is queued is forgotten, and what follows
 * the table of events is waited for.
 */
export async function forgetWork({ databaseUrl }: Pick<Stage, 'databaseUrl'>): Promise<void> {
  await ask(databaseUrl, 'delete from platform.due_event');
  await ask(databaseUrl, 'delete from graphile_worker._private_jobs where locked_at is null');
  const isBehind = async () => (await ask<{ isBehind: boolean }>(databaseUrl, BEHIND))[0]?.isBehind;
  while (await isBehind()) await setTimeout(500);
  await setTimeout(3_000); // the ledgers that are told after the events
}

const BATCH = 20_000;

/** Orders of the past, two lines each, until there are so many: one a minute, back from the first of the year. */
export async function recordPastOrders(
  databaseUrl: string,
  { locationId, variantIds }: Shop,
  count: number,
): Promise<void> {
  const [known] = await ask<{ count: number }>(
    databaseUrl,
    `select count(*)::integer as count from orders.order where source = 'bench'`,
  );
  await using bulk = await openBulk(databaseUrl);
  for (let from = known?.count ?? 0; from < count; from += BATCH) {
    const orders = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) =>
      pastOrder(from + n, locationId, variantIds),
    );
    await bulk.run((each) => recordOrders(each, orders));
  }
  await ask(databaseUrl, 'vacuum (analyze)');
}

/** Two lines, one a minute back from the first of the year. */
function pastOrder(n: number, locationId: string, variantIds: readonly string[]): PastOrder {
  const placedAt = new Date(Date.parse('2026-01-01T00:00:00Z') - n * 60_000);
  const variantIdAt = (step: number) => variantIds[(n * step) % variantIds.length] ?? null;
  const lines = [1, 7].map((step) => ({ variantId: variantIdAt(step), quantity: 1, locationId }));
  return anOrderOf(n, { placedAt, regionCode: 'NL', lines });
}

/** The order that is the bench's `n`th, of things of 10 euros. */
export const anOrderOf = (
  n: number,
  {
    placedAt,
    regionCode,
    lines,
  }: {
    placedAt: Date;
    regionCode: string;
    lines: readonly { variantId: string | null; quantity: number; locationId: string | null }[];
  },
): PastOrder => ({
  id: idOf('bench:order', `${n}`, placedAt.getTime()),
  source: 'bench',
  externalRef: `${n}`,
  number: `B-${n}`,
  customerId: null,
  touchpoint: 'web',
  currency: 'EUR',
  regionCode,
  placedAt,
  businessDay: placedAt.toISOString().slice(0, 10),
  lines: lines.map((line) => ({
    ...line,
    kind: 'goods' as const,
    productId: null,
    title: 'A vase',
    unitPriceMinor: 1000,
    discountMinor: 0,
    netMinor: 1000 * line.quantity,
  })),
});
