import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { importFile } from './import-file.ts';
import { readMapping } from './mapping.ts';

test('the worked example of docs/import.md does what is said there', async ({
  db,
  databaseUrl,
  onTestFinished,
}) => {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-example-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const docs = readFileSync(join(import.meta.dirname, '../../docs/import.md'), 'utf8');
  const blocks = [...docs.matchAll(/^```(?:json)?\n(.*?)^```$/gms)].map(([, text]) => text ?? '');
  const file = join(dir, 'verkauf.csv');
  writeFileSync(file, Buffer.from(blocks.find((text) => text.startsWith('Beleg;')) ?? '', 'latin1'));
  writeFileSync(join(dir, 'berlin.json'), blocks.find((text) => text.startsWith('{')) ?? '');

  const mapping = readMapping(join(dir, 'berlin.json'));
  const report = await importFile({ databaseUrl, file, mapping, reportsDir: dir, now: new Date() });

  expect(report.documents).toEqual({ orders: 3, returns: 1, recorded: 4, alreadyHere: 0 });
  expect(report.fates.map(({ fate, rows, money }) => [fate, rows, money])).toEqual([
    ['goods', 2, '1,349.80'],
    ['postage', 1, '4.95'],
    ['voucher', 1, '50.00'],
    ['return of goods', 1, '-24.90'],
    ['the total at the end', 1, '0.00'],
  ]);
  const { rows } = await sql`
    select number, region_code, total_minor, business_day, customer_id, (select sum(quantity) from orders.order_line l where l.order_id = o.id)::int as units
    from orders.order o where number = 'BE-R-1002'`.execute(db);
  expect(rows).toEqual([
    {
      number: 'BE-R-1002',
      region_code: 'CH',
      total_minor: 130_000,
      business_day: '2024-07-05',
      customer_id: null,
      units: 1200,
    },
  ]);
});
