import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What went to a part of the marketplace in a time. */
export interface RegionSales {
  orders: number;
  /** Net sales, what came back taken off, by currency. */
  net: { currency: string; amountMinor: number }[];
}

interface Question {
  regionCodes: readonly string[];
  /** The first business day. */
  since: string;
  /** [from, to) in the order of characters; none: wherever in these regions. */
  postcodes?: readonly { from: string; to: string }[] | undefined;
  /** Counting of orders ends there. */
  max: number;
}

/** How many orders went to regions since a day, and their net sales; of addresses with these postcodes, where some are named. */
export async function regionSales(reads: Db, question: Question): Promise<RegionSales> {
  const { regionCodes, since, postcodes, max } = question;
  const ranges = postcodes ?? [];
  const isThere = (orderId: ReturnType<typeof sql>) =>
    postcodes === undefined
      ? sql`true`
      : sql`exists (
          select from orders.order_address address
          join unnest(${ranges.map(({ from }) => from)}::text[], ${ranges.map(({ to }) => to)}::text[])
            as asked (first, beyond)
            on upper(regexp_replace(postcode, '[\\s-]', '', 'g')) collate "C" >= first collate "C"
            and upper(regexp_replace(postcode, '[\\s-]', '', 'g')) collate "C" < beyond collate "C"
          where address.order_id = ${orderId}
        )`;
  const { rows: counted } = await sql<{ orders: number }>`
    select count(*)::integer as orders from (
      select from orders."order" o
      where region_code = any(${regionCodes}::text[]) and business_day >= ${since} and ${isThere(sql`o.id`)}
        and placed_at >= ${since}::date - 1
      limit ${max}
    ) as found`.execute(reads);
  const { rows: net } = await sql<RegionSales['net'][number]>`
    select currency, sum(amount_minor)::bigint as "amountMinor" from market.sale_credit credit
    where region_code = any(${regionCodes}::text[]) and business_day >= ${since} and kind = 'regional'
      and ${isThere(sql`credit.sale_id`)}
    group by currency order by currency`.execute(reads);
  return { orders: counted[0]?.orders ?? 0, net };
}

/** A region and all that lies in it. */
export async function regionsInside(reads: Db, regionCode: string): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive inside as (
      select ${regionCode}::text as code
      union all
      select region.code from market.region join inside on region.parent_code = inside.code
    ) select code from inside`.execute(reads);
  return rows.map(({ code }) => code);
}

/** A region and what lies in it but has no stores of its own on a day: what goes along when it is given to others. */
export async function regionsGivenWith(reads: Db, regionCode: string, day: string): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive given as (
      select ${regionCode}::text as code
      union all
      select region.code from market.region join given on region.parent_code = given.code
      where not exists (
        select from market.territory join market.territory_store on territory_id = territory.id
        where region_code = region.code and starts_on <= ${day} and (ends_on is null or ends_on > ${day})
      )
    ) select code from given`.execute(reads);
  return rows.map(({ code }) => code);
}
