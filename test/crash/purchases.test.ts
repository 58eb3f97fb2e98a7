import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { holderOf } from '#platform/embedded/data-folder.ts';
import { freePort } from '#platform/embedded/ports.ts';
import { aFolder, type Program, run, sqlOf } from './programs.ts';

vi.setConfig({ testTimeout: 240_000 });

const KILLS = 3;
const BUYERS = 6;

interface Answered {
  orderId: string;
  cartId: string;
  number: string;
}

/** Buys one thing after the other until the server is gone, and remembers what was answered. */
async function buy(url: string, variantId: string, answered: Answered[]): Promise<void> {
  for (;;) {
    const [cartId, orderId] = [randomUUID(), randomUUID()];
    const put = async (path: string, body?: object) => {
      const init = {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      };
      return fetch(`${url}/v1/orders/${path}`, init);
    };
    try {
      await put(`carts/${cartId}`);
      const cart = await put(`carts/${cartId}/lines/${variantId}`, { quantity: 1 });
      if (cart.status !== 200) throw new Error(`cart: ${cart.status} ${await cart.text()}`);
      const { goodsMinor } = (await cart.json()) as { goodsMinor: number };
      const ways = await fetch(`${url}/v1/orders/carts/${cartId}/delivery-options`);
      const { deliveryOptions } = (await ways.json()) as {
        deliveryOptions: { code: string; amountMinor: number }[];
      };
      const [way] = deliveryOptions;
      if (!way) throw new Error('no way to deliver');
      const placed = await put(`orders/${orderId}`, {
        cartId,
        deliveryCode: way.code,
        totalMinor: goodsMinor + way.amountMinor,
        address: {
          email: 'buyer@example.com',
          name: 'B. Uyer',
          street: 'Kade 1',
          postcode: '1013',
          city: 'Amsterdam',
          countryCode: 'NL',
        },
        touchpoint: 'web',
        paymentToken: 'approved',
      });
      if (placed.status !== 200) throw new Error(`order: ${placed.status} ${await placed.text()}`);
      const { number } = (await placed.json()) as { number: string };
      answered.push({ orderId, cartId, number });
    } catch (fault) {
      if (fault instanceof TypeError) return; // the connection broke: the server was killed
      throw fault;
    }
  }
}

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
  const databaseUrl = databaseOf(dir);
  expect(await sqlOf(databaseUrl, DISAGREEMENTS)).toEqual([]);
  stoa.child.kill('SIGTERM');
  expect(await stoa.ends()).toBe(0);
});

/** Everything that must agree whatever moment the server died in; a row is a fault. */
const DISAGREEMENTS = `
  select 'level and ledger differ' as fault, l.variant_id::text as what
  from inventory.stock_level l
  left join (
    select variant_id, location_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved
    from inventory.stock_move group by 1, 2) m using (variant_id, location_id)
  where (l.on_hand, l.reserved) is distinct from (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
  union all
  select 'order without its stock', o.id::text from orders.order o
  where o.source = 'stoa' and not exists (
    select from inventory.stock_move m where m.cause_id = o.reservation_id and m.kind = 'ship')
  union all
  select 'order without its payment', o.id::text from orders.order o
  where o.source = 'stoa' and not exists (
    select from orders.payment p where p.order_id = o.id and p.state = 'captured')
  union all
  select 'order without its event', o.id::text from orders.order o
  where o.source = 'stoa' and (
    select count(*) from platform.event e
    where e.name = 'orders.order_placed.v1' and e.payload ->> 'orderId' = o.id::text) <> 1`;

function databaseOf(dir: string): string {
  const url = holderOf(dir)?.engines?.databaseUrl;
  if (!url) throw new Error('Stoa runs, but its folder does not say where');
  return url;
}
