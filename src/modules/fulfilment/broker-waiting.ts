import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { addJob } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { withSettings } from '#platform/settings.ts';
import { allocateEach, availabilityOf, inventoryErrors } from '../inventory/index.ts';
import { type HeldOrder, holdOrders, waysOf } from '../orders/index.ts';
import {
  assignEach,
  type Route,
  routeEach,
  type RoutingMoment,
  readAnew,
  routingMoment,
} from '../routing/index.ts';
import {
  assignmentsOf,
  brokering,
  byVariant,
  leaveUnfillable,
  unitsLeft,
  whoSaidNoEach,
} from './broker-again.ts';
import { own } from './own.ts';
import { type Opening, openEach, type OrderUnits } from './take-order.ts';
import { tryAgain } from './unfillable.ts';

export const BROKER_WAITING = 'fulfilment.broker_waiting';

/** Whose units are looked for: all that wait, or those that wait for goods that have come to a place. */
const Asked = Type.Object({
  /** Waiting since then or before: who begins to wait meanwhile has just been looked for. */
  until: Type.String({ format: 'date-time' }),
  place: Type.Optional(Type.Object({ variantId: Type.String(), locationId: Type.String() })),
  /** Behind which of those that wait it goes on. */
  after: Type.Optional(Type.Object({ since: Type.String({ format: 'date-time' }), id: Type.String() })),
});
type Asked = Static<typeof Asked>;

/** So many are looked for in one transaction: others wait for its locks for less than a second. */
const LOT = 500;
/** Then others' jobs have their turn, and a server that is asked to stop does. */
const LOTS_OF_A_JOB = 25;

