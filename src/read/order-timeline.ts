import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { RETURN_HAPPENINGS, returnHappenings } from './return-happenings.ts';

/** What can happen to an order, as the modules' ledgers tell it. */
export const ORDER_HAPPENINGS = [
  'placed',
  'authorized',
  'captured',
  'voided',
  'refunded',
  'failed',
  'given_back',
  'assigned',
  'brokered_again',
  'waiting',
  'promise_moved',
  'accepted',
  'picked',
  'packed',
  'expired',
  'part_cancelled',
  'rejected',
  'unfillable',
  'found',
  'carrier_refused',
  'shipped',
  'in_transit',
  'out_for_delivery',
  'delivery_failed',
  'parcel_returned',
  'delivered',
  'ready',
  'collected',
  'not_collected',
  'cancelled',
  ...RETURN_HAPPENINGS,
  'receipt_sent',
  'receipt_sent_again',
  'cancellation_sent',
  'shipment_sent',
  'promise_sent',
] as const;
export type OrderHappening = (typeof ORDER_HAPPENINGS)[number];

export interface TimelineFacts {
  place?: string;
  units?: number;
  sku?: string;
  reason?: string;
  note?: string;
  amountMinor?: number;
  provider?: string;
  touchpoint?: string;
  carrier?: string;
  tracking?: string;
  detail?: string;
  number?: string;
  /** Of a return or a claim: its page, why it comes back, and what was found of it. */
  returnId?: string;
  whyBack?: string;
  restocked?: number;
  damaged?: number;
  refused?: number;
  /** Of a new promise: YYYY-MM-DD. */
  promisedTo?: string;
  /** Of an assignment: by which rules, how many locations were asked, and what this one weighed among them. */
  rules?: number;
  asked?: number;
  rank?: number;
  score?: number;
  distanceKm?: number;
}

export interface TimelineEntry {
  at: Date;
  kind: OrderHappening;
  /** Who did it: the shop's own work, the buyer, or staff and their machines by name. */
  by: 'system' | 'buyer' | 'staff';
  /** Null for what nobody of staff did, and for who has been erased. */
  actorName: string | null;
  facts: TimelineFacts;
}

/** Everything that happened to an order and who did it, from the ledgers of the modules, the oldest first. */
export async function orderTimeline(reads: Db, orderId: string): Promise<TimelineEntry[]> {
  const { rows } = await sql<TimelineEntry>`
    with happened (at, kind, actor, facts) as (
      ${MONEY(orderId)} union all ${ASSIGNED(orderId)} union all ${WORKED(orderId)}
      union all ${SENT(orderId)} union all ${CANCELLED(orderId)} union all ${returnHappenings(orderId)}
      union all ${MAILED(orderId)}
    ), buyer as (
      select 'member:' || member_id as actor from orders.order o
      join identity.customer on customer.id = o.customer_id where o.id = ${orderId}
    )
    select at, kind, facts,
      case when actor = 'guest' or actor in (select actor from buyer) then 'buyer'
        when actor = 'system' then 'system' else 'staff' end as by,
      case when actor not in (select actor from buyer where actor is not null) then coalesce(member.name, key.name) end
        as "actorName"
    from happened
    left join identity.member on actor = 'member:' || member.id and member.erased_at is null
    left join identity.api_key key on actor = 'machine:' || key.id
    order by at, array_position(${ORDER_HAPPENINGS}::text[], kind)`.execute(reads);
  return rows;
}

/** Fulfilment names a member or a key by the bare id. */
const WHO = sql`coalesce(
  (select 'machine:' || id from identity.api_key where id = actor_id), 'member:' || actor_id, 'system')`;

const MONEY = (orderId: string) => sql`
  select placed_at as at, 'placed' as kind, 'guest' as actor,
    jsonb_build_object('touchpoint', touchpoint, 'amountMinor', total_minor) as facts
  from orders.order where id = ${orderId}
  union all
  select occurred_at, entry.kind::text, 'system',
    jsonb_build_object('amountMinor', entry.amount_minor, 'provider', provider, 'reason', reason)
  from payments.payment join payments.entry on payment_id = payment.id where order_id = ${orderId}
  union all
  select occurred_at, 'given_back', actor, jsonb_build_object('amountMinor', amount_minor, 'reason', reason)
  from payments.reduction where order_id = ${orderId}
    and not exists (select from orders.cancellation where cancellation.id = reduction.id)
    and not exists (select from orders.return where "return".id = reduction.id)`;

