import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '#platform/embedded/ports.ts';
import type { ImportReport } from '../../src/imports/report.ts';
import { linesInFigures, linesInLedger, rowsOfTables } from './counts.ts';
import {
  aFolder,
  enginesOf,
  type Program,
  run,
  runEngines,
  seedDataFolder,
  sqlOf,
  waitWhileRunning,
} from './programs.ts';

vi.setConfig({ testTimeout: 400_000, hookTimeout: 180_000 });

let seed: Awaited<ReturnType<typeof seedDataFolder>>;
beforeAll(async () => {
  seed = await seedDataFolder();
});
afterAll(() => seed.remove());

const ROWS = 30_000;
const LINES_OF_A_DOCUMENT = 8;

/** Thirty thousand rows of sales and credit notes, and to the penny what they come to. */
function aFile(): { file: string; total: string } {
  const rows = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  let total = 0;
  for (let row = 0; row < ROWS; row++) {
    const document = Math.floor(row / LINES_OF_A_DOCUMENT);
    const isReturn = document % 20 === 19;
    const quantity = (isReturn ? -1 : 1) * (1 + (row % 7));
    const pence = 99 + ((row * 37) % 1900);
    const code = row % LINES_OF_A_DOCUMENT === 7 ? 'POST' : String(20_000 + (row % 211));
    const [day, customer] = [1 + (document % 28), 12_000 + (document % 400)];
    const name = `${isReturn ? 'C' : ''}${500_000 + document}`;
    total += quantity * pence;
    rows.push(
      `${name},${code},THING ${code},${quantity},2011-03-${String(day).padStart(2, '0')} 10:00:00,${(pence / 100).toFixed(2)},${customer}.0,France`,
    );
  }
  const file = join(aFolder(), 'sales.csv');
  writeFileSync(file, `${rows.join('\n')}\n`);
  return { file, total: (total / 100).toFixed(2) };
}

const importing = (dir: string, file: string): Program =>
  run('src/cli.ts', { STOA_DATA: dir }, ['import', 'online-retail', file]);

/** What is known of the import afterwards: the report, the tables, and the figures on both sides. */
async function outcomeIn(dir: string) {
  const [path = ''] = globSync(join(dir, 'imports', '*', 'report.json'));
  const { fates, total, exact, documents, products, customers } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as ImportReport;
  const { program, engines } = await runEngines(dir);
  // A server notes that there is to be no demo.
  const { 'platform.once': _once, ...rows } = await rowsOfTables(engines.databaseUrl);
  const [ledger, figures] = [
    await linesInLedger(engines.databaseUrl),
    await linesInFigures(engines.clickhouse),
  ];
  program.child.kill('SIGTERM');
  expect(await program.ends(), program.stderr()).toBe(0);
  return { report: { fates, total, exact, documents, products, customers }, rows, ledger, figures };
}

const batchesWritten = async (dir: string, count: number) => {
  const { databaseUrl } = await enginesOf(dir);
  const [row] = await sqlOf<{ so: boolean }>(
    databaseUrl,
    `select count(*) >= ${count} as so from imports.batch`,
  );
  return row?.so === true;
};

test('an import that is killed goes on when it is given again, alone or beside a server that is killed with it', async () => {
  const { file, total } = aFile();
  const [undisturbed, alone, beside] = [seed.copy(), seed.copy(), seed.copy()];
  const whole = importing(undisturbed, file);
  expect([await whole.ends(), whole.stdout()]).toEqual([0, expect.stringContaining('up to date')]);
  const expected = await outcomeIn(undisturbed);
  expect(expected.report.total.money.replaceAll(',', '')).toBe(total);
  expect(expected.ledger).toEqual(expected.figures);
  expect(expected.ledger?.lines).toBe(ROWS);

  const killed = importing(alone, file);
  await waitWhileRunning(killed, () => batchesWritten(alone, 1));
  killed.child.kill('SIGKILL');
  await killed.ends();
  expect(killed.stdout()).not.toContain('up to date');
  const resumed = importing(alone, file);
  expect([await resumed.ends(), resumed.stderr()]).toEqual([0, expect.not.stringContaining('Error')]);
  expect(await outcomeIn(alone)).toEqual(expected);

  const server = run('src/main.ts', { STOA_DATA: beside, PORT: String(await freePort()) });
  await server.says('Stoa is ready');
  const attached = importing(beside, file);
  await waitWhileRunning(attached, () => batchesWritten(beside, 1));
  server.child.kill('SIGKILL');
  expect(await attached.ends()).toBe(1);
  expect(attached.stderr()).toContain('The same command, given again, goes on from here.\n');
  expect(attached.stderr()).not.toMatch(/\n\s+at /);
  const again = importing(beside, file);
  expect([await again.ends(), again.stderr()]).toEqual([0, expect.not.stringContaining('Error')]);
  expect(await outcomeIn(beside)).toEqual(expected);
});
