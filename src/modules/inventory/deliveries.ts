import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { splitByWeight } from '#platform/money.ts';
import { inventoryErrors } from './errors.ts';
import { openLevels, post, type StockLine } from './movement.ts';
import { own } from './own.ts';

/** Goods ordered from a supplier for one of our locations. Costs are in the marketplace's currency. */
export interface Purchase {
  id: string;
  /** What people call it; unique. */
  number: string;
  supplier: string;
  locationId: string;
  /** YYYY-MM-DD */
  expectedOn: string;
  lines: readonly { variantId: string; quantity: number; unitCostMinor: number }[];
}

/** What arrived at a location, of a purchase or unannounced. */
export interface Delivery {
  id: string;
  purchaseId?: string;
  locationId: string;
  /** Without a cost a line takes the purchase's; unannounced, the average of what is on hand. */
  lines: readonly { variantId: string; quantity: number; unitCostMinor?: number }[];
  freightMinor?: number;
  dutyMinor?: number;
  actorId?: string;
}

/** Announces goods: they count as incoming until they are received. The same purchase again is a retry. */
export async function orderFromSupplier(tx: Tx, purchase: Purchase): Promise<void> {
  await openLevels(
    tx,
    purchase.lines.map((line) => ({ ...line, locationId: purchase.locationId })),
  );
  const made = await own(tx)
    .insertInto('inventory.purchase')
    .values({
      id: purchase.id,
      number: purchase.number,
      supplier: purchase.supplier,
      location_id: purchase.locationId,
      expected_on: purchase.expectedOn,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) {
    const known = await purchaseLines(tx, purchase.id);
    const wanted = new Map(purchase.lines.map((line) => [line.variantId, line]));
    const isSame =
      known.length === wanted.size &&
      known.every(({ variantId, quantity, unitCostMinor }) =>
        isDeepStrictEqual(wanted.get(variantId), { variantId, quantity, unitCostMinor }),
      );
    if (!isSame) throw inventoryErrors.purchase_differs({ purchaseId: purchase.id, number: purchase.number });
    return;
  }
  await own(tx)
    .insertInto('inventory.purchase_line')
    .values(
      purchase.lines.map(({ variantId, quantity, unitCostMinor }) => ({
        purchase_id: purchase.id,
        variant_id: variantId,
        quantity,
        unit_cost_minor: unitCostMinor,
      })),
    )
    .execute();
}

/**
 * Takes a delivery in at its landed cost: freight and duty are spread over the lines by what the lines cost, to the
 * last minor unit. More than was ordered is taken too: what came, came. The same delivery again is a retry.
 */
export async function receive(tx: Tx, delivery: Delivery, now: Date): Promise<void> {
  const { id, purchaseId, locationId, freightMinor = 0, dutyMinor = 0, actorId } = delivery;
  await openLevels(
    tx,
    delivery.lines.map((line) => ({ ...line, locationId })),
  );
  const announced = purchaseId === undefined ? [] : await lockPurchase(tx, purchaseId);
  if (!(await noteReceipt(tx, delivery, now))) return;
  const ordered = new Map(announced.map((line) => [line.variantId, line]));
  const costs = delivery.lines.map(({ variantId, quantity, unitCostMinor }) => {
    const each = unitCostMinor ?? ordered.get(variantId)?.unitCostMinor;
    return each === undefined ? undefined : each * quantity;
  });
  const extras = splitByWeight(
    freightMinor + dutyMinor,
    costs.map((cost) => cost ?? 0),
  );
  const lines = delivery.lines.map(({ variantId, quantity }, n) => {
    const cost = costs[n];
    const valueMinor = cost === undefined && !extras[n] ? undefined : (cost ?? 0) + (extras[n] ?? 0);
    return { variantId, locationId, quantity, ...(valueMinor !== undefined && { valueMinor }) };
  });
  await post(tx, 'receive', { id, at: now, ...(actorId !== undefined && { actorId }) }, lines);
  if (purchaseId !== undefined) await noteArrival(tx, purchaseId, lines, now);
}

/** Nothing more is expected of it, whatever is missing. */
export async function closePurchase(tx: Tx, purchaseId: string, now: Date): Promise<void> {
  const closed = await own(tx)
    .updateTable('inventory.purchase')
    .set((eb) => ({ closed_at: eb.fn.coalesce('closed_at', eb.val(now)) }))
    .where('id', '=', purchaseId)
    .returning('id')
    .executeTakeFirst();
  if (!closed) throw inventoryErrors.purchase_not_found({ purchaseId });
}

/** False for a delivery that was taken in before. */
async function noteReceipt(tx: Tx, delivery: Delivery, now: Date): Promise<boolean> {
  const { id, purchaseId, locationId, freightMinor = 0, dutyMinor = 0 } = delivery;
  const told = delivery.lines.map(({ variantId, quantity, unitCostMinor = null }) => ({
    variantId,
    quantity,
    unitCostMinor,
  }));
  const made = await own(tx)
    .insertInto('inventory.receipt')
    .values({
      id,
      purchase_id: purchaseId ?? null,
      location_id: locationId,
      freight_minor: freightMinor,
      duty_minor: dutyMinor,
      received_at: now,
      lines: JSON.stringify(told),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return true;
  const known = await own(tx)
    .selectFrom('inventory.receipt')
    .select([
      'purchase_id as purchaseId',
      'location_id as locationId',
      'freight_minor as freightMinor',
      'duty_minor as dutyMinor',
      'lines',
    ])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const again = { purchaseId: purchaseId ?? null, locationId, freightMinor, dutyMinor, lines: told };
  if (!isDeepStrictEqual(known, again)) throw inventoryErrors.delivery_differs({ deliveryId: id });
  return false;
}

async function lockPurchase(tx: Tx, purchaseId: string) {
  const found = await own(tx)
    .selectFrom('inventory.purchase')
    .select('closed_at as closedAt')
    .where('id', '=', purchaseId)
    .forUpdate()
    .executeTakeFirst();
  if (!found) throw inventoryErrors.purchase_not_found({ purchaseId });
  return purchaseLines(tx, purchaseId);
}

const purchaseLines = (tx: Tx, purchaseId: string) =>
  own(tx)
    .selectFrom('inventory.purchase_line')
    .select(['variant_id as variantId', 'quantity', 'unit_cost_minor as unitCostMinor'])
    .where('purchase_id', '=', purchaseId)
    .orderBy('variant_id')
    .execute();

/** A purchase of which everything has come closes by itself. */
async function noteArrival(
  tx: Tx,
  purchaseId: string,
  lines: readonly StockLine[],
  now: Date,
): Promise<void> {
  assert(lines.length > 0);
  await sql`
    update inventory.purchase_line as line set received_quantity = received_quantity + came.quantity
    from (
      select variant_id, sum(quantity)::integer as quantity
      from unnest(${lines.map(({ variantId }) => variantId)}::uuid[], ${lines.map(({ quantity }) => quantity)}::integer[])
        as came (variant_id, quantity) group by variant_id
    ) as came
    where line.purchase_id = ${purchaseId} and line.variant_id = came.variant_id`.execute(tx);
  await sql`
    update inventory.purchase set closed_at = ${now} where id = ${purchaseId} and closed_at is null and not exists (
      select from inventory.purchase_line where purchase_id = ${purchaseId} and received_quantity < quantity)`.execute(
    tx,
  );
}
