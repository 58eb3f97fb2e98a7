import { sql } from 'kysely';

/** What can happen to a return, a claim or an exchange of an order. */
export const RETURN_HAPPENINGS = [
  'return_requested',
  'claim_requested',
  'return_approved',
  'claim_approved',
  'return_refused',
  'claim_refused',
  'return_received',
  'return_inspected',
  'returned',
  'exchange_ordered',
  'exchange_of',
  'exchange_released',
  'exchange_ended',
  'exchange_charged',
  'return_closed',
  'claim_closed',
  'return_cancelled',
  'claim_cancelled',
  'return_requested_sent',
  'return_approved_sent',
  'return_refused_sent',
  'return_refunded_sent',
] as const;

/** Each step of a return or claim by whoever took it; of an exchange both orders tell. */
export const returnHappenings = (orderId: string) => sql`
  select taken_at as at, request.kind || '_' || step.state as kind, actor, jsonb_strip_nulls(case step.state
    when 'requested' then asked.facts
    when 'received' then jsonb_build_object('place', place.name)
    when 'inspected' then jsonb_build_object('restocked', found.restock, 'damaged', found.damage, 'refused', found.refuse)
    else '{}'::jsonb end || jsonb_build_object('returnId', request.id)) as facts
  from orders.return_request request join orders.return_step step on step.request_id = request.id
  left join inventory.location place on place.id = location_id
  cross join lateral (
    select jsonb_build_object('touchpoint', request.touchpoint, 'units', sum(quantity),
      'whyBack', case when count(distinct reason) = 1 then min(reason::text) end) as facts
    from orders.return_request_line where request_id = request.id) as asked
  cross join lateral (
    select sum(quantity) filter (where outcome = 'restock') as restock,
      sum(quantity) filter (where outcome = 'damage') as damage,
      sum(quantity) filter (where outcome = 'refuse') as refuse
    from orders.return_inspection where request_id = request.id) as found
  where request.order_id = ${orderId}
  union all
  select returned_at, 'returned', coalesce((select actor from payments.reduction where id = each.id), 'guest'),
    jsonb_build_object('number', number, 'amountMinor', total_minor)
  from orders.return each where order_id = ${orderId}
  union all
  select moment.at, moment.kind, moment.actor, jsonb_strip_nulls(jsonb_build_object('returnId', swap.request_id,
    'number', case when moment.kind in ('exchange_ordered', 'exchange_of') then
      case when wanted.id = ${orderId} then bought.number else wanted.number end end))
  from orders.exchange swap join orders.return_request request on request.id = swap.request_id
  join orders.order wanted on wanted.id = swap.order_id join orders.order bought on bought.id = request.order_id
  cross join lateral (
    select placed_at as at, case when wanted.id = ${orderId} then 'exchange_of' else 'exchange_ordered' end as kind,
      (select actor from orders.return_step where request_id = swap.request_id order by position limit 1) as actor
    from orders.order where id = wanted.id
    union all
    select swap.released_at, 'exchange_released', 'system' where swap.released_at is not null
    union all
    select audit.at, action, actor from identity.audit
    where subject = 'return:' || swap.request_id and action in ('exchange_ended', 'exchange_charged')
  ) as moment
  where wanted.id = ${orderId} or bought.id = ${orderId}
  union all
  select sent_at, 'return_' || about || '_sent', 'system', jsonb_build_object('returnId', request.id)
  from orders.return_request request join orders.return_mail mail on mail.request_id = request.id
  where order_id = ${orderId} and sent_at is not null`;
