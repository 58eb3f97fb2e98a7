import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** The states in which a fulfilment order still waits for somebody, in the order in which it goes through them. */
export const OPEN_STATES = [
  'waiting',
  'assigned',
  'accepted',
  'picked',
  'packed',
  'shipped',
  'ready',
] as const;
export type OpenState = (typeof OPEN_STATES)[number];

/** How many fulfilment orders wait at a location, by state. */
export interface Queue extends Record<OpenState, number> {
  locationCode: string;
  locationName: string;
}

export async function fulfilmentQueues(reads: Db): Promise<Queue[]> {
  const { rows } = await sql<Queue>`
    select place.code as "locationCode", place.name as "locationName",
      ${sql.join(
        OPEN_STATES.map(
          (state) => sql`count(*) filter (where state = ${state})::integer as ${sql.ref(state)}`,
        ),
      )}
    from fulfilment.fulfilment_order each join inventory.location place on place.id = each.location_id
    where state in ('waiting', 'assigned', 'accepted', 'picked', 'packed', 'shipped')
    group by place.id order by place.name, place.code`.execute(reads);
  return rows;
}

export interface QueuedOrder {
  id: string;
  orderNumber: string;
  locationName: string;
  state: OpenState;
  units: number;
  leavesOn: string;
  promisedTo: string;
  assignedAt: Date;
}

/** What waits, at a location and in a state where they are named; what waits longest first. */
export async function queuedOrders(
  reads: Db,
  {
    location,
    state,
    after,
    limit,
  }: {
    location: string | undefined;
    state: OpenState | undefined;
    after: { at: Date; id: string } | undefined;
    limit: number;
  },
): Promise<QueuedOrder[]> {
  const states = state === undefined ? OPEN_STATES : [state];
  const { rows } = await sql<QueuedOrder>`
    select each.id, o.number as "orderNumber", place.name as "locationName", each.state, leaves_on as "leavesOn",
      each.promised_to as "promisedTo", assigned_at as "assignedAt",
      (select sum(remaining)::integer from fulfilment.fulfilment_order_line line
        where line.fulfilment_order_id = each.id) as units
    from fulfilment.fulfilment_order each
    join inventory.location place on place.id = each.location_id
    join orders.order o on o.id = each.order_id
    where each.state = any(${states}::fulfilment.order_state[])
      and (${location ?? null}::text is null or place.code = ${location ?? null})
      and (${after?.at ?? null}::timestamptz is null or (assigned_at, each.id) > (${after?.at ?? null}, ${after?.id ?? null}::uuid))
    order by assigned_at, each.id limit ${limit}`.execute(reads);
  return rows;
}

export interface PickedGoods {
  variantId: string;
  sku: string;
  title: string;
  options: string[];
  units: number;
  /** For which orders, with how many units each. */
  orders: { number: string; units: number }[];
}

/** What is to be taken from the shelves of a location for all orders it has accepted, by SKU. */
export async function pickList(reads: Db, location: string): Promise<PickedGoods[]> {
  const { rows } = await sql<PickedGoods>`
    select v.id as "variantId", v.sku, p.title, v.option_values as options, sum(remaining)::integer as units,
      json_agg(json_build_object('number', o.number, 'units', remaining) order by assigned_at, each.id) as orders
    from fulfilment.fulfilment_order each
    join inventory.location place on place.id = each.location_id
    join fulfilment.fulfilment_order_line line on line.fulfilment_order_id = each.id and remaining > 0
    join orders.order o on o.id = each.order_id
    join catalog.variant v on v.id = line.variant_id
    join catalog.product p on p.id = v.product_id
    where each.state = 'accepted' and place.code = ${location}
    group by v.id, p.title order by v.sku`.execute(reads);
  return rows;
}

export interface WaitingUnits {
  id: string;
  orderNumber: string;
  sku: string;
  title: string;
  quantity: number;
  reason: string;
  since: Date;
}

/** Units that no location could give, those first that wait longest. */
export async function waitingUnits(reads: Db, limit: number): Promise<WaitingUnits[]> {
  const { rows } = await sql<WaitingUnits>`
    select w.id, o.number as "orderNumber", v.sku, p.title, w.quantity, w.reason, w.since
    from fulfilment.unfillable w
    join orders.order o on o.id = w.order_id
    join catalog.variant v on v.id = w.variant_id
    join catalog.product p on p.id = v.product_id
    where w.resolved_at is null order by w.since, w.id limit ${limit}`.execute(reads);
  return rows;
}