/** Subscriber: goods have come to a place. Who waits for such goods anywhere is looked for again. */
export async function queueBrokering(
  tx: Tx,
  place: { variantId: string; locationId: string },
  at: Date,
): Promise<void> {
  const waits = await own(tx)
    .selectFrom('fulfilment.unfillable')
    .select('id')
    .where('variant_id', '=', place.variantId)
    .where('resolved_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (waits) await queue(tx, { place, until: at.toISOString() }, `${place.variantId}:${place.locationId}`);
}

/** Everybody who waits is looked for again, in the background, whoever has said no to them. Answers how many wait. */
export async function brokerAllAgain(tx: Tx, at: Date): Promise<number> {
  const { count } = await own(tx)
    .selectFrom('fulfilment.unfillable')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('resolved_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (count > 0) await queue(tx, { until: at.toISOString() }, 'all');
  return count;
}

const queue = (tx: Tx, asked: Asked, key: string) =>
  addJob(tx, BROKER_WAITING, asked, `${key}:${asked.after?.id ?? ''}`);

/**
 * Job: looks for a location for units that wait for one, who has waited longest first, in lots. A lot is one transaction: one
 * that is cut short has changed nothing, and one that is done is not looked for again.
 */
export async function brokerWaiting({ db, now }: Pick<Deps, 'db' | 'now'>, payload: unknown): Promise<void> {
  const asked: Asked = Value.Parse(Asked, payload);
  let after = asked.after;
  const moment = routingMoment(now());
  for (let lot = 0; lot < LOTS_OF_A_JOB; lot++) {
    if (asked.place && !(await hasAny(db, asked.place.variantId, now()))) return;
    const last = await brokerLot(db, { ...asked, ...(after && { after }) }, moment);
    if (!last) return;
    after = last;
  }
  const key = asked.place ? `${asked.place.variantId}:${asked.place.locationId}` : 'all';
  await inTransaction(db, (tx) => queue(tx, { ...asked, ...(after && { after }) }, key));
}

const hasAny = async (db: Db, variantId: string, at: Date) =>
  ((await availabilityOf(db, [variantId], at)).get(variantId)?.available ?? 0) > 0;

interface Waiting extends OrderUnits {
  id: string;
  orderId: string;
  reason: string;
  since: string;
}

/**
 * One lot, and where the next one begins. Where somebody else takes what it was to have, it is looked at anew in smaller
 * lots, the smallest of one.
 */
async function brokerLot(db: Db, asked: Asked, moment: RoutingMoment): Promise<Asked['after']> {
  const { at } = moment;
  for (let size = LOT; size > 1; size = Math.ceil(size / 4)) {
    const lot = await nextOf(db, asked, size);
    const last = lot.at(-1);
    if (!last) return undefined;
    let isAgain = false; // a transaction that is begun anew has given nothing away
    try {
      const alone = await inTransaction(db, async (tx) => {
        if (isAgain) readAnew(moment);
        isAgain = true;
        return brokerTogether(await withSettings(tx), lot, asked, moment);
      });
      await eachAlone(db, alone, asked, at);
      return { since: last.since, id: last.id };
    } catch (error) {
      readAnew(moment);
      if (!(error instanceof AppError) || error.code !== inventoryErrors.insufficient_stock.code) throw error;
    }
  }
  const [first] = await nextOf(db, asked, 1);
  if (!first) return undefined;
  await eachAlone(db, [first.id], asked, at);
  return { since: first.since, id: first.id };
}

async function eachAlone(db: Db, ids: readonly string[], { place }: Asked, at: Date): Promise<void> {
  const without = async (tx: Tx, orderId: string) =>
    (place && (await whoSaidNoEach(tx, [orderId], place.locationId)).get(orderId)) ?? new Set<string>();
  for (const id of ids)
    await brokering(db, (tx) => tryAgain(tx, id, at, without)).catch((error: unknown) => {
      // Another has just found it, or has what was free in spite of ten looks: it is looked for with the next goods.
      if (!(error instanceof AppError)) throw error;
    });
}

async function nextOf(db: Db, { until, place, after }: Asked, limit: number): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select id, order_id as "orderId", order_line_id as "orderLineId", variant_id as "variantId", quantity, reason,
      to_json(since) #>> '{}' as since
    from fulfilment.unfillable
    where resolved_at is null and since <= ${until}::timestamptz
      ${place ? sql`and variant_id = ${place.variantId}` : sql``}
      ${after ? sql`and (since, id) > (${after.since}::timestamptz, ${after.id}::uuid)` : sql``}
    order by unfillable.since, id limit ${limit}`.execute(db);
  return rows;
}

interface Found {
  order: HeldOrder;
  units: OrderUnits[];
  route: Route;
  /** Names all that follows. */
  causeId: string;
  reason: string;
  waitingIds: string[];
}

/**
 * Answers which are to be looked for alone: what is collected in a store, which is routed to there, and what some of was
 * cancelled, since its units may be let go already.
 */
async function brokerTogether(
  tx: Tx,
  lot: readonly Waiting[],
  asked: Asked,
  moment: RoutingMoment,
): Promise<string[]> {
  const { at } = moment;
  const orders = await holdOrders(tx, [...new Set(lot.map(({ orderId }) => orderId))]);
  const isAlone = ({ orderId }: Waiting) => {
    const order = orders.get(orderId);
    return !order || order.pickupLocationId !== null || order.hasCancellations;
  };
  const still = await stillWaiting(
    tx,
    lot.filter((each) => !isAlone(each)),
  );
  const found = await routed(tx, still, { orders, asked, moment });
  const ways = await waysOf(
    tx,
    found.map(({ order }) => order.id),
  );
  const decided = found.map((each) => ({
    ...each,
    assignments: assignmentsOf(each.route, each.causeId, ways.get(each.order.id)),
  }));
  await own(tx)
    .updateTable('fulfilment.unfillable')
    .set({ resolved_at: at })
    .where('id', '=', sql<string>`any(${found.flatMap(({ waitingIds }) => waitingIds)}::uuid[])`)
    .execute();
  await allocateEach(
    tx,
    found.map(({ causeId, route }) => ({
      id: idOf('fulfilment:reservation', causeId),
      lines: route.parts.flatMap(({ locationId, lines }) => lines.map((line) => ({ ...line, locationId }))),
    })),
    at,
  );
  await assignEach(
    tx,
    decided.map(({ order, route: { ruleSetVersion, reasons }, assignments }) => ({
      orderId: order.id,
      ruleSetVersion,
      reasons,
      at,
      assignments,
    })),
  );
  const openings: Opening[] = decided.map(({ order, units, assignments }) => ({
    order,
    wanted: units,
    assignments,
  }));
  await openEach(tx, openings, { at });
  for (const { order, units, route, causeId: id, reason } of found) {
    const rest = unitsLeft(
      units,
      route.parts.flatMap(({ lines }) => lines),
    );
    await leaveUnfillable(tx, order.id, rest, { id, reason, at });
  }
  return lot.filter(isAlone).map(({ id }) => id);
}

/** Theirs are the locks on what waits, after those on the orders: nobody else finds the same units. */
async function stillWaiting(tx: Tx, lot: readonly Waiting[]): Promise<Waiting[]> {
  const { rows } = await sql<{ id: string }>`
    select id from fulfilment.unfillable where id = any(${lot.map(({ id }) => id)}::uuid[]) and resolved_at is null
    order by id for update`.execute(tx);
  const ids = new Set(rows.map(({ id }) => id));
  return lot.filter(({ id }) => ids.has(id));
}

/** Those of the lot for which somebody has something, by order, with their routes. */
async function routed(
  tx: Tx,
  lot: readonly Waiting[],
  {
    orders,
    asked: { place },
    moment,
  }: { orders: ReadonlyMap<string, HeldOrder>; asked: Asked; moment: RoutingMoment },
): Promise<Found[]> {
  const byOrder = [...Map.groupBy(lot, ({ orderId }) => orderId)].flatMap(([orderId, waiting]) => {
    const order = orders.get(orderId);
    return order ? [{ order, waiting, units: byLine(waiting) }] : [];
  });
  // Who said no is asked again where people ask for everybody.
  const orderIds = byOrder.map(({ order }) => order.id);
  const saidNo = place && (await whoSaidNoEach(tx, orderIds, place.locationId));
  const wanted = byOrder.map(({ order, units }) => ({
    lines: byVariant(units),
    regionCode: order.regionCode,
    unitId: order.cartId ?? undefined,
    without: saidNo?.get(order.id) ?? new Set<string>(),
  }));
  const routes = await routeEach(tx, wanted, moment);
  return byOrder.flatMap(({ order, waiting, units }, n) => {
    const [route, first] = [routes[n], waiting[0]];
    if (!route || !first || route.parts.length === 0) return [];
    const causeId = idOf('fulfilment:again', first.id);
    return [{ order, units, route, causeId, reason: first.reason, waitingIds: waiting.map(({ id }) => id) }];
  });
}

/** A line may wait twice: two locations have given back units of it. */
function byLine(waiting: readonly Waiting[]): OrderUnits[] {
  const units = new Map<string, OrderUnits>();
  for (const { orderLineId, variantId, quantity } of waiting) {
    const known = units.get(orderLineId)?.quantity ?? 0;
    units.set(orderLineId, { orderLineId, variantId, quantity: quantity + known });
  }
  return [...units.values()];
}
