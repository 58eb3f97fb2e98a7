import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export interface OrderDelays {
  day: string;
  /** More than one location could have sent a part of it. */
  hadChoice: boolean;
  /** Orders that have come, or whose promise is over. */
  due: number;
  late: number;
}

/**
 * Of the orders of each day that were sent, how many came after what the buyer was told first, by whether the rules had a choice when
 * they were placed. What several places send came when its last part did.
 */
export async function orderDelays(
  reads: Db,
  { from, to, now, timeZone }: { from: string; to: string; now: Date; timeZone: string },
): Promise<OrderDelays[]> {
  const { rows } = await sql<OrderDelays>`
    with routed as (
      select part.order_id, min((part.placed_at at time zone ${timeZone})::date) as day,
        bool_or((assignment.reasons ->> 'askedCount')::integer > 1) as had_choice
      from fulfilment.fulfilment_order part
      join routing.assignment on assignment.id = part.id
      where part.is_first and part.placed_at >= ${from}::date::timestamp at time zone ${timeZone}
        and part.placed_at < (${to}::date + 1)::timestamp at time zone ${timeZone}
      group by part.order_id
    ), came as (
      select routed.*,
        bool_or((coalesce(part.delivered_at, ${now}) at time zone 'UTC')::date > part.first_promised_to) as is_late,
        bool_and(part.delivered_at is not null) as has_arrived
      from routed join fulfilment.fulfilment_order part on part.order_id = routed.order_id
      join orders.order o on o.id = routed.order_id
      where part.state not in ('cancelled', 'rejected', 'expired') and o.pickup_location_id is null
      group by routed.order_id, routed.day, routed.had_choice
    )
    select day::text as day, had_choice as "hadChoice", count(*)::integer as due,
      (count(*) filter (where is_late))::integer as late
    from came where has_arrived or is_late
    group by 1, 2 order by 1, 2`.execute(reads);
  return rows;
}
