import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A fulfilment order that its location has to work on. */
export interface PickedOrder {
  id: string;
  orderNumber: string;
  state: 'assigned' | 'accepted' | 'picked' | 'packed';
  units: number;
  /** YYYY-MM-DD, as are the others. */
  leavesOn: string;
  promisedTo: string;
  assignedAt: Date;
  /** Where its buyer collects it; null: it goes to their door. */
  collectedAt: string | null;
}

interface Question {
  locationId: string;
  after: { day: string; at: Date; id: string } | undefined;
  limit: number;
}

/** What a location has to pick, pack and send, by the day for which it is promised. */
export async function pickQueue(reads: Db, { locationId, after, limit }: Question): Promise<PickedOrder[]> {
  const { day = null, at = null, id = null } = after ?? {};
  const { rows } = await sql<PickedOrder>`
    select each.id, o.number as "orderNumber", each.state, leaves_on as "leavesOn",
      each.promised_to as "promisedTo", assigned_at as "assignedAt", store.name as "collectedAt",
      (select coalesce(sum(remaining), 0)::integer from fulfilment.fulfilment_order_line line
        where line.fulfilment_order_id = each.id) as units
    from fulfilment.fulfilment_order each
    join orders.order o on o.id = each.order_id
    left join inventory.location store on store.id = each.pickup_location_id
    where each.location_id = ${locationId} and each.state in ('assigned', 'accepted', 'picked', 'packed')
      and (${id}::uuid is null
        or (each.promised_to, assigned_at, each.id) > (${day}::date, ${at}::timestamptz, ${id}::uuid))
    order by each.promised_to, assigned_at, each.id limit ${limit}`.execute(reads);
  return rows;
}
