import { addDays } from '#platform/days.ts';
import type { Tx } from '#platform/db.ts';
import { type Order, readOrder } from '../orders/index.ts';
import { ACCEPT_HOURS, type Assignment, rulesInForce } from '../routing/index.ts';
import { own } from './own.ts';
import { lookForGoods } from './serve-waiting.ts';

/** Units of an order's line. */
export interface OrderUnits {
  orderLineId: string;
  variantId: string;
  quantity: number;
}

/** Subscriber: one fulfilment order for each location's part of a new order, or of one that waits for nothing any more. */
export async function takeOrder(tx: Tx, orderId: string, now: Date = new Date()): Promise<void> {
  const order = await readOrder(tx, orderId);
  const { inExchange } = order;
  if (inExchange && !inExchange.releasedAt) return;
  const wanted = order.lines.flatMap(({ id, variantId, quantity }) =>
    variantId === null ? [] : [{ orderLineId: id, variantId, quantity }],
  );
  const assignments = order.assignments.map((part) => later(part, inExchange?.waitedDays ?? 0));
  await openFulfilmentOrders(tx, order, wanted, {
    assignments,
    // What it waited before is in no location's time.
    at: inExchange?.releasedAt ?? order.placedAt,
    isFirst: true,
  });
  await lookForGoods(tx, order, assignments, now);
}

/** What it waited for other goods was not its locations' to hasten. */
const later = (part: Assignment, days: number): Assignment =>
  days === 0
    ? part
    : {
        ...part,
        leavesOn: addDays(part.leavesOn, days),
        promisedFrom: addDays(part.promisedFrom, days),
        promisedTo: addDays(part.promisedTo, days),
      };

/**
 * Opens a fulfilment order for each assignment, under its id: a repeat opens none. `wanted` says to which lines of the
 * order the assigned units belong.
 */
export async function openFulfilmentOrders(
  tx: Tx,
  order: Order,
  wanted: readonly OrderUnits[],
  { assignments, at, isFirst = false }: { assignments: readonly Assignment[]; at: Date; isFirst?: boolean },
): Promise<void> {
  if (assignments.length === 0) return;
  const { rules } = await rulesInForce(tx);
  const acceptBy = new Date(at.getTime() + (rules.acceptWithinHours ?? ACCEPT_HOURS) * 3_600_000);
  const rows = assignments.map((assignment) => ({
    id: assignment.id,
    order_id: order.id,
    location_id: assignment.locationId,
    pickup_location_id: order.pickupLocationId,
    leaves_on: assignment.leavesOn,
    first_promised_from: order.promisedFrom ?? assignment.promisedFrom,
    first_promised_to: order.promisedTo ?? assignment.promisedTo,
    promised_from: assignment.promisedFrom,
    promised_to: assignment.promisedTo,
    ...(assignment.goodsOn && {
      state: 'waiting' as const,
      waits_in: order.reservationId,
      goods_on: assignment.goodsOn,
    }),
    accept_by: acceptBy,
    is_first: isFirst,
    placed_at: isFirst ? at : order.placedAt,
    assigned_at: at,
  }));
  const opened = await own(tx)
    .insertInto('fulfilment.fulfilment_order')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  if (opened.length === 0) return;
  await own(tx).insertInto('fulfilment.fulfilment_order_line').values(linesOf(assignments, wanted)).execute();
  const steps = rows.map(({ id, ...row }) => ({
    id,
    fulfilment_order_id: id,
    state: 'state' in row ? row.state : ('assigned' as const),
    taken_at: at,
  }));
  await own(tx).insertInto('fulfilment.step').values(steps).execute();
}

/** An assignment knows variants; which lines of the order its units are for is dealt out in their order. */
function linesOf(assignments: readonly Assignment[], wanted: readonly OrderUnits[]) {
  const open = wanted.map((line) => ({ ...line }));
  return assignments.flatMap(({ id, lines }) =>
    lines.flatMap(({ variantId, quantity }) => {
      let left = quantity;
      return open.flatMap((line) => {
        const units = line.variantId === variantId ? Math.min(left, line.quantity) : 0;
        if (units === 0) return [];
        left -= units;
        line.quantity -= units;
        const { orderLineId: order_line_id } = line;
        return [{ fulfilment_order_id: id, order_line_id, variant_id: variantId, quantity: units }];
      });
    }),
  );
}
