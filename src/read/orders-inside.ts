import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

interface Question {
  /** The region, with all that lies in it. */
  regionCode: string;
  since: Date;
  /** [from, to) in the order of characters; none: wherever in the region. */
  postcodes: readonly { from: string; to: string }[] | undefined;
  /** Counting ends there. */
  max: number;
}

/** How many orders since a day went to addresses of a region, and to these postcodes where some are named. */
export async function ordersInside(reads: Db, question: Question): Promise<number> {
  const { regionCode, since, postcodes, max } = question;
  const ranges = postcodes ?? [];
  const { rows } = await sql<{ count: number }>`
    with recursive inside as (
      select ${regionCode}::text as code
      union all
      select region.code from market.region join inside on region.parent_code = inside.code
    )
    select count(*)::integer as count from (
      select from orders.order o
      where o.region_code = any(array(select code from inside)) and o.placed_at >= ${since}
        and (${postcodes === undefined} or exists (
          select from orders.order_address address
          join unnest(${ranges.map(({ from }) => from)}::text[], ${ranges.map(({ to }) => to)}::text[])
            as asked (first, beyond)
            on upper(regexp_replace(postcode, '[\\s-]', '', 'g')) collate "C" >= first collate "C"
            and upper(regexp_replace(postcode, '[\\s-]', '', 'g')) collate "C" < beyond collate "C"
          where address.order_id = o.id
        ))
      limit ${max}
    ) found`.execute(reads);
  return rows[0]?.count ?? 0;
}
