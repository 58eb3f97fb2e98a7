import { type RawBuilder, sql } from 'kysely';
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
  /** Postcodes, or their first parts, as postcodes are compared: of addresses that begin with one of them. */
  beginnings?: readonly string[] | undefined;
  /** Counting of orders ends there. */
  max: number;
}

/** How many orders went to regions since a day, and their net sales; of addresses with these postcodes, where some are named. */
export async function regionSales(reads: Db, question: Question): Promise<RegionSales> {
  const { regionCodes, since, max } = question;
  const goesThere = addressesOf(question);
  const isThere = (orderId: RawBuilder<unknown>) =>
    goesThere
      ? sql`exists (select from orders.order_address address where address.order_id = ${orderId} and ${goesThere})`
      : sql`true`;
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

const PLAIN = sql`upper(regexp_replace(address.postcode, '[\\s-]', '', 'g')) collate "C"`;

/** What holds of an address with the postcodes that are asked for; undefined where all are. */
function addressesOf({ postcodes, beginnings }: Question): RawBuilder<unknown> | undefined {
  if (postcodes) {
    return sql`exists (
      select from unnest(${postcodes.map(({ from }) => from)}::text[], ${postcodes.map(({ to }) => to)}::text[])
        as asked (first, beyond)
      where ${PLAIN} >= first collate "C" and ${PLAIN} < beyond collate "C")`;
  }
  if (!beginnings) return undefined;
  // By their lengths each address is looked up in a set, however many there are.
  const lengths = [...new Set(beginnings.map(({ length }) => length))];
  const of = (length: number) => beginnings.filter((each) => each.length === length);
  return sql`(${sql.join(
    [sql`false`, ...lengths.map((length) => sql`left(${PLAIN}, ${length}) = any(${of(length)}::text[])`)],
    sql` or `,
  )})`;
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
