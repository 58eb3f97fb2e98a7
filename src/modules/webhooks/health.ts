import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** How an endpoint took what was sent to it in an hour. */
export interface EndpointHour {
  endpointId: string;
  tried: number;
  failed: number;
}

export async function triesOfHour(db: Db, from: Date, until: Date): Promise<EndpointHour[]> {
  const { rows } = await sql<EndpointHour>`
    select endpoint_id as "endpointId", count(*)::integer as tried,
      count(*) filter (where status is null or status not between 200 and 299)::integer as failed
    from webhooks.attempt join webhooks.delivery on delivery.id = delivery_id
    where tried_at >= ${from} and tried_at < ${until} group by 1 order by 1`.execute(db);
  return rows;
}
