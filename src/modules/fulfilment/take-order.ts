import { sql } from 'kysely';
import { addDays } from '#platform/days.ts';
import type { Tx } from '#platform/db.ts';
import type { Told } from '#platform/events.ts';
import { withSettings } from '#platform/settings.ts';
import { type OrderToSend, readOrder } from '../orders/index.ts';
import { ACCEPT_HOURS, type Assignment, rulesInForce } from '../routing/index.ts';
import { lookForGoods } from './serve-waiting.ts';

/** Units of an order's line. */
export interface OrderUnits {
  orderLineId: string;
  variantId: string;
  quantity: number;
}

/** Subscriber. */
export async function takeOrders(tx: Tx, told: readonly Told<{ orderId: string }>[]): Promise<void> {
  const settled = await withSettings(tx);
  for (const { payload } of told) await takeOrder(settled, payload.orderId);
}

/** One fulfilment order for each location's part of a new order, or of one that waits for nothing any more. */
export async function takeOrder(tx: Tx, orderId: string, now: Date = new Date()): Promise<void> {
  const order = await readOrder(tx, orderId);
  const { inExchange } = order;
  if (inExchange && !inExchange.releasedAt) return;
  const wanted = order.lines.flatMap(({ id, variantId, quantity }) =>
    variantId === null ? [] : [{ orderLineId: id, variantId, quantity }],
  );
  const assignments = order.assignments.map((part) => later(part, inExchange?.waitedDays ?? 0));
  // What it waited before is in no location's time.
  const at = inExchange?.releasedAt ?? order.placedAt;
  await openEach(tx, [{ order, wanted, assignments }], { at, isFirst: true });
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

/** Parts of an order that are to be opened. `wanted` says to which lines of the order the assigned units belong. */
export interface Opening {
  order: OrderToSend;
  wanted: readonly OrderUnits[];
  assignments: readonly Assignment[];
}

/** Opens a fulfilment order for each assignment, under its id: a repeat opens none. */
export async function openEach(
  tx: Tx,
  openings: readonly Opening[],
  { at, isFirst = false }: { at: Date; isFirst?: boolean },
): Promise<void> {
  const parts = openings.flatMap(({ order, assignments }) =>
    assignments.map((part) => ({
      ...part,
      orderId: order.id,
      pickupLocationId: order.pickupLocationId,
      lines: undefined, // those are rows of their own
      waitsIn: part.goodsOn ? order.reservationId : null,
      firstPromisedFrom: order.promisedFrom ?? part.promisedFrom,
      firstPromisedTo: order.promisedTo ?? part.promisedTo,
      placedAt: isFirst ? at : order.placedAt,
      regionCode: order.regionCode,
      touchpoint: order.touchpoint,
      currency: order.currency,
    })),
  );
  if (parts.length === 0) return;
  const lines = openings.flatMap(({ assignments, wanted }) => linesOf(assignments, wanted));
  const { rules } = await rulesInForce(tx);
  const acceptBy = new Date(at.getTime() + (rules.acceptWithinHours ?? ACCEPT_HOURS) * 3_600_000);
  // Lines and first step are those of what was opened here: of what stood already, nothing is written again.
  await sql`
    with opened as (
      insert into fulfilment.fulfilment_order (id, order_id, location_id, pickup_location_id, state, waits_in, goods_on,
        leaves_on, first_promised_from, first_promised_to, promised_from, promised_to, accept_by, is_first, placed_at,
        assigned_at, region_code, touchpoint, currency)
      select id, "orderId", "locationId", "pickupLocationId",
        (case when "goodsOn" is null then 'assigned' else 'waiting' end)::fulfilment.order_state, "waitsIn", "goodsOn",
        "leavesOn", "firstPromisedFrom", "firstPromisedTo", "promisedFrom", "promisedTo", ${acceptBy}, ${isFirst},
        "placedAt", ${at}, "regionCode", touchpoint, currency
      from json_to_recordset(${JSON.stringify(parts)}) as part (id uuid, "orderId" uuid, "locationId" uuid,
        "pickupLocationId" uuid, "waitsIn" uuid, "goodsOn" date, "leavesOn" date, "firstPromisedFrom" date,
        "firstPromisedTo" date, "promisedFrom" date, "promisedTo" date, "placedAt" timestamptz, "regionCode" text,
        touchpoint platform.touchpoint, currency text)
      on conflict (id) do nothing
      returning id, state
    ), lines as (
      insert into fulfilment.fulfilment_order_line (fulfilment_order_id, order_line_id, variant_id, quantity)
      select opened.id, "orderLineId", "variantId", quantity
      from json_to_recordset(${JSON.stringify(lines)}) as line (id uuid, "orderLineId" uuid, "variantId" uuid,
        quantity integer)
      join opened using (id)
    )
    insert into fulfilment.step (id, fulfilment_order_id, state, taken_at) select id, id, state, ${at} from opened`.execute(
    tx,
  );
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
        return [{ id, orderLineId: line.orderLineId, variantId, quantity: units }];
      });
    }),
  );
}
