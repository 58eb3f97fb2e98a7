import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What became of a line's units. */
export interface LineUnits {
  lineId: string;
  sku: string | null;
  cancelled: number;
  shipped: number;
  returned: number;
}

/** What a provider, or an account of ours, was asked for. */
export interface AskedOperation {
  id: string;
  provider: string;
  kind: 'authorize' | 'capture' | 'void' | 'refund' | 'cancel';
  amountMinor: number;
  state: 'pending' | 'done' | 'refused';
  askedAt: Date;
  settledAt: Date | null;
  providerRef: string;
  reason: string;
}

export interface OrderPart {
  id: string;
  place: string;
  state: string;
  units: number;
  leavesOn: string;
  promisedTo: string;
  carrier: string | null;
  parcels: { trackingNumber: string | null; trackingUrl: string | null }[];
}

export interface OrderCredit {
  kind: 'regional' | 'fulfilment' | 'associate';
  /** The location or the associate; null for what no territory claims. */
  name: string | null;
  amountMinor: number;
}

export interface OrderDetail {
  units: LineUnits[];
  operations: AskedOperation[];
  parts: OrderPart[];
  credits: OrderCredit[];
  customerId: string | null;
  regionName: string;
  /** Who helped the buyer; null for nobody, and for an associate who was erased. */
  associateName: string | null;
}

/** What the modules know of an order beside the order itself; undefined where there is none. */
export async function orderDetail(reads: Db, orderId: string): Promise<OrderDetail | undefined> {
  const { rows: found } = await sql<Pick<OrderDetail, 'customerId' | 'regionName' | 'associateName'>>`
    select customer_id as "customerId", region.name as "regionName", associate.name as "associateName"
    from orders.order o join market.region on region.code = region_code
    left join identity.member associate on associate.id = o.associate_id where o.id = ${orderId}`.execute(
    reads,
  );
  const [head] = found;
  if (!head) return undefined;
  const [units, operations, parts, credits] = await Promise.all([
    unitsOf(reads, orderId),
    operationsOf(reads, orderId),
    partsOf(reads, orderId),
    creditsOf(reads, orderId),
  ]);
  return { ...head, units, operations, parts, credits };
}

async function unitsOf(reads: Db, orderId: string): Promise<LineUnits[]> {
  const { rows } = await sql<LineUnits>`
    select line.id as "lineId", sku,
      (select coalesce(sum(quantity), 0)::integer from orders.cancellation_line where order_line_id = line.id) as cancelled,
      (select coalesce(sum(quantity), 0)::integer from orders.shipped_line where order_line_id = line.id) as shipped,
      (select coalesce(sum(back.quantity), 0)::integer
        from orders.return join orders.return_line back on return_id = "return".id
        where "return".order_id = line.order_id and back.order_line_id = line.id) as returned
    from orders.order_line line left join catalog.variant on variant.id = variant_id
    where line.order_id = ${orderId} order by line.position`.execute(reads);
  return rows;
}

async function operationsOf(reads: Db, orderId: string): Promise<AskedOperation[]> {
  const { rows } = await sql<AskedOperation>`
    select operation.id, provider, operation.kind, operation.amount_minor as "amountMinor", operation.state,
      asked_at as "askedAt", settled_at as "settledAt", coalesce(said.ref, payment.provider_ref, '') as "providerRef",
      coalesce(said.reason, '') as reason
    from payments.payment join payments.operation on payment_id = payment.id
    left join lateral (
      select max(entry.provider_ref) as ref, max(reason) as reason from payments.entry
      where entry.payment_id = payment.id and operation_id = operation.id
    ) as said on true
    where order_id = ${orderId} order by asked_at, operation.id`.execute(reads);
  return rows;
}

async function partsOf(reads: Db, orderId: string): Promise<OrderPart[]> {
  const { rows } = await sql<OrderPart>`
    select part.id, place.name as place, part.state, leaves_on as "leavesOn", part.promised_to as "promisedTo",
      shipment.carrier,
      (select coalesce(sum(remaining), 0)::integer from fulfilment.fulfilment_order_line
        where fulfilment_order_id = part.id) as units,
      (select coalesce(json_agg(json_build_object('trackingNumber', tracking_number, 'trackingUrl', tracking_url)
          order by position), '[]') from fulfilment.parcel where shipment_id = shipment.id) as parcels
    from fulfilment.fulfilment_order part join inventory.location place on place.id = location_id
    left join fulfilment.shipment on fulfilment_order_id = part.id and shipment.state <> 'failed'
    where part.order_id = ${orderId} order by assigned_at, part.id`.execute(reads);
  return rows;
}

async function creditsOf(reads: Db, orderId: string): Promise<OrderCredit[]> {
  const { rows } = await sql<OrderCredit>`
    select credit.kind, coalesce(place.name, member.name) as name, sum(amount_minor)::bigint as "amountMinor"
    from market.sale_credit credit
    left join inventory.location place on place.id = location_id
    left join identity.member on member.id = associate_id
    where sale_id = ${orderId}
    group by credit.kind, location_id, associate_id, place.name, member.name
    order by credit.kind, name nulls last`.execute(reads);
  return rows;
}
