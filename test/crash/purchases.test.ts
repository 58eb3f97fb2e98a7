import { expect, test, vi } from 'vitest';
import { openDb } from '#platform/db.ts';
import { freePort } from '#platform/embedded/ports.ts';
import { aStockedVariant } from '../../src/modules/orders/factory.ts';
import { type Answered, buy, DISAGREEMENTS } from './buyers.ts';
import { aFolder, enginesOf, type Program, run, sqlOf } from './programs.ts';

vi.setConfig({ testTimeout: 240_000 });

const KILLS = 3;
const BUYERS = 6;

async function started(dir: string, port: number): Promise<Program> {
  const stoa = run('src/main.ts', { STOA_DATA: dir, PORT: String(port) });
  await stoa.says('Stoa is ready');
  return stoa;
}

async function aThingToBuy(dir: string): Promise<string> {
  const { databaseUrl } = await enginesOf(dir);
  await using db = openDb(databaseUrl, { max: 2 });
  const { variantId } = await aStockedVariant(db, databaseUrl, 1000);
  return variantId;
}

test('a server that is killed while people buy loses no order that it answered, and oversells nothing', async () => {
  const dir = aFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const answered: Answered[] = [];
  let variantId: string | undefined;
  for (let kill = 0; kill < KILLS; kill++) {
    const stoa = await started(dir, port);
    const bought = (variantId ??= await aThingToBuy(dir));
    const before = answered.length;
    const buying = Array.from({ length: BUYERS }, () => buy(url, bought, answered).catch(() => {}));
    await expect
      .poll(() => answered.length - before, { timeout: 60_000, interval: 5 })
      .toBeGreaterThan(kill + 2);
    stoa.child.kill('SIGKILL');
    await Promise.all(buying);
    await stoa.ends();
  }

  const stoa = await started(dir, port);
  for (const { orderId, cartId, number } of answered) {
    const order = await fetch(`${url}/v1/orders/orders/${orderId}?cart=${cartId}`);
    expect(await order.json()).toMatchObject({ id: orderId, number });
  }
  const { databaseUrl } = await enginesOf(dir);
  expect(await sqlOf(databaseUrl, DISAGREEMENTS)).toEqual([]);
  stoa.child.kill('SIGTERM');
  expect(await stoa.ends(), stoa.stderr()).toBe(0);
});
