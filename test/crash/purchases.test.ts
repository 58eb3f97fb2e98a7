import { expect, test, vi } from 'vitest';
import { freePort } from '#platform/embedded/ports.ts';
import { type Answered, buy, DISAGREEMENTS } from './buyers.ts';
import { aFolder, enginesOf, type Program, run, sqlOf } from './programs.ts';

vi.setConfig({ testTimeout: 240_000 });

const KILLS = 3;
const BUYERS = 6;

async function started(dir: string, port: number): Promise<Program> {
  const stoa = run('src/main.ts', { STOA_DATA: dir, PORT: String(port), STOA_DEMO: 'tiny' });
  await stoa.says('Stoa is ready');
  return stoa;
}

test('a server that is killed while people buy loses no order that it answered, and oversells nothing', async () => {
  const dir = aFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const answered: Answered[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const stoa = await started(dir, port);
    const list = (await (await fetch(`${url}/v1/catalog/products?limit=1`)).json()) as {
      cards: { slug: string }[];
    };
    const detail = await fetch(`${url}/v1/catalog/products/${list.cards[0]?.slug ?? ''}`);
    const { variants } = (await detail.json()) as { variants: { id: string; inStock: boolean }[] };
    const variantId = variants.find(({ inStock }) => inStock)?.id ?? '';
    const before = answered.length;
    const buying = Array.from({ length: BUYERS }, () => buy(url, variantId, answered).catch(() => {}));
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
