import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { type Db, inTransaction, openDb } from './db.ts';
import { keptSetting, withSettings } from './settings.ts';

const taxes = (db: Db) => sql<{ count: number }>`select count(*) as count from pricing.tax_added`.execute(db);
const add = (db: Db, currency: string) =>
  sql`insert into pricing.tax_added (currency) values (${currency})`.execute(db);

/** How many currencies are kept, and how often they were asked for. */
function counter() {
  const name = `test.count ${randomUUID()}`;
  let asked = 0;
  const count = async (db: Db) =>
    keptSetting(db, name, async (each) => {
      asked += 1;
      return (await taxes(each)).rows[0]?.count;
    });
  return { count, asked: () => asked };
}

test('a setting is read once, and again when another process changed one', async ({ db, databaseUrl }) => {
  const { count, asked } = counter();
  await using other = openDb(databaseUrl, { max: 1 });
  expect([await count(db), await count(other), await count(db)]).toEqual([0, 0, 0]);
  expect(asked()).toBe(1);
  await add(other, 'USD');
  expect([await count(db), await count(other)]).toEqual([1, 1]);
  expect(asked()).toBe(2);
});

test('what a transaction changed is seen by it alone, and by nobody once it is undone', async ({ db }) => {
  const { count } = counter();
  const before = await count(db);
  const seen: (number | undefined)[] = [];
  const undone = inTransaction(db, async (tx) => {
    await add(tx, 'CAD');
    seen.push(await count(tx), await count(db));
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  seen.push(await count(db));
  expect(seen).toEqual([(before ?? 0) + 1, before, before]);
});

test('one request asks for the version once', async ({ db }) => {
  const { count } = counter();
  const settled = await withSettings(db);
  const before = await count(settled);
  await add(db, 'AUD');
  expect([await count(settled), await count(db)]).toEqual([before, (before ?? 0) + 1]);
});

test('a reading that failed is not kept', async ({ db }) => {
  const fail = () => Promise.reject(new Error('gone'));
  await expect(keptSetting(db, 'test.fails', fail)).rejects.toThrow('gone');
  expect(await keptSetting(db, 'test.fails', async () => 1)).toBe(1);
});

test('every table that is kept tells of its changes, and a use of a promotion is none', async ({ db }) => {
  const { rows } = await sql<{ table: string }>`
    select tgrelid::regclass::text as table from pg_trigger where tgname = 'settings_changed' order by 1`.execute(
    db,
  );
  expect(rows.map(({ table }) => table)).toEqual([
    'catalog.priced_market',
    'collector.source',
    'experiments.experiment',
    'inventory.location',
    'inventory.location_closure',
    'market.region',
    'market.region_cell',
    'market.region_postcode',
    'orders.delivery_option',
    'orders.delivery_rate',
    'pricing.promotion',
    'pricing.tax_added',
    'pricing.tax_rate',
    'routing.rule_set',
  ]);
  const { count, asked } = counter();
  await count(db);
  await sql`update pricing.promotion set uses = uses + 1 where id is null`.execute(db);
  await count(db);
  expect(asked()).toBe(1);
  await sql`update pricing.promotion set priority = 1 where id is null`.execute(db);
  await count(db);
  expect(asked()).toBe(2);
});
