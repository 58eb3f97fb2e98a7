import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { openDb } from '#platform/db.ts';
import { freePort } from '#platform/embedded/ports.ts';
import { aStockedVariant } from '../../src/modules/orders/factory.ts';
import { type Answered, buy, DISAGREEMENTS, UNTOLD } from './buyers.ts';
import { aFolder, enginesOf, isPostgres, killIn, type Program, sqlOf, startStoa } from './programs.ts';

/** More of them by hand: `STOA_KILLS=50 npx vitest run test/crash/purchases.test.ts`. */
const KILLS = Number(process.env['STOA_KILLS'] ?? 3);
const BUYERS = 6;
const KILL_SECONDS = 60;
vi.setConfig({ testTimeout: KILLS * KILL_SECONDS * 1000 });

async function aThingToBuy(dir: string): Promise<string> {
  const { databaseUrl } = await enginesOf(dir);
  await using db = openDb(databaseUrl, { max: 2 });
  const { variantId } = await aStockedVariant(db, databaseUrl, 1_000_000);
  return variantId;
}

const answers = async (stoa: Program, url: string) => {
  const { exitCode } = stoa.child;
  if (exitCode !== null) throw new Error(`it ended with ${exitCode}: ${stoa.stderr()}`);
  return (await fetch(`${url}/v1/orders/carts/${randomUUID()}`)).status === 404;
};

test('server or database killed while people buy: no order that was answered is lost, nothing is oversold, and all that follows from an order comes once', async () => {
  const dir = aFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const answered: Answered[] = [];
  let stoa = await startStoa(dir, port);
  const variantId = await aThingToBuy(dir);
  for (let kill = 0; kill < KILLS; kill++) {
    const before = answered.length;
    const buying = Array.from({ length: BUYERS }, () => buy(url, variantId, answered).catch(() => {}));
    await expect
      .poll(() => answered.length - before, { timeout: KILL_SECONDS * 1000, interval: 5 })
      .toBeGreaterThan(kill % 7);
    const isServer = kill % 2 === 0;
    if (isServer) stoa.child.kill('SIGKILL');
    else killIn(dir, isPostgres);
    await Promise.all(buying);
    if (isServer) {
      await stoa.ends();
      stoa = await startStoa(dir, port);
    }
    await expect.poll(() => answers(stoa, url), { timeout: KILL_SECONDS * 1000 }).toBe(true);
  }
  // What was left half-way is finished or undone within the lease.
  const { databaseUrl } = await enginesOf(dir);
  const unfinished = async () => (await sqlOf(databaseUrl, 'select from orders.checkout')).length;
  await expect.poll(unfinished, { timeout: KILL_SECONDS * 1000 }).toBe(0);

  for (const { orderId, cartId, number } of answered) {
    const order = await fetch(`${url}/v1/orders/orders/${orderId}?cart=${cartId}`);
    expect(await order.json()).toMatchObject({ id: orderId, number });
  }
  expect(await sqlOf(databaseUrl, DISAGREEMENTS)).toEqual([]);
  await expect.poll(() => sqlOf(databaseUrl, UNTOLD), { timeout: KILL_SECONDS * 1000 }).toEqual([]);
  stoa.child.kill('SIGTERM');
  expect(await stoa.ends(), stoa.stderr()).toBe(0);
});
