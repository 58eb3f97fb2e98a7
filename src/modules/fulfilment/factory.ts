import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { ImportedLocation } from '../inventory/index.ts';
import { receive } from '../inventory/index.ts';
import { aCart, aLocation, aVariant, aWish, placingDeps } from '../orders/factory.ts';
import { placeOrder } from '../orders/index.ts';
import { fulfilmentOrderById, fulfilmentOrdersOf } from './fulfilment-order.ts';
import { takeOrder } from './take-order.ts';

/** A variant with this many units at each of as many new stores. */
export async function aSpreadVariant(
  db: Db,
  databaseUrl: string,
  units: readonly number[],
  facts: Partial<ImportedLocation> = {},
): Promise<{ variantId: string; locationIds: string[] }> {
  const variantId = await aVariant(databaseUrl);
  const locationIds: string[] = [];
  for (const quantity of units) {
    const locationId = await aLocation(db, facts);
    const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity }] };
    await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
    locationIds.push(locationId);
  }
  return { variantId, locationIds };
}

/** An order that is paid for, with its fulfilment orders as the subscriber makes them. */
export async function aPlacedOrder(
  db: Db,
  lines: Record<string, number>,
  now: () => Date = () => new Date(),
): Promise<string> {
  const cartId = await aCart(db, GUEST, lines);
  const units = Object.values(lines).reduce((sum, quantity) => sum + quantity, 0);
  const wish = aWish(cartId, 1000 * units + (units >= 8 ? 0 : 495));
  const { orderId } = await placeOrder(placingDeps(db, now), GUEST, wish);
  await inTransaction(db, (tx) => takeOrder(tx, orderId));
  return orderId;
}

/** An order's fulfilment orders with their lines, the oldest first. */
export async function partsOf(db: Db, orderId: string) {
  const found = await fulfilmentOrdersOf(db, orderId);
  return Promise.all(found.map(({ id }) => fulfilmentOrderById(db, id)));
}

export async function levelOf(db: Db, variantId: string, locationId: string) {
  const { rows } = await sql<{ onHand: number; reserved: number; allocated: number; short: number }>`
    select on_hand as "onHand", reserved, allocated, short from inventory.stock_level
    where variant_id = ${variantId} and location_id = ${locationId}`.execute(db);
  return rows[0];
}

/** Names and payloads of the events of this module about an order. */
export async function eventsOf(db: Db, orderId: string) {
  const { rows } = await sql<{ name: string; payload: Record<string, unknown> }>`
    select name, payload from platform.event
    where name like 'fulfilment.%' and payload->>'orderId' = ${orderId} order by occurred_at, id`.execute(db);
  return rows;
}