const ASSIGNED = (orderId: string) => sql`
  select each.assigned_at, case when part.is_first is false then 'brokered_again' else 'assigned' end, 'system',
    jsonb_strip_nulls(jsonb_build_object('place', place.name, 'rules', rule_set_version,
      'units', (select sum(quantity) from routing.assignment_line where assignment_id = each.id),
      'asked', reasons -> 'askedCount', 'rank', chosen.rank, 'score', chosen.weighed -> 'score',
      'distanceKm', chosen.weighed -> 'distanceKm'))
  from routing.assignment each join inventory.location place on place.id = location_id
  left join fulfilment.fulfilment_order part on part.id = each.id
  left join lateral (
    select weighed, rank from jsonb_array_elements(reasons -> 'asked') with ordinality as asked (weighed, rank)
    where weighed ->> 'locationId' = each.location_id::text limit 1
  ) as chosen on true
  where each.order_id = ${orderId}`;

const WORKED = (orderId: string) => sql`
  select taken_at, case step.state when 'cancelled' then 'part_cancelled' else step.state::text end, ${WHO},
    jsonb_build_object('place', place.name, 'note', note)
  from fulfilment.fulfilment_order part join fulfilment.step on fulfilment_order_id = part.id
  join inventory.location place on place.id = case
    when step.state in ('ready', 'collected', 'not_collected') then pickup_location_id else location_id end
  where order_id = ${orderId} and step.state in
    ('waiting', 'accepted', 'picked', 'packed', 'ready', 'collected', 'not_collected', 'expired', 'cancelled')
  union all
  select moved_at, 'promise_moved', 'system',
    jsonb_build_object('place', place.name, 'promisedTo', move.promised_to, 'reason', reason)
  from fulfilment.promise_move move join fulfilment.fulfilment_order part on part.id = fulfilment_order_id
  join inventory.location place on place.id = location_id
  where move.order_id = ${orderId}
  union all
  select rejected_at, 'rejected', ${WHO},
    jsonb_build_object('place', place.name, 'units', line.quantity, 'sku', sku, 'reason', line.reason, 'note', note)
  from fulfilment.fulfilment_order part join fulfilment.rejection on fulfilment_order_id = part.id
  join fulfilment.rejection_line line on rejection_id = rejection.id
  join catalog.variant on variant.id = variant_id join inventory.location place on place.id = location_id
  where order_id = ${orderId}
  union all
  select moment.at, moment.kind, 'system', jsonb_build_object('units', quantity, 'sku', sku, 'reason', reason)
  from fulfilment.unfillable join catalog.variant on variant.id = variant_id
  cross join lateral (values (since, 'unfillable'), (resolved_at, 'found')) as moment (at, kind)
  where order_id = ${orderId} and moment.at is not null`;

const SENT = (orderId: string) => sql`
  select coalesce(shipped_at, asked_at), case when state = 'failed' then 'carrier_refused' else 'shipped' end, ${WHO},
    jsonb_build_object('place', place.name, 'carrier', carrier, 'reason', fault, 'tracking', (
      select coalesce(string_agg(tracking_number, ', ' order by position), '') from fulfilment.parcel
      where shipment_id = shipment.id))
  from fulfilment.shipment join inventory.location place on place.id = location_id
  where order_id = ${orderId} and (shipped_at is not null or state = 'failed')
  union all
  select delivered_at, 'delivered', 'system', jsonb_build_object('carrier', carrier)
  from fulfilment.shipment where order_id = ${orderId} and delivered_at is not null
  union all
  select occurred_at, case event.kind when 'failed' then 'delivery_failed' when 'returned' then 'parcel_returned'
      else event.kind::text end, 'system',
    jsonb_build_object('carrier', event.carrier, 'detail', detail)
  from fulfilment.shipment join fulfilment.delivery_event event on event.shipment_id = shipment.id
  where order_id = ${orderId} and event.kind <> 'delivered'`;

const CANCELLED = (orderId: string) => sql`
  select cancelled_at, 'cancelled', actor, jsonb_build_object('amountMinor', total_minor, 'reason', reason, 'units', (
    select coalesce(sum(line.quantity), 0) from orders.cancellation_line line
    join orders.order_line sold on sold.id = order_line_id and sold.kind = 'goods'
    where cancellation_id = cancellation.id))
  from orders.cancellation where order_id = ${orderId}`;

const MAILED = (orderId: string) => sql`
  select sent_at, 'receipt_sent', 'system', '{}'::jsonb from orders.receipt
  where order_id = ${orderId} and sent_at is not null
  union all
  select sent_at, 'receipt_sent_again', actor, '{}'::jsonb from orders.receipt_again
  where order_id = ${orderId} and sent_at is not null
  union all
  select sent_at, 'cancellation_sent', 'system', '{}'::jsonb
  from orders.cancellation join orders.cancellation_mail on cancellation_id = cancellation.id
  where order_id = ${orderId} and sent_at is not null
  union all
  select sent_at, 'shipment_sent', 'system', '{}'::jsonb
  from fulfilment.shipment join fulfilment.notice on shipment_id = shipment.id
  where order_id = ${orderId} and sent_at is not null
  union all
  select sent_at, 'promise_sent', 'system', '{}'::jsonb
  from fulfilment.promise_notice where order_id = ${orderId} and sent_at is not null`;
