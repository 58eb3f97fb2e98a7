import { sql } from 'kysely';
import { fulfilmentUnfillable } from '#events/fulfilment.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { emit } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import { inventoryErrors, lockLevels, post, reserve, settle } from '../inventory/index.ts';
import {
  cartOfOrder,
  type DeliveryWay,
  deliveryWay,
  type Order,
  readOrder,
  transitOf,
} from '../orders/index.ts';
import {
  assign,
  type Assignment,
  pickupRoute,
  type Route,
  routeFor,
  type WantedLine,
  windowOf,
  withdraw,
} from '../routing/index.ts';
import { own } from './own.ts';
import { openEach, type OrderUnits } from './take-order.ts';

/** Why units go elsewhere. `id` names all that follows from it. */
export interface Cause {
  id: string;
  reason: string;
  at: Date;
  actorId?: string;
}

/** Where units were allocated that are to come from elsewhere. */
export interface Origin {
  fulfilmentOrderId: string;
  locationId: string;
}

const ATTEMPTS_MAX = 10;

/**
 * Between our look at the stock and our hold others may take the units: then we look again, and each such round means
 * that somebody else was served.
 */
export async function brokering<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(db, work);
    } catch (error) {
      const isTaken = error instanceof AppError && error.code === inventoryErrors.insufficient_stock.code;
      if (!isTaken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/** Another route for units of an order, by which the locations `without` are not asked. */
export async function anotherRoute(
  tx: Tx,
  orderId: string,
  units: readonly OrderUnits[],
  at: Date,
  without: ReadonlySet<string>,
): Promise<{ order: Order; route: Route }> {
  const order = await readOrder(tx, orderId);
  const { pickupLocationId, deliveryCode, regionCode } = order;
  const unitId = await cartOfOrder(tx, orderId);
  if (pickupLocationId !== null && deliveryCode !== null) {
    const tried = unitId === undefined ? undefined : { unitId, regionCode };
    const asked = { at, without, tried, transit: await deliveryWay(tx, deliveryCode) };
    const route = await pickupRoute(tx, byVariant(units), pickupLocationId, asked);
    if (route) return { order, route };
  }
  return { order, route: await routeFor(tx, byVariant(units), regionCode, at, { without, unitId }) };
}

/**
 * Moves the allocation of units from where they were to where the route finds them. What nobody can give waits as
 * unfillable. `correct` books what was found at the old place, between the locks and the release.
 */
export async function moveUnits(
  tx: Tx,
  { order, route }: { order: Order; route: Route },
  units: readonly OrderUnits[],
  { cause, origin, correct }: { cause: Cause; origin?: Origin; correct?: () => Promise<void> },
): Promise<void> {
  const targets = route.parts.flatMap(({ locationId, lines }) =>
    lines.map((line) => ({ ...line, locationId })),
  );
  if (origin) {
    const { locationId } = origin;
    const sources = byVariant(units).map((line) => ({ ...line, locationId }));
    await lockLevels(tx, [...sources, ...targets]);
    await correct?.();
    await post(tx, 'deallocate', cause, sources);
    await withdraw(
      tx,
      { id: cause.id, assignmentId: origin.fulfilmentOrderId, at: cause.at },
      byVariant(units),
    );
  }
  if (targets.length > 0) {
    const reservationId = idOf('fulfilment:reservation', cause.id);
    await reserve(tx, reservationId, cause.at, targets);
    await settle(tx, reservationId, 'allocate');
    const way = order.deliveryCode === null ? undefined : await deliveryWay(tx, order.deliveryCode);
    const assignments = assignmentsOf(route, cause.id, way);
    const { ruleSetVersion, reasons } = route;
    await assign(tx, { orderId: order.id, ruleSetVersion, reasons, at: cause.at }, assignments);
    await openEach(tx, [{ order, wanted: units, assignments }], { at: cause.at });
  }
  await leaveUnfillable(tx, order.id, unitsLeft(units, targets), cause);
}

/** Units that nobody can give wait, and whoever can tell the buyer or find some hears of it. */
export async function leaveUnfillable(
  tx: Tx,
  orderId: string,
  units: readonly OrderUnits[],
  { id, reason, at }: Cause,
): Promise<void> {
  if (units.length === 0) return;
  const rows = units.map(({ orderLineId, variantId, quantity }) => ({
    id: idOf('fulfilment:unfillable', `${id}:${orderLineId}`),
    order_id: orderId,
    order_line_id: orderLineId,
    variant_id: variantId,
    quantity,
    reason,
    since: at,
  }));
  await own(tx).insertInto('fulfilment.unfillable').values(rows).execute();
  const lines = units.map(({ orderLineId: lineId, variantId, quantity }) => ({
    lineId,
    variantId,
    quantity,
  }));
  await emit(tx, fulfilmentUnfillable, { orderId, lines, reason, occurredAt: at.toISOString() });
}

/** The parts of a route as a cause assigns them, each with the window of its own parcel. */
export function assignmentsOf({ parts }: Route, causeId: string, way: DeliveryWay | undefined): Assignment[] {
  const transit = way ? transitOf(way) : NO_TRANSIT;
  return parts.flatMap((part) => {
    const promise = windowOf({ parts: [part], unfilled: [] }, transit);
    const { locationId, lines, leavesOn } = part;
    const id = idOf('fulfilment:assignment', `${causeId}:${locationId}`);
    return promise ? [{ id, locationId, lines, leavesOn, ...promise }] : [];
  });
}

const NO_TRANSIT = { transitDaysMin: 0, transitDaysMax: 0 };

/** The locations of an order that rejected some of it, or let it expire. */
export const whoSaidNo = async (tx: Tx, orderId: string): Promise<Set<string>> =>
  (await whoSaidNoEach(tx, [orderId])).get(orderId) ?? new Set();

/**
 * The same of many orders, by their ids. Where goods have come to a place, it is left out if it had none when it said no: the
 * news of its goods may be that it has just given them back.
 */
export async function whoSaidNoEach(
  tx: Tx,
  orderIds: readonly string[],
  goodsAt?: string,
): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ orderId: string; locationId: string; hadGoods: boolean }>`
    select order_id as "orderId", location_id as "locationId",
      bool_or(state = 'expired' or coalesce(reason, 'other') = 'other') as "hadGoods"
    from fulfilment.fulfilment_order as part
    left join fulfilment.rejection on rejection.fulfilment_order_id = part.id
    left join fulfilment.rejection_line on rejection_id = rejection.id
    where order_id = any(${orderIds}::uuid[]) and (state in ('rejected', 'expired') or rejection.id is not null)
    group by 1, 2`.execute(tx);
  const saidNo = new Map<string, Set<string>>();
  for (const { orderId, locationId, hadGoods } of rows)
    if (hadGoods || locationId !== goodsAt)
      saidNo.set(orderId, (saidNo.get(orderId) ?? new Set()).add(locationId));
  return saidNo;
}

export function byVariant(units: readonly OrderUnits[]): WantedLine[] {
  const summed = new Map<string, number>();
  for (const { variantId, quantity } of units) summed.set(variantId, quantity + (summed.get(variantId) ?? 0));
  return [...summed].map(([variantId, quantity]) => ({ variantId, quantity }));
}

/** What the targets do not give: dealt out in the order in which `openEach` deals out what they do. */
export function unitsLeft(units: readonly OrderUnits[], targets: readonly WantedLine[]): OrderUnits[] {
  const given = new Map(
    byVariant(targets.map((line) => ({ ...line, orderLineId: '' }))).map(({ variantId, quantity }) => [
      variantId,
      quantity,
    ]),
  );
  return units.flatMap((line) => {
    const taken = Math.min(line.quantity, given.get(line.variantId) ?? 0);
    given.set(line.variantId, (given.get(line.variantId) ?? 0) - taken);
    return line.quantity > taken ? [{ ...line, quantity: line.quantity - taken }] : [];
  });
}
