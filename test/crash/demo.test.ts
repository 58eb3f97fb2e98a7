import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '#platform/embedded/ports.ts';
import { creditsBesideSales, linesInFigures, linesInLedger, rowsOfTables } from './counts.ts';
import { enginesOf, run, seedDataFolder, sqlOf, waitWhileRunning } from './programs.ts';

vi.setConfig({ testTimeout: 400_000, hookTimeout: 180_000 });

let seed: Awaited<ReturnType<typeof seedDataFolder>>;
beforeAll(async () => {
  seed = await seedDataFolder();
});
afterAll(() => seed.remove());

/** The next start is killed once this is so: each later in the load than the one before. */
const MOMENTS = [
  'select count(*) > 10 as so from catalog.product',
  'select count(*) > 0 as so from orders.order',
];

test('a first start that is killed while it makes the demo: the next one makes it whole, and once', async () => {
  const start = async (dir: string) =>
    run('src/main.ts', { STOA_DATA: dir, PORT: String(await freePort()), STOA_DEMO: 'tiny' });
  const history = async (dir: string) => {
    const { databaseUrl, clickhouse } = await enginesOf(dir);
    const ledger = await linesInLedger(databaseUrl);
    await expect.poll(() => linesInFigures(clickhouse), { timeout: 60_000 }).toEqual(ledger);
    await expect.poll(() => creditsBesideSales(databaseUrl), { timeout: 60_000 }).toEqual([]);
    // Jobs draw the pictures of the galleries afterwards: how many of them there are yet says nothing of the load.
    const {
      'catalog.media': _media,
      'catalog.product_media': _shown,
      'looks.cutout': _cut,
      ...rows
    } = await rowsOfTables(databaseUrl);
    return { rows, ledger };
  };
  const [dir, undisturbed] = [seed.copy(), seed.copy()];
  const other = await start(undisturbed);
  for (const moment of MOMENTS) {
    const stoa = await start(dir);
    const { databaseUrl } = await enginesOf(dir);
    await waitWhileRunning(
      stoa,
      async () => (await sqlOf<{ so: boolean }>(databaseUrl, moment))[0]?.so === true,
    );
    expect(stoa.stdout()).not.toContain('Stoa is ready');
    stoa.child.kill('SIGKILL');
    await stoa.ends();
  }

  const again = await start(dir);
  await again.says('Stoa is ready');
  await other.says('Stoa is ready');

  const made = await history(dir);
  expect(made.rows['orders.order']).toBeGreaterThan(10);
  // Jobs go on after both are ready, each at its own pace, and some begin a minute later; what was made twice stays twice.
  const isSame = async () => isDeepStrictEqual(await history(dir), await history(undisturbed));
  const settled = await vi.waitUntil(isSame, { timeout: 180_000, interval: 1000 }).catch(() => false);
  if (!settled) expect(await history(dir)).toEqual(await history(undisturbed));
  for (const stoa of [again, other]) {
    stoa.child.kill('SIGTERM');
    expect(await stoa.ends(), stoa.stderr()).toBe(0);
  }
});
