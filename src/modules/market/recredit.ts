import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { HoldersAt } from './credits.ts';
import { settleSales } from './settle-credits.ts';

const SALES_MAX = 500;

/** Asks for all sales of a region, from a day on, to be credited anew: a territory changed. */
export async function askToRecredit(tx: Tx, regionCode: string, fromDay: string, now: Date): Promise<void> {
  await sql`
    insert into market.recrediting (id, region_code, from_day, asked_at)
    values (${newId(now.getTime())}, ${regionCode}, ${fromDay}, ${now})`.execute(tx);
}

interface Recrediting {
  id: string;
  regionCode: string;
  day: string;
  sale: string;
}

/**
 * Credits the next sales of the oldest request anew, a day after the other. False when nobody asks. The caller holds
 * the follower's lock, so that no sale is credited for the first time meanwhile.
 */
export async function recreditSome(tx: Tx, holdersAt: HoldersAt): Promise<boolean> {
  const { rows } = await sql<Recrediting>`
    select id, region_code as "regionCode", coalesce(day_reached, from_day) as day, sale_reached as sale
    from market.recrediting where finished_at is null order by asked_at, id limit 1`.execute(tx);
  const [due] = rows;
  if (!due) return false;
  const regions = await regionsBelow(tx, due.regionCode);
  const day = await nextDay(tx, regions, due);
  if (day === undefined) {
    await sql`update market.recrediting set finished_at = now() where id = ${due.id}`.execute(tx);
    return true;
  }
  const { rows: sales } = await sql<{ id: string }>`
    select distinct sale_id as id from market.sale_credit
    where region_code = any(${regions}) and business_day = ${day}
      and sale_id > ${day === due.day ? due.sale : NO_SALE}
    order by sale_id limit ${SALES_MAX}`.execute(tx);
  const ids = sales.map(({ id }) => id);
  const corrected = await settleSales(tx, ids, [], holdersAt, due.id);
  await sql`
    update market.recrediting
    set day_reached = ${day}, sale_reached = ${ids.at(-1) ?? LAST_SALE}, corrected = corrected + ${corrected}
    where id = ${due.id}`.execute(tx);
  return true;
}

const NO_SALE = '00000000-0000-0000-0000-000000000000';
const LAST_SALE = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The first day that has a sale of these regions beyond where the request has come. */
async function nextDay(tx: Tx, regions: string[], { day, sale }: Recrediting): Promise<string | undefined> {
  const { rows } = await sql<{ day: string }>`
    select min(first.business_day) as day
    from unnest(${regions}::text[]) as region (code)
    cross join lateral (
      select business_day from market.sale_credit
      where region_code = region.code and (business_day, sale_id) > (${day}::date, ${sale}::uuid)
      order by business_day, sale_id limit 1
    ) as first`.execute(tx);
  return rows[0]?.day ?? undefined;
}

/** The region and all that lie in it. */
async function regionsBelow(tx: Tx, code: string): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive below as (
      select ${code}::text as code
      union all
      select region.code from market.region join below on region.parent_code = below.code
    ) select code from below`.execute(tx);
  return rows.map((row) => row.code);
}
