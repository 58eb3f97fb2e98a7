import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { openClickhouse } from '#platform/clickhouse.ts';
import { ask } from './ask.ts';
import { atMost, type Result } from './result.ts';
import type { Stage } from './stage.ts';

/** Fewer than one client may place in a minute. */
const ORDERS = 50;
const LIMIT_SECONDS = 2;
const GIVE_UP_MS = 30_000;
const LOOK_MS = 3;

/** From the start of the transaction that records an order, which is before its commit, until ClickHouse has its line. */
export async function freshness(stage: Stage): Promise<Result[]> {
  const clickhouse = await openClickhouse(stage.clickhouse);
  const seenAt = new Map<string, number>();
  try {
    for (const variantId of await stockedVariants(stage, ORDERS)) {
      const orderId = await placeOrder(stage.url, variantId);
      seenAt.set(orderId, await whenSeen(clickhouse, orderId));
    }
  } finally {
    await clickhouse.close();
  }
  const recorded = await ask<{ order_id: string; at: number }>(
    stage.databaseUrl,
    `select payload ->> 'orderId' as order_id, (extract(epoch from occurred_at) * 1000)::float8 as at
     from platform.event where name = 'orders.order_placed.v1' and payload ->> 'orderId' = any($1)`,
    [[...seenAt.keys()]],
  );
  const delays = recorded
    .map(({ order_id: orderId, at }) => ((seenAt.get(orderId) ?? Number.NaN) - at) / 1000)
    .sort((a, b) => a - b);
  const at = (share: number) => delays[Math.ceil(delays.length * share) - 1] ?? Number.NaN;
  return [
    atMost(
      `an order's line in ClickHouse after its commit, p50 of ${delays.length}`,
      at(0.5),
      LIMIT_SECONDS,
      's',
    ),
    atMost("an order's line in ClickHouse after its commit, p99", at(0.99), LIMIT_SECONDS, 's'),
  ];
}

async function stockedVariants({ databaseUrl }: Stage, count: number): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    databaseUrl,
    `select v.id from catalog.variant v join catalog.product p on p.id = v.product_id
     where p.publication = 'published' and (
       select sum(on_hand - reserved) from inventory.stock_level l where l.variant_id = v.id) > 3
     order by md5(v.id::text) limit $1`,
    [count],
  );
  return rows.map(({ id }) => id);
}

interface Cart {
  currency: string;
  goodsMinor: number;
}

/** As a guest buys: a cart, a line, a way of delivery, the order. */
async function placeOrder(url: string, variantId: string): Promise<string> {
  const [cartId, orderId] = [randomUUID(), randomUUID()];
  const cart = `${url}/v1/orders/carts/${cartId}`;
  await call('PUT', cart);
  const { goodsMinor } = (await call('PUT', `${cart}/lines/${variantId}`, { quantity: 1 })) as Cart;
  const { deliveryOptions } = (await call('GET', `${cart}/delivery-options`)) as {
    deliveryOptions: { code: string; amountMinor: number }[];
  };
  const [delivery] = deliveryOptions;
  if (!delivery) throw new Error('there is no way of delivery');
  await call('PUT', `${url}/v1/orders/orders/${orderId}`, {
    cartId,
    deliveryCode: delivery.code,
    totalMinor: goodsMinor + delivery.amountMinor,
    paymentToken: 'approved',
    address: {
      email: 'bench@stoa.example',
      name: 'Bench Mark',
      street: 'Long Street 1',
      postcode: '1011 AB',
      city: 'Amsterdam',
      countryCode: 'NL',
    },
  });
  return orderId;
}

async function call(method: string, url: string, body?: object): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function whenSeen(clickhouse: ClickHouseClient, orderId: string): Promise<number> {
  const began = Date.now();
  while (Date.now() - began < GIVE_UP_MS) {
    const found = await clickhouse.query({
      query:
        'select count() as n from sale_entry where business_day >= today() - 2 and document_id = {orderId: UUID}',
      query_params: { orderId },
      format: 'JSONEachRow',
    });
    const [row] = await found.json<{ n: string | number }>();
    if (Number(row?.n) > 0) return Date.now();
    await setTimeout(LOOK_MS);
  }
  throw new Error(`order ${orderId} did not come to ClickHouse`);
}
