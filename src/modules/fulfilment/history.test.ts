import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { readConfig } from '#platform/config.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { brokering } from './broker-again.ts';
import { post } from '../inventory/index.ts';
import { cutParts } from './cut-parts.ts';
import { expireUnaccepted } from './expire.ts';
import { aPlacedOrder, aSpreadVariant, partsOf } from './factory.ts';
import type { FulfilmentOrder } from './fulfilment-order.ts';
import { reject, REJECTION_REASONS } from './reject.ts';
import { ship } from './ship.ts';
import { takeStep } from './step.ts';
import { tryAgain } from './unfillable.ts';

const Act = fc.record({
  what: fc.constantFrom(
    'accepted',
    'picked',
    'packed',
    'ship',
    'reject',
    'reject',
    'expire',
    'again',
    'cancel',
  ),
  part: fc.nat(5),
  units: fc.integer({ min: 1, max: 3 }),
  reason: fc.constantFrom(...REJECTION_REASONS),
  counted: fc.nat(3),
});
type Act = typeof Act extends fc.Arbitrary<infer Value> ? Value : never;

/** Two days on, so that whatever was assigned has expired. */
const later = () => new Date(Date.now() + 2 * 86_400_000);

async function perform(db: Db, orderId: string, act: Act): Promise<void> {
  const parts = await partsOf(db, orderId);
  const part = parts[act.part % parts.length];
  if (!part) return;
  const { id: fulfilmentOrderId } = part;
  switch (act.what) {
    case 'accepted':
    case 'picked':
    case 'packed': {
      const step = { id: randomUUID(), fulfilmentOrderId, to: act.what } as const;
      await inTransaction(db, (tx) => takeStep(tx, step, new Date()));
      return;
    }
    case 'ship': {
      const wish = { id: randomUUID(), fulfilmentOrderId, carrier: 'test', parcels: [{ weightGrams: 1 }] };
      await ship({ db, config: readConfig({}), now: () => new Date() }, wish);
      return;
    }
    case 'reject': {
      const { reason, counted, units: quantity } = act;
      const lines = part.lines.slice(0, 1).map(({ orderLineId }) => ({
        orderLineId,
        quantity,
        reason,
        ...(reason === 'mismatch' && { counted }),
      }));
      const wish = { id: randomUUID(), fulfilmentOrderId, lines };
      await brokering(db, (tx) => reject(tx, wish, new Date()));
      return;
    }
    case 'expire':
      await expireUnaccepted({ db, now: later });
      return;
    case 'cancel': {
      await cancel(db, orderId, part, act.units);
      return;
    }
    case 'again': {
      const { rows } = await sql<{ id: string }>`
        select id from fulfilment.unfillable where order_id = ${orderId} and resolved_at is null`.execute(db);
      for (const { id } of rows) await brokering(db, (tx) => tryAgain(tx, id, new Date()));
    }
  }
}

/** As the module of orders lets units go: their stock is free at once, their part is cut after it. */
async function cancel(db: Db, orderId: string, part: FulfilmentOrder, units: number): Promise<void> {
  const [line] = part.lines;
  const isOpen = ['assigned', 'accepted', 'picked', 'packed'].includes(part.state);
  const quantity = Math.min(units, line?.remaining ?? 0);
  if (!line || !isOpen || quantity === 0) return;
  const { orderLineId, variantId } = line;
  const cancellationId = randomUUID();
  const released = [{ variantId, locationId: part.locationId, quantity }];
  await inTransaction(db, async (tx) => {
    await post(tx, 'deallocate', { id: cancellationId }, released);
    const lines = [{ orderLineId, variantId, quantity }];
    await cutParts(tx, { cancellationId, orderId, lines, released }, new Date());
  });
}

test('whatever locations do, each unit of an order is allocated, shipped or waiting, once', async ({
  db,
  databaseUrl,
}) => {
  await fc.assert(
    fc.asyncProperty(fc.array(Act, { minLength: 4, maxLength: 14 }), async (acts) => {
      const { variantId } = await aSpreadVariant(db, databaseUrl, [2, 3, 4]);
      const orderIds = [
        await aPlacedOrder(db, { [variantId]: 4 }),
        await aPlacedOrder(db, { [variantId]: 2 }),
      ];
      for (const [n, act] of acts.entries()) {
        try {
          await perform(db, orderIds[n % 2] ?? '', act);
        } catch (error) {
          if (!(error instanceof AppError)) throw error; // a refusal changes nothing
        }
      }
      for (const [n, orderId] of orderIds.entries()) {
        const { rows } = await sql`
          select (select coalesce(sum(remaining + cancelled), 0)::integer from fulfilment.fulfilment_order_line line
              join fulfilment.fulfilment_order each on each.id = fulfilment_order_id where order_id = ${orderId})
            + (select coalesce(sum(quantity), 0)::integer from fulfilment.unfillable
              where order_id = ${orderId} and resolved_at is null) as units`.execute(db);
        expect(rows).toEqual([{ units: n === 0 ? 4 : 2 }]);
      }
      const { rows: places } = await sql<{ allocated: number; open: number; gone: number; shipped: number }>`
        select level.allocated,
          (select coalesce(sum(remaining), 0)::integer from fulfilment.fulfilment_order_line line
            join fulfilment.fulfilment_order each on each.id = fulfilment_order_id
            where line.variant_id = ${variantId} and each.location_id = level.location_id
              and state in ('assigned', 'accepted', 'picked', 'packed')) as open,
          (select coalesce(sum(remaining), 0)::integer from fulfilment.fulfilment_order_line line
            join fulfilment.fulfilment_order each on each.id = fulfilment_order_id
            where line.variant_id = ${variantId} and each.location_id = level.location_id
              and state in ('shipped', 'delivered')) as shipped,
          (select coalesce(-sum(on_hand_delta), 0)::integer from inventory.stock_movement movement
            where kind = 'ship' and movement.variant_id = ${variantId}
              and movement.location_id = level.location_id) as gone
        from inventory.stock_level level where variant_id = ${variantId}`.execute(db);
      for (const { allocated, open, gone, shipped } of places)
        expect({ allocated, gone }).toEqual({ allocated: open, gone: shipped });
    }),
    { numRuns: 6 },
  );
}, 60_000);
