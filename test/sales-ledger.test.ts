import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { idOf } from '#platform/ids.ts';
import { test } from '#test/harness.ts';
import { faultsOf, goodsMoved, leastOpeningStock, postGoods, stockOfYear } from '../bench/sales-ledger.ts';
import { readSales, writeSales } from '../src/imports/import-file.ts';
import { readMapping } from '../src/imports/mapping.ts';
import { aLocation } from '../src/modules/inventory/factory.ts';

const file = join(import.meta.dirname, '../src/imports/fixtures/invented-sales.csv');
const mapping = readMapping('online-retail');
const variantOf = (code: string) => idOf('online-retail:variant', code);

/** Counted from the file by hand: what left, what came back, and the least that has to be there at first. */
const COUNTED = {
  '10001': { left: 231, cameBack: 2, opening: 229 }, // came back before the last was sold
  '10002': { left: 9, cameBack: 0, opening: 9 },
  '10003A': { left: 233, cameBack: 0, opening: 233 },
  '10003B': { left: 243, cameBack: 0, opening: 243 },
  '10004': { left: 6, cameBack: 0, opening: 6 },
  '10005': { left: 250, cameBack: 0, opening: 250 },
  '10006': { left: 2, cameBack: 0, opening: 2 },
  '10007': { left: 218, cameBack: 0, opening: 218 },
  PADS: { left: 1, cameBack: 0, opening: 1 },
};

test('sales of the past go through the stock ledger, which never falls below zero and reaches it where they say', async ({
  db,
  databaseUrl,
  onTestFinished,
}) => {
  const reportsDir = mkdtempSync(join(tmpdir(), 'stoa-sales-'));
  onTestFinished(() => rmSync(reportsDir, { recursive: true, force: true }));
  const options = { file, mapping, reportsDir, now: new Date('2026-01-01') };
  const sales = await readSales(options);
  const moved = goodsMoved(mapping, sales);
  const opening = leastOpeningStock(moved);
  expect(moved).toHaveLength(63);
  expect(opening).toEqual(
    new Map(Object.entries(COUNTED).map(([code, counted]) => [variantOf(code), counted.opening])),
  );
  const report = await writeSales(options, sales, databaseUrl);
  expect(report.total.money).toBe('14,740.93');

  // With one unit less, somebody's order can't be held.
  const tooFew = new Map([...opening, [variantOf('10001'), 228]]);
  await expect(postGoods(db, await aLocation(db), tooFew, moved)).rejects.toMatchObject({
    code: 'inventory.insufficient_stock',
    data: { variantId: variantOf('10001') },
  });

  const locationId = await aLocation(db);
  await postGoods(db, locationId, opening, moved);
  const year = await stockOfYear(db, locationId);
  expect(faultsOf(year, opening, moved)).toEqual([]);
  const codes = new Map(Object.keys(COUNTED).map((code) => [variantOf(code), code]));
  expect(
    Object.fromEntries(
      year.map(({ variantId, opening: first, left, cameBack, least }) => [
        codes.get(variantId),
        { left, cameBack, opening: first, least },
      ]),
    ),
  ).toEqual(
    Object.fromEntries(Object.entries(COUNTED).map(([code, counted]) => [code, { ...counted, least: 0 }])),
  );
  const { rows } = await sql<{ minor: number }>`
    select (select sum(total_minor) from orders.order)::bigint - (select sum(total_minor) from orders.return)::bigint as minor`.execute(
    db,
  );
  expect(rows).toEqual([{ minor: 1_474_093 }]);
});
